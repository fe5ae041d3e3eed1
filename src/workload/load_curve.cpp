#include "workload/load_curve.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>
#include <numeric>

namespace plumb::workload {

LoadCurve::LoadCurve(std::vector<double> weights, double period_s) : weights_(std::move(weights)), period_s_(period_s) {
  assert(!weights_.empty() && period_s_ > 0.0 && std::isfinite(period_s_));
  assert(std::all_of(weights_.begin(), weights_.end(), [](double w) { return w >= 0.0 && std::isfinite(w); }));
  const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  assert(sum > 0.0 && std::isfinite(sum));
  if (std::all_of(weights_.begin(), weights_.end(), [&](double w) { return w == weights_.front(); })) return;

  // The mean of the curve is the mean of the weights: each weight's share of the linear pieces is one part.
  const auto count = static_cast<double>(weights_.size());
  const double mean = sum / count;
  const double edge = (weights_.front() + weights_.back()) / 2.0 / mean;
  knots_.push_back({0.0, edge, 0.0});
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    add_knot((static_cast<double>(i) + 0.5) * period_s_ / count, weights_[i] / mean);
  }
  add_knot(period_s_, edge);
  // A period of load is a period, whatever the rounding of the sum.
  knots_.back().load_s = period_s_;
}

void LoadCurve::add_knot(double time_s, double relative) {
  Knot& last = knots_.back();
  last.slope_per_s = (relative - last.relative) / (time_s - last.time_s);
  const double load_s = last.load_s + (time_s - last.time_s) * (last.relative + relative) / 2.0;
  knots_.push_back({time_s, relative, std::min(load_s, period_s_)});
}

template <class IsAfter>
const LoadCurve::Knot& LoadCurve::piece(IsAfter is_after) const {
  const auto after =
      std::partition_point(knots_.begin() + 1, knots_.end() - 1, [&](const Knot& k) { return !is_after(k); });
  return *std::prev(after);
}

double LoadCurve::relative(double time_s) const {
  if (knots_.empty()) return 1.0;
  const double time_in_period_s = time_s - std::floor(time_s / period_s_) * period_s_;
  const Knot& a = piece([&](const Knot& knot) { return knot.time_s > time_in_period_s; });
  const Knot& b = *(&a + 1);
  return a.relative + (b.relative - a.relative) * (time_in_period_s - a.time_s) / (b.time_s - a.time_s);
}

double LoadCurve::load_s(double time_s) const {
  if (knots_.empty()) return time_s;
  const double periods = std::floor(time_s / period_s_), time_in_period_s = time_s - periods * period_s_;
  const Knot& a = piece([&](const Knot& knot) { return knot.time_s > time_in_period_s; });
  const Knot& b = *(&a + 1);
  const double x = time_in_period_s - a.time_s;
  return periods * period_s_ + std::min(a.load_s + x * (a.relative + a.slope_per_s * x / 2.0), b.load_s);
}

double LoadCurve::time_at_load_s(double load) const {
  if (knots_.empty()) return load;
  const double load_in_period_s = load - std::floor(load / period_s_) * period_s_;
  const Knot& start = piece([&](const Knot& knot) { return knot.load_s > load_in_period_s; });
  Cursor cursor;
  cursor.piece_ = static_cast<std::size_t>(&start - knots_.data());
  return time_at_load_s(load, cursor);
}

double LoadCurve::time_at_load_s(double load, Cursor& cursor) const {
  if (knots_.empty()) return load;
  if (!(load >= cursor.low_s_ && load < cursor.high_s_)) {
    const double periods = std::floor(load / period_s_);
    cursor.start_s_ = periods * period_s_;
    // From this load up to a hair under the period's end the quotient has the same floor: it never falls as the load
    // rises, and it is rounded by less than 1e-6 for as long as there are fewer than 2^32 periods.
    cursor.low_s_ = load;
    cursor.high_s_ = std::abs(periods) < 0x1p32 ? cursor.start_s_ + period_s_ * (1.0 - 1e-6) : load;
  }
  const double load_in_period_s = load - cursor.start_s_;
  const std::size_t last = knots_.size() - 2;
  std::size_t i = std::min(cursor.piece_, last);
  if (knots_[i].load_s > load_in_period_s) i = 0;
  while (i < last && knots_[i + 1].load_s <= load_in_period_s) ++i;
  cursor.piece_ = i;
  const Knot &a = knots_[i], &b = knots_[i + 1];
  // The piece's load after x seconds is a x + s x^2 / 2. This form of its root loses no digits where s is small, and
  // takes a piece that starts at 0.
  const double wanted = load_in_period_s - a.load_s;
  const double root = std::sqrt(std::max(a.relative * a.relative + 2.0 * a.slope_per_s * wanted, 0.0));
  const double x = wanted > 0.0 ? 2.0 * wanted / (a.relative + root) : 0.0;
  return cursor.start_s_ + a.time_s + std::min(x, b.time_s - a.time_s);
}

double LoadCurve::peak_over_mean() const {
  const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  return *std::max_element(weights_.begin(), weights_.end()) * static_cast<double>(weights_.size()) / sum;
}

}  // namespace plumb::workload
