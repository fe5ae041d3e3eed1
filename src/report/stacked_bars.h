#pragma once
// Wholes and their parts as horizontal bars: "where a step's time goes", "where the money goes".
//
//   StackedBars bars{.title = "Where a decode step's time goes"};
//   bars.parts = {"attention", "experts", "collectives", "overhead"};
//   bars.bars = {{"H100, TP8", {4.1, 9.0, 2.2, 0.9}}, {"B200, TP4", {2.0, 4.1, 1.8, 0.9}}};
//   bars.value = {.title = "Time (ms)"};
//
// Parts keep their order and colour from bar to bar. A part of zero takes no room; a negative one, or one that is not
// finite, cannot be drawn and is counted under the plot.

#include <string>
#include <vector>

#include "report/axis.h"
#include "report/plot_size.h"

namespace plumb::report {

struct StackedBar {
  std::string label = {};
  std::vector<double> values = {};  ///< one a part; missing ones at the end are zero, more than parts is an assertion
  std::string total = {};           ///< at the bar's end; empty: the sum by the axis's format
};

struct StackedBars {
  std::string title = {};
  std::string description = {};  ///< what the plot shows, in a sentence; not visible
  Axis value = {};               ///< its title, step and format; always linear and from zero
  std::vector<std::string> parts = {};
  std::vector<StackedBar> bars = {};
  bool shares = false;  ///< values within bars are shown as percentages of their bar

  std::string svg(PlotSize size = page_size) const;  ///< size.height is not used
};

}  // namespace plumb::report
