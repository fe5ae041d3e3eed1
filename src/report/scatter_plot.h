#pragma once
// One quantity against another: "tokens/s per accelerator against tokens/s per user", with the frontier of the best.
//
//   ScatterPlot plot{.title = "Throughput against speed"};
//   plot.x = {.title = "Speed (tokens/s per user)"};
//   plot.y = {.title = "Throughput (tokens/s per accelerator)", .log = true};
//   plot.series.push_back({.name = "H100", .points = {{.x = 35, .y = 1200, .tooltip = "TP8, batch 64"}}});
//   plot.frontier = {{35, 1200}, {60, 700}};          // the caller decides what is on it
//
// Each series has a colour and a shape of its own.

#include <string>
#include <vector>

#include "report/axis.h"
#include "report/plot_size.h"

namespace plumb::report {

struct ScatterPoint {
  double x = 0.0, y = 0.0;
  std::string label = {};    ///< written beside the point, where it hides least; label few
  std::string tooltip = {};  ///< added to the point's series and values
  bool emphasised = false;   ///< larger, with a ring
};

struct ScatterSeries {
  std::string name = {};  ///< in the legend, where there is more than one series
  std::vector<ScatterPoint> points = {};
};

struct ScatterPlot {
  std::string title = {};
  std::string description = {};  ///< what the plot shows, in a sentence; not visible
  Axis x = {}, y = {};
  std::vector<ScatterSeries> series = {};
  std::vector<Xy> frontier = {};  ///< joined in this order by a thin line; empty: none
  std::string frontier_name = "frontier";

  std::string svg(PlotSize size = page_size) const;
};

}  // namespace plumb::report
