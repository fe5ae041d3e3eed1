#include "cli/comparison_fits.h"

#include <algorithm>
#include <cmath>

#include "base/statistics.h"

namespace plumb::cli {
namespace {

/// Fewer points than this say nothing about a line.
constexpr std::size_t points_min = 8;

double median(std::vector<double> values) { return percentile(std::move(values), 50.0); }

/// Requests over which prefill shows: not queued in the simulation, and none waiting before them on the server.
std::vector<const RequestPair*> unqueued(std::span<const RequestPair> pairs, const std::vector<bool>& hits,
                                         const std::vector<std::size_t>& waiting) {
  std::vector<const RequestPair*> chosen;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!hits[i] && !pairs[i].queued() && waiting[i] == 0) chosen.push_back(&pairs[i]);
  }
  return chosen;
}

/// The times between which a request decodes.
struct Interval {
  double from_s = 0.0, to_s = 0.0;
};

/// The integral over time of how many intervals are open.
class OpenIntervals {
 public:
  explicit OpenIntervals(const std::vector<Interval>& intervals) {
    std::vector<std::pair<double, double>> changes;
    for (const Interval& interval : intervals) {
      changes.emplace_back(interval.from_s, 1.0);
      changes.emplace_back(interval.to_s, -1.0);
    }
    std::sort(changes.begin(), changes.end());
    double open = 0.0, sum = 0.0, before_s = changes.empty() ? 0.0 : changes.front().first;
    for (const auto& [time_s, change] : changes) {
      sum += open * (time_s - before_s);
      open += change;
      before_s = time_s;
      times_s_.push_back(time_s);
      sums_.push_back(sum);
      open_.push_back(open);
    }
  }

  double integral(double time_s) const {
    const auto after = std::upper_bound(times_s_.begin(), times_s_.end(), time_s);
    if (after == times_s_.begin()) return 0.0;
    const auto i = static_cast<std::size_t>(after - times_s_.begin()) - 1;
    return sums_[i] + open_[i] * (time_s - times_s_[i]);
  }

 private:
  std::vector<double> times_s_, sums_, open_;
};

/// Whether tokens take another time because another number of sequences decodes: the numbers differ the same way as the
/// times, and by a quarter more. As much is no reason: by Little's law, requests that take longer are more at once.
bool company_explains(std::span<const RequestPair> pairs, const Company& company,
                      const std::vector<std::size_t>& chosen) {
  std::vector<double> count_ratios, time_ratios;
  for (const std::size_t i : chosen) {
    count_ratios.push_back(company.measured[i] / company.simulated[i]);
    time_ratios.push_back(pairs[i].measured.decode_s() / pairs[i].simulated.decode_s());
  }
  constexpr double margin = 1.25;
  const double count = std::log(median(std::move(count_ratios))), time = std::log(median(std::move(time_ratios)));
  return count * time > 0.0 && std::abs(count) > std::abs(time) + std::log(margin);
}

}  // namespace

Trend trend_of(std::span<const double> x, std::span<const double> y) {
  const std::vector<double> xs(x.begin(), x.end());
  Trend trend;
  trend.line = robust_line(x, y);
  trend.x_low = percentile(xs, 10.0);
  trend.x_high = percentile(xs, 90.0);
  std::vector<double> rests;
  for (std::size_t i = 0; i < x.size(); ++i) rests.push_back(std::abs(y[i] - trend.line.at(x[i])));
  trend.sloped = std::abs(trend.line.slope) * (trend.x_high - trend.x_low) > median(std::move(rests));
  if (!trend.sloped) trend.line = {median({y.begin(), y.end()}), 0.0};
  return trend;
}

std::vector<bool> cache_hits(std::span<const RequestPair> pairs) {
  std::vector<bool> hits(pairs.size(), false);
  std::vector<double> ratios;
  for (const RequestPair& pair : pairs) {
    if (!pair.queued()) ratios.push_back(pair.measured.ttft_s / pair.simulated.ttft_s);
  }
  const double slow_ratio = percentile(std::move(ratios), 75.0);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const RequestPair& pair = pairs[i];
    if (pair.cached_tokens) {
      // What every server keeps of a chat template is no reason for anything.
      hits[i] = 10 * *pair.cached_tokens >= pair.prompt_tokens && pair.ttft_excess_s() < 0.0;
    } else {
      hits[i] = !pair.queued() && pair.measured.ttft_s < 0.5 * std::min(1.0, slow_ratio) * pair.prefill_s;
    }
  }
  return hits;
}

