#pragma once
// How large a plot is laid out, in CSS pixels. It scales with its box; texts are 12 px at this size.

namespace plumb::report {

struct PlotSize {
  double width = 760.0;
  double height = 390.0;  ///< long titles and legends add to it; stacked bars take what their rows need instead
};

inline constexpr PlotSize page_size{760.0, 390.0};
inline constexpr PlotSize phone_size{360.0, 320.0};

/// A point of a plot, in the units of its axes.
struct Xy {
  double x = 0.0, y = 0.0;
};

}  // namespace plumb::report
