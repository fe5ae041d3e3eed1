#include "report/histogram.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <utility>

namespace plumb::report {

Histogram::Histogram(std::vector<double> bounds) : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {
  assert(std::all_of(bounds_.begin(), bounds_.end(), [](double bound) { return std::isfinite(bound); }) &&
         "bounds are finite");
  assert(std::adjacent_find(bounds_.begin(), bounds_.end(), std::greater_equal<>()) == bounds_.end() &&
         "bounds ascend");
}

void Histogram::add(double value, std::int64_t times) {
  assert(!std::isnan(value) && times >= 0 && "a number, counted");
  if (times == 0) return;  // infinity, counted no times, is no part of the sum
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  counts_[static_cast<std::size_t>(bound - bounds_.begin())] += times;
  count_ += times;
  sum_ += value * static_cast<double>(times);
}

void Histogram::merge(const Histogram& other) {
  assert(bounds_ == other.bounds_ && "histograms of other bounds do not add up");
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
}

}  // namespace plumb::report
