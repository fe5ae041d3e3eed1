#pragma once
// Sessions of turns: people who read an answer, think, and write again. Every turn's prompt carries the conversation so
// far, so that most of it can be found in a prefix cache: a companion's memory.
//
// The prompt of a turn, from its first token:
//
//   system prompt | memory | kept turns, each its new tokens and its output | new tokens of this turn
//   shared with     of the   the oldest are dropped when the prompt
//   sessions        session  would be longer than max_prompt_tokens
//
// While nothing is dropped, a turn's prompt is the previous turn's prompt and output, and its new tokens after them:
// history_tokens is all of the previous context. Where turns are dropped, what follows the memory moves forward and has
// other tokens before it. A token's keys and values depend on everything before it, so no cache of the moved tokens is
// of any use: history_tokens ends with the memory. From the next turn on the shorter conversation is repeated again.
//
// A closed loop: a turn arrives when the answer to the turn before it has ended and the think time has passed. A
// session goes on whatever became of a request, and counts its whole output as part of the conversation.

#include <cstdint>

#include "workload/arrivals.h"
#include "workload/length_distributions.h"

namespace plumb::workload {

struct SessionOptions {
  /// When sessions start, how many of them, the seed, and what all their requests have in common.
  GeneratorOptions starts;
  Length turns = fixed_length(1);   ///< requests of a session
  TimeDistributionPtr think_time;   ///< from the end of an answer to the next message; null: none
  LengthSamplerPtr lengths;         ///< of one turn: new prompt tokens and output tokens
  Length memory = fixed_length(0);  ///< tokens of its own with which every prompt of a session starts
  std::int64_t system_prompt_tokens = 0;
  std::int64_t system_prompts = 1;      ///< different ones; a session has one of them
  double system_prompt_exponent = 0.0;  ///< of their Zipf popularity; 0: all alike
  /// Prompts that would be longer lose their oldest turns, whole, until they have at most keep_prompt_tokens. Larger:
  /// the model remembers more; steps read more cache. The new tokens, the memory and the system prompt are never cut.
  std::int64_t max_prompt_tokens = tokens_max;
  /// At most max_prompt_tokens. Smaller: turns are dropped in larger groups, so less often, and more prompts in between
  /// repeat their history; the model remembers less.
  std::int64_t keep_prompt_tokens = tokens_max;
};

/// Everything about session k is drawn from streams of its own, so it says the same whatever the system that serves it.
/// Sessions are numbered from 0 by their start, requests in the order in which they are given.
RequestSourcePtr session_requests(SessionOptions options);

}  // namespace plumb::workload
