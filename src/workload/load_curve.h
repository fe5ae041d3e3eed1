#pragma once
// Load over a day, a week or any other period that repeats.

#include <cstddef>
#include <vector>

namespace plumb::workload {

/// Relative weights of equal parts of a period; linear between the middles of the parts and periodic. Only ratios
/// matter: the mean over a period is 1. Thread rule: immutable.
class LoadCurve {
 public:
  static constexpr double day_s = 86400.0;

  /// Always 1.
  LoadCurve() : weights_{1.0} {}
  /// At least one weight, none negative, not all zero; a period above 0.
  explicit LoadCurve(std::vector<double> weights, double period_s = day_s);

  /// Load at a time over the mean load.
  double relative(double time_s) const;
  /// Largest of the weights over their mean.
  double peak_over_mean() const;
  const std::vector<double>& weights() const { return weights_; }
  double period_s() const { return period_s_; }

  /// Load that has come by a time, in seconds of mean load: the integral of relative(). A period has a period's.
  double load_s(double time_s) const;
  /// Its inverse: when that much load has come. Where the curve is 0 for a while, the end of that while.
  double time_at_load_s(double load_s) const;

  /// Where time_at_load_s() of one curve ended. Loads that rise a little from one call to the next are found at once
  /// from there. The times are the same bits as without.
  class Cursor {
    friend class LoadCurve;
    std::size_t piece_ = 0;
    /// Loads of [low_s_, high_s_) are in the period that starts at start_s_.
    double start_s_ = 0.0, low_s_ = 0.0, high_s_ = 0.0;
  };
  double time_at_load_s(double load_s, Cursor& cursor) const;

 private:
  /// The start of a linear piece within one period, with the load from the period's start to there.
  struct Knot {
    double time_s = 0.0, relative = 0.0, load_s = 0.0;
    double slope_per_s = 0.0;  ///< of relative, up to the next knot
  };
  void add_knot(double time_s, double relative);
  /// The start of the piece whose end is the first knot that `is_after`; the last piece where none is.
  template <class IsAfter>
  const Knot& piece(IsAfter is_after) const;

  std::vector<double> weights_;
  double period_s_ = day_s;
  std::vector<Knot> knots_;  ///< none for a flat curve, which leaves times exactly as they are
};

/// A curve over a day, unless it says otherwise.
using DayCurve = LoadCurve;

}  // namespace plumb::workload
