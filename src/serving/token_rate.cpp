#include "serving/token_rate.h"

#include <algorithm>

namespace plumb::serving {
namespace {

std::int64_t second_of(Time time) { return static_cast<std::int64_t>(time.ticks() >> 64); }

}  // namespace

void TokenRate::add(const StepRun& run) {
  const std::int64_t tokens = run.tokens_out();
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

void TokenTotals::add(const TokenRate& rate) {
  Page* page = nullptr;
  std::int64_t first = 0;
  for (const auto& [second, tokens] : rate.seconds()) {
    if (page == nullptr || second >= first + page_seconds) {
      page = &pages_[second / page_seconds];
      first = second - second % page_seconds;
    }
    (*page)[static_cast<std::size_t>(second - first)] += tokens;
  }
}

std::int64_t TokenTotals::tokens_per_s_max() const {
  std::int64_t most = 0;
  for (const auto& [number, page] : pages_) most = std::max(most, *std::max_element(page.begin(), page.end()));
  return most;
}

}  // namespace plumb::serving
