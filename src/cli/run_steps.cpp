#include "cli/run_steps.h"

#include <algorithm>

namespace plumb::cli {

StepRecord RunSteps::record(Time begin, Time length, std::int64_t waiting, std::int64_t cache_bytes) const {
  const serving::Deployment& spec = deployment_.deployment;
  StepRecord step;
  step.time_s = begin.seconds();
  step.duration_s = length.seconds();
  step.replica = replica();
  step.sequences = run_.sums.sequences() - run_.padding_sequences;
  step.decode_sequences = run_.sums.decode_sequences - run_.padding_sequences;
  step.prefill_tokens = run_.sums.prefill_tokens - run_.padding_prompt_tokens;
  step.tokens = run_.sums.tokens();
  step.waiting = waiting;
  step.kv_cache_usage = static_cast<double>(cache_bytes) / static_cast<double>(deployment_.cache.pool_bytes);
  step.power_w = spec.machine.power_w * spec.parallelism.ranks();
  return step;
}

StepRecord RunSteps::at(std::int64_t i) const {
  const Ramp& ramp = run_.ramp;
  const Time begin = run_.start + ramp.length(i);
  // At equal times an arrival is seen before a step that begins.
  const auto came = i == 0 ? arrivals_.begin() : std::upper_bound(arrivals_.begin(), arrivals_.end(), begin);
  const std::int64_t waiting = run_.waiting + (came - arrivals_.begin());
  StepRecord step = record(begin, ramp.first + i * ramp.growth, waiting, run_.cache_bytes_in(i));
  if (i == 0) step.preemptions = run_.preemptions;
  return step;
}

StepRecord RunSteps::whole() const {
  StepRecord step = record(run_.start, run_.ramp.length(count()), run_.waiting, run_.cache_bytes);
  step.preemptions = run_.preemptions;
  return step;
}

const std::deque<Time>& RunArrivals::during(const serving::StepRun& run, std::size_t replica) {
  std::deque<Time>& arrivals = of_[replica];
  while (!arrivals.empty() && arrivals.front() <= run.start) arrivals.pop_front();
  return arrivals;
}

}  // namespace plumb::cli
