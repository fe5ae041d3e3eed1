#include "validation/request_count.h"

#include <algorithm>
#include <cmath>

#include "validation/run_plan.h"

namespace plumb::validation {
namespace {

constexpr std::int64_t most = 6000;

std::int64_t offline_count(double tokens) {
  if (tokens <= 300.0) return most;
  return tokens <= 3000.0 ? 3000 : 1500;
}

std::int64_t closed_loop_count(std::int64_t clients) {
  constexpr std::int64_t each = 10, least_each = 4, enough = 2000;
  return std::max(std::min(each * clients, enough), least_each * clients);
}

std::int64_t rate_count(double rate_per_s) {
  constexpr double seconds = 300.0, least = 300.0, enough = 3000.0;
  return std::llround(std::clamp(rate_per_s * seconds, least, enough));
}

}  // namespace

std::int64_t request_count(const LoadPlan& load, std::optional<std::int64_t> stated) {
  if (stated) return std::clamp<std::int64_t>(*stated, 1, most);
  switch (load.scenario) {
    case Scenario::offline: return offline_count(load.prompts.mean + load.outputs.mean);
    case Scenario::closed_loop: return closed_loop_count(load.concurrency);
    case Scenario::rate: return rate_count(load.rate_per_s);
    default: return std::max<std::int64_t>(load.requests, 1);
  }
}

}  // namespace plumb::validation
