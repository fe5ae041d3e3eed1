#pragma once
// The records of a simulation from the oldest request that has not ended to the newest, and what is told of those
// before.

#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>

#include "serving/scheduler.h"
#include "serving/simulation.h"

namespace plumb::serving {

/// Thread rule: at() of different requests may be used by different threads while nothing else is called.
class RequestLog {
 public:
  RequestLog(const CompiledDeployment& deployment, const SimulationOptions& options, Outcome& outcome)
      : deployment_(deployment),
        scheduler_(make_scheduler(deployment.deployment.engine.scheduler)),
        options_(options),
        outcome_(outcome),
        shares_(scheduler_->reuses_prefixes() && deployment.deployment.engine.enable_prefix_caching &&
                can_cache_prefixes(deployment.cache)) {}

  /// Makes room for the outcome's records where it is known how many come.
  void expect(const workload::RequestSource& source);
  /// Opens the record of the next request and returns its number. One that is rejected has ended.
  std::int64_t open(const workload::Request& request, Rejection rejection, std::size_t replica);
  RequestRecord& at(std::int64_t number) { return records_[static_cast<std::size_t>(number - first_)]; }
  /// Whether and why it cannot be served.
  Rejection rejection(const workload::Request& request) const {
    if (request.prompt_tokens + request.output_tokens > deployment_.max_model_len) return Rejection::too_long;
    const bool serves = scheduler_->serves(deployment_, request.prompt_tokens, request.output_tokens);
    return serves ? Rejection::none : Rejection::never_fits;
  }
  /// The sequence that an engine receives for the request that was opened last.
  Sequence sequence_of(const workload::Request& request, std::int64_t number, Time arrival);
  /// Passes on the records at the front that have ended, or all.
  void flush(bool all = false);
  /// Duration of the outcome; after flush(true).
  double duration_s() const;

 private:
  const CompiledDeployment& deployment_;
  std::unique_ptr<Scheduler> scheduler_;
  const SimulationOptions& options_;
  Outcome& outcome_;
  bool shares_;  ///< whether anything is made of what prompts have in common
  std::unordered_map<std::int64_t, PromptContent> contents_;  ///< of the requests that share something, by number
  std::deque<RequestRecord> records_;
  std::int64_t first_ = 0;
  double first_arrival_s_ = never_s, last_finish_s_ = 0.0;
};

}  // namespace plumb::serving
