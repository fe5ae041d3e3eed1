#pragma once
// Axes: which ticks a range of data gets, and where a value stands between two pixels.
//
// Laws: ticks ascend, are 1, 2 or 5 times a power of ten (or multiples of the step that the caller chose), there are at
// least two, and low <= data <= high where low and high are nice numbers too. All functions are pure.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace plumb::report {

/// How the caller wants an axis.
struct Axis {
  std::string title = {};  ///< what is plotted, and its unit: "Output tokens (tokens/s)"
  bool log = false;        ///< values that are not positive cannot be drawn then, and the plot says how many
  bool from_zero = false;  ///< a linear axis includes 0
  /// Of a linear axis: ticks at its multiples or, where room is short, at 2, 4, 8 times it. 0: nice steps.
  double step = 0.0;
  std::function<std::string(double)> format = {};  ///< of ticks and tooltips: default tick_label()
};

struct Ticks {
  std::vector<double> values;  ///< labelled
  std::vector<double> minor;   ///< between them, without label: 2 ... 9 on a log axis of few decades
  double low = 0.0;            ///< ends of the axis
  double high = 1.0;
  double step = 0.0;  ///< between ticks of a linear axis; 0 on a log axis
  bool log = false;
};

/// The finite range of some values; empty where none can be drawn.
struct Extent {
  double low = 0.0, high = 0.0;
  bool empty = true;
  void add(double value);
};

/// Whether an axis can show the value: finite, at most 1e300 in size, and positive on a log axis (at least 1e-300).
bool drawable(double value, const Axis& axis);

/// Ticks for data from `low` to `high` (both drawable, low <= high), at most about `count_max` (at least 2).
Ticks make_ticks(const Axis& axis, Extent data, int count_max);

/// A tick's label: enough digits to tell it from its neighbours, thousands as "k", "M", "B", "T".
std::string tick_label(double value, const Ticks& ticks);
/// The labels of all the ticks, by the axis's own format where it has one.
std::vector<std::string> tick_labels(const Axis& axis, const Ticks& ticks);
/// A value for a tooltip: the axis's format, or four significant figures.
std::string value_label(const Axis& axis, double value);

/// Maps [ticks.low, ticks.high] to [from, to] in pixels; `to` is less than `from` on vertical axes.
class Scale {
 public:
  Scale() = default;
  Scale(const Ticks& ticks, double from, double to);
  /// The pixel of a value; a value outside the axis lands on its end.
  double operator()(double value) const;

 private:
  double low_ = 0.0, high_ = 1.0, from_ = 0.0, to_ = 1.0;
  bool log_ = false;
};

}  // namespace plumb::report
