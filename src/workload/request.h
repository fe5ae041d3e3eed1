#pragma once
// Requests, and where they come from. Knows nothing of hardware.

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"

namespace plumb::workload {

/// When what does not happen happens.
inline constexpr double never_s = std::numeric_limits<double>::infinity();

/// No request of any system is longer. The bound keeps sums of lengths over a billion requests in 64 bits.
inline constexpr std::int64_t tokens_max = 1'000'000'000;

/// What two prompts have in common is told in one of two ways: by `prefix_hashes`, block by block, as traces have it;
/// or, where those are empty, by lengths: `shared_prefix_tokens` and `history_tokens`. Both lengths count from the
/// first token of the prompt and neither exceeds prompt_tokens.
struct Request {
  std::int64_t id = 0;  ///< position in its source, from 0
  double arrival_s = 0.0;
  std::int64_t prompt_tokens = 0;            ///< at least 1
  std::int64_t output_tokens = 0;            ///< at least 1
  std::int64_t session = -1;                 ///< requests of one conversation share it; -1 is none
  std::vector<std::uint64_t> prefix_hashes;  ///< of the prompt's blocks (Mooncake's hash_ids); equal means same content
  /// So many leading tokens of the prompt are those of the context (prompt, then output) of the session's previous
  /// turn, which is the request of that session given last before this one: all of that context, or its beginning.
  /// 0 on a first turn. A shared prefix is part of it, being at the start of both.
  std::int64_t history_tokens = 0;
  /// Turns of a session that go on from one another have the same number: the id of the first of them. A turn that
  /// repeats no more of its session than a shared prefix begins a context of its own. -1 where there is no session.
  std::int64_t context = -1;
  /// The prompt starts with `shared_prefix_tokens` tokens, such as a system prompt, that are the same in every request
  /// with this number, whatever its session; -1 and 0 are none. All requests with a number have one length of it.
  std::int64_t shared_prefix = -1;
  std::int64_t shared_prefix_tokens = 0;
  int priority = 0;  ///< lower is served sooner, as vLLM's `priority`
  // Counted from arrival. A request is of no use once its deadline has passed, but it runs on; at cancel_s the client
  // goes away, and what is not finished by then is cancelled.
  double deadline_s = never_s;
  double cancel_s = never_s;
};

/// A stream of requests in order of arrival. Thread rule: one thread at a time.
///
/// In an open loop requests come when they come, whatever becomes of those before: next() until it gives nothing.
///
/// In a closed loop requests wait for the end of others: a turn for the answer to the turn before it, a client for a
/// free place. Whoever simulates then keeps to this:
///   1. next_arrival_s() may be asked at any time, also before the first next(): when the next request that is known
///      so far arrives. It is infinite where none is known, and never less than the arrival of the request given last.
///   2. finished(id, time_s) is called exactly once for each request that next() gave, at its end, however it ended
///      (completed, rejected, cancelled). Ends are told in order of time, and none is before its request's arrival. It
///      may bring requests; none of them arrives before time_s. So next_arrival_s() may fall, but not below time_s.
///   3. next() is called when next_arrival_s() is finite and every end before that time has been told. It gives the
///      request with exactly that arrival. An end at the very time of the next arrival may be told before or after it.
///      Where next_arrival_s() is infinite next() gives nothing, and more may come still.
///   4. The loop is over when next_arrival_s() is infinite and every request that was given has ended. It may be left
///      at any time.
///   5. Where the input is wrong, next_arrival_s() is finite and next() gives the error; nothing follows it.
/// The order of calls decides what is given, so equal runs get equal requests.
class RequestSource {
 public:
  virtual ~RequestSource() = default;
  /// The next request, nothing at the end (of a closed loop: now), or what is wrong with the input and where.
  [[nodiscard]] virtual Result<std::optional<Request>> next() = 0;

  /// How many requests there are at most, where that is known before they are given; else 0.
  virtual std::int64_t count_max() const { return 0; }

  virtual bool closed_loop() const { return false; }
  /// Of a closed loop only; an open one is not asked and answers infinity.
  virtual double next_arrival_s() const { return never_s; }
  /// Of a closed loop only; an open one does not mind being told.
  virtual void finished(std::int64_t id, double time_s) {
    static_cast<void>(id);
    static_cast<void>(time_s);
  }
};

using RequestSourcePtr = std::unique_ptr<RequestSource>;

/// Lengths of one request.
struct Lengths {
  std::int64_t prompt_tokens = 0;
  std::int64_t output_tokens = 0;
};

}  // namespace plumb::workload
