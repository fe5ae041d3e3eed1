#pragma once
// vLLM's V1 scheduler (first come, first served), as of 0.10: there is no prefill or decode phase, a step gives every
// sequence tokens until the budget of max_num_batched_tokens is spent.
//   1. Running sequences in order of admission, each with the tokens it lacks: one if it decodes; if not, the rest of
//      its prompt, or as much as the budget allows. If the cache has no room for it, the sequence admitted last is
//      preempted: its blocks are freed, what it computed is forgotten, it returns to the front of the waiting queue.
//   2. If none was preempted, waiting sequences in order, while the budget, max_num_seqs and the cache have room; the
//      last may get a chunk of its prompt only, but there must be room for all of it (scheduler_reserve_full_isl).

#include <memory>

#include "serving/scheduler.h"

namespace plumb::serving {

std::unique_ptr<Scheduler> make_vllm_v1_scheduler();

}  // namespace plumb::serving
