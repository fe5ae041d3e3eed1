#pragma once
// Values over time or another ordered quantity: "daily load against capacity".
//
//   LinePlot plot{.title = "Load and capacity over a day"};
//   plot.x = {.title = "Hour of the day (h)", .step = 3};
//   plot.y = {.title = "Requests (1/s)", .from_zero = true};
//   plot.series.push_back({.name = "load", .points = load, .area = true});
//   plot.series.push_back({.name = "replicas x goodput", .points = capacity, .step = true});
//   plot.references.push_back({.y = 120.0, .label = "peak of the year"});
//   std::string xml = plot.svg();

#include <string>
#include <vector>

#include "report/axis.h"
#include "report/plot_size.h"

namespace plumb::report {

struct LineSeries {
  std::string name = {};        ///< stands at the line's end where there is room, else in a legend; empty: neither
  std::vector<Xy> points = {};  ///< in the order in which the line visits them; one that cannot be drawn is a gap
  bool step = false;            ///< the value holds until the next point
  bool area = false;    ///< filled down to zero, or to the bottom of the axis; a linear y axis then includes zero
  bool dashed = false;  ///< for what is planned, assumed or past
};

struct ReferenceLine {
  double y = 0.0;
  std::string label = {};
};

struct LinePlot {
  std::string title = {};
  std::string description = {};  ///< what the plot shows, in a sentence; not visible
  Axis x = {}, y = {};
  std::vector<LineSeries> series = {};
  std::vector<ReferenceLine> references = {};  ///< horizontal, dashed, labelled; the y axis reaches them

  std::string svg(PlotSize size = page_size) const;
};

}  // namespace plumb::report
