#include "workload/measured_stalls.h"

#include <algorithm>

#include "base/statistics.h"

namespace plumb::workload {
namespace {

/// When tokens of one request came out, from the first on.
struct TokenTimes {
  std::vector<double> times_s;
  double gap_begin_s = 0.0, gap_end_s = 0.0;  ///< of the longest gap

  bool decodes_at(double time_s) const {
    return !times_s.empty() && times_s.front() <= time_s && times_s.back() >= time_s;
  }
  double count_within(double begin_s, double end_s) const {
    const auto from = std::upper_bound(times_s.begin(), times_s.end(), begin_s);
    return static_cast<double>(std::lower_bound(from, times_s.end(), end_s) - from);
  }
};

TokenTimes times_of(const MeasuredRequest& request) {
  TokenTimes times;
  if (!request.completed || request.gaps_s.empty()) return times;
  times.times_s.push_back(request.start_s + request.ttft_s);
  double longest_s = -1.0;
  for (const double gap_s : request.gaps_s) {
    times.times_s.push_back(times.times_s.back() + gap_s);
    if (gap_s <= longest_s) continue;
    longest_s = gap_s;
    times.gap_begin_s = times.times_s.end()[-2];
    times.gap_end_s = times.times_s.back();
  }
  return times;
}

/// Tokens that others got meanwhile, one number for each other that is looked at.
std::vector<double> tokens_of_others(const std::vector<TokenTimes>& all, std::size_t own) {
  constexpr std::size_t others_max = 16, distance_max = 512;
  const double begin_s = all[own].gap_begin_s, end_s = all[own].gap_end_s;
  std::vector<double> counts;
  const auto look = [&](std::size_t i) {
    if (counts.size() < others_max && all[i].decodes_at((begin_s + end_s) / 2.0)) {
      counts.push_back(all[i].count_within(begin_s, end_s));
    }
  };
  for (std::size_t distance = 1; distance <= distance_max && counts.size() < others_max; ++distance) {
    if (distance <= own) look(own - distance);
    if (own + distance < all.size()) look(own + distance);
  }
  return counts;
}

}  // namespace

std::vector<bool> stalled_requests(const MeasuredRun& run) {
  std::vector<bool> stalled(run.requests.size(), false);
  if (!run.start_times) return stalled;
  std::vector<TokenTimes> all;
  for (const MeasuredRequest& request : run.requests) all.push_back(times_of(request));
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].times_s.empty()) continue;
    constexpr double least = 3.0;
    stalled[i] = percentile(tokens_of_others(all, i), 50.0) >= least;
  }
  return stalled;
}

}  // namespace plumb::workload