std::vector<std::size_t> waiting_at_start(std::span<const RequestPair> pairs) {
  std::vector<double> firsts;
  for (const RequestPair& pair : pairs) firsts.push_back(pair.start_s + pair.measured.ttft_s);
  std::sort(firsts.begin(), firsts.end());
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto served = std::upper_bound(firsts.begin(), firsts.end(), pairs[i].start_s) - firsts.begin();
    waiting.push_back(i - std::min(i, static_cast<std::size_t>(served)));
  }
  return waiting;
}

PrefillFit fit_prefill(std::span<const RequestPair> pairs, const std::vector<bool>& hits,
                       const std::vector<std::size_t>& waiting) {
  const std::vector<const RequestPair*> chosen = unqueued(pairs, hits, waiting);
  if (chosen.size() < points_min) return {};
  std::vector<double> prefill_s, excess_s;
  for (const RequestPair* pair : chosen) {
    prefill_s.push_back(pair->prefill_s);
    excess_s.push_back(pair->ttft_excess_s());
  }
  const Trend trend = trend_of(prefill_s, excess_s);
  const auto points = static_cast<std::int64_t>(chosen.size());
  const double prefill_median_s = median(prefill_s);
  constexpr double alike = 0.1;
  if (!trend.sloped && trend.x_high - trend.x_low < alike * prefill_median_s) {
    return {Attribution::PrefillBy::constant, trend.line.intercept / prefill_median_s, 0.0, points};
  }
  return {Attribution::PrefillBy::line, trend.line.slope, trend.line.intercept, points};
}

std::vector<double> sequences_decoding(std::span<const RequestPair> pairs, const RequestSide RequestPair::* side) {
  std::vector<Interval> intervals;
  for (const RequestPair& pair : pairs) {
    intervals.push_back({pair.start_s + (pair.*side).ttft_s, pair.start_s + (pair.*side).e2e_s});
  }
  const OpenIntervals open(intervals);
  std::vector<double> means;
  for (const Interval& interval : intervals) {
    const double span_s = interval.to_s - interval.from_s;
    means.push_back(span_s > 0.0 ? (open.integral(interval.to_s) - open.integral(interval.from_s)) / span_s : 1.0);
  }
  return means;
}

Company company_of(std::span<const RequestPair> pairs, bool start_times) {
  Company company;
  company.simulated = sequences_decoding(pairs, &RequestPair::simulated);
  company.measured = start_times ? sequences_decoding(pairs, &RequestPair::measured) : company.simulated;
  return company;
}

DecodeFit fit_decode(std::span<const RequestPair> pairs, const Company& company) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const bool steady = pairs[i].preemptions == 0 && !pairs[i].stalled;
    if (steady && pairs[i].output_tokens > 1 && pairs[i].simulated.decode_s() > 0.0) chosen.push_back(i);
  }
  DecodeFit fit;
  std::vector<double> excess, counts;
  for (const std::size_t i : chosen) {
    excess.push_back(pairs[i].measured.decode_s() / pairs[i].simulated.decode_s() - 1.0);
    counts.push_back(company.measured[i]);
  }
  fit.low = percentile(counts, 10.0);
  fit.high = percentile(counts, 90.0);
  if (chosen.size() < points_min) {
    fit.excess = median(std::move(excess));
    return fit;
  }
  fit.company = company_explains(pairs, company, chosen);
  const Trend trend = trend_of(counts, excess);
  fit.excess = trend.line.at(fit.low);
  fit.growth = trend.line.slope;
  return fit;
}

double tpot_excess(std::span<const RequestPair> pairs) {
  std::vector<double> excess;
  for (const RequestPair& pair : pairs) {
    if (pair.simulated.decode_s() > 0.0) excess.push_back(pair.measured.decode_s() / pair.simulated.decode_s() - 1.0);
  }
  return median(std::move(excess));
}

}  // namespace plumb::cli
