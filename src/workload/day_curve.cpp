#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>
#include <numeric>

#include "workload/arrivals.h"

namespace plumb::workload {
namespace {

constexpr double day_s = 86400.0;

}  // namespace

DayCurve::DayCurve(std::vector<double> weights) : weights_(std::move(weights)) {
  assert(!weights_.empty());
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
    add_knot((static_cast<double>(i) + 0.5) * day_s / count, weights_[i] / mean);
  }
  add_knot(day_s, edge);
  // A day of load is a day, whatever the rounding of the sum.
  knots_.back().load_s = day_s;
}

void DayCurve::add_knot(double time_s, double relative) {
  const Knot& last = knots_.back();
  const double load_s = last.load_s + (time_s - last.time_s) * (last.relative + relative) / 2.0;
  knots_.push_back({time_s, relative, std::min(load_s, day_s)});
}

template <class IsAfter>
const DayCurve::Knot& DayCurve::piece(IsAfter is_after) const {
  const auto after =
      std::partition_point(knots_.begin() + 1, knots_.end() - 1, [&](const Knot& k) { return !is_after(k); });
  return *std::prev(after);
}

double DayCurve::relative(double time_s) const {
  if (knots_.empty()) return 1.0;
  const double time_of_day_s = time_s - std::floor(time_s / day_s) * day_s;
  const Knot& a = piece([&](const Knot& knot) { return knot.time_s > time_of_day_s; });
  const Knot& b = *(&a + 1);
  return a.relative + (b.relative - a.relative) * (time_of_day_s - a.time_s) / (b.time_s - a.time_s);
}

double DayCurve::load_s(double time_s) const {
  if (knots_.empty()) return time_s;
  const double days = std::floor(time_s / day_s), time_of_day_s = time_s - days * day_s;
  const Knot& a = piece([&](const Knot& knot) { return knot.time_s > time_of_day_s; });
  const Knot& b = *(&a + 1);
  const double x = time_of_day_s - a.time_s, slope = (b.relative - a.relative) / (b.time_s - a.time_s);
  return days * day_s + std::min(a.load_s + x * (a.relative + slope * x / 2.0), b.load_s);
}

double DayCurve::time_at_load_s(double load) const {
  if (knots_.empty()) return load;
  const double days = std::floor(load / day_s), load_of_day_s = load - days * day_s;
  const Knot& a = piece([&](const Knot& knot) { return knot.load_s > load_of_day_s; });
  const Knot& b = *(&a + 1);
  // The piece's load after x seconds is a x + s x^2 / 2. This form of its root loses no digits where s is small, and
  // takes a piece that starts at 0.
  const double wanted = load_of_day_s - a.load_s, slope = (b.relative - a.relative) / (b.time_s - a.time_s);
  const double root = std::sqrt(std::max(a.relative * a.relative + 2.0 * slope * wanted, 0.0));
  const double x = wanted > 0.0 ? 2.0 * wanted / (a.relative + root) : 0.0;
  return days * day_s + a.time_s + std::min(x, b.time_s - a.time_s);
}

double DayCurve::peak_over_mean() const {
  const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  return *std::max_element(weights_.begin(), weights_.end()) * static_cast<double>(weights_.size()) / sum;
}

}  // namespace plumb::workload
