#include "serving/token_rate.h"

#include <algorithm>

namespace plumb::serving {
namespace {

std::int64_t second_of(Time time) { return static_cast<std::int64_t>(time.ticks() >> 64); }

}  // namespace

void TokenRate::add(const StepRun& run) {
  const std::int64_t tokens = run.sums.sampled_sequences;
  if (tokens == 0) return;
  for (std::int64_t done = 0; done < run.ramp.steps;) {
    const std::int64_t second = second_of(run.start + run.ramp.length(done + 1));
    const Time next_second = Time::of_ticks(static_cast<Int128>(second + 1) << 64);
    // Steps that end before the next second; the one that ends at its beginning belongs to it.
    const std::int64_t reached = run.ramp.steps_until(next_second - run.start);
    const bool all = run.start + run.ramp.length(reached) < next_second;
    const std::int64_t within = all ? run.ramp.steps : reached - 1;
    add(second, tokens * (within - done));
    done = within;
  }
}

void TokenRate::add(std::int64_t second, std::int64_t tokens) {
  if (seconds_.empty() || seconds_.back().first != second) seconds_.emplace_back(second, 0);
  seconds_.back().second += tokens;
}

void TokenRate::merge(const TokenRate& other) {
  std::vector<std::pair<std::int64_t, std::int64_t>> both;
  both.reserve(seconds_.size() + other.seconds_.size());
  std::merge(seconds_.begin(), seconds_.end(), other.seconds_.begin(), other.seconds_.end(), std::back_inserter(both));
  seconds_.clear();
  for (const auto& [second, tokens] : both) add(second, tokens);
}

std::int64_t TokenRate::tokens_per_s_max() const {
  std::int64_t most = 0;
  for (const auto& [second, tokens] : seconds_) most = std::max(most, tokens);
  return most;
}

}  // namespace plumb::serving
