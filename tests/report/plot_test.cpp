// law and golden: whatever the data, a plot is well-formed XML and every mark of it is inside its frame.

#include "report/plot.h"

#include <cmath>
#include <limits>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "random_values.h"
#include "support/golden.h"
#include "xml_check.h"

namespace plumb::report {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The numbers of a path's `d`, in pairs.
std::vector<Xy> points_of(std::string d) {
  for (char& c : d) {
    if (c == 'M' || c == 'L' || c == 'Z') c = ' ';
  }
  std::istringstream in(d);
  std::vector<Xy> points;
  for (Xy point; in >> point.x >> point.y;) points.push_back(point);
  return points;
}

double number(const XmlElement& element, const std::string& attribute) {
  const auto found = element.attributes.find(attribute);
  return found == element.attributes.end() ? 0.0 : std::stod(found->second);
}

struct Drawing {
  XmlText xml;
  double left = 0, top = 0, right = 0, bottom = 0, width = 0, height = 0;

  explicit Drawing(const std::string& svg) : xml(read_xml(svg)) {
    for (const XmlElement& element : xml.elements) {
      if (element.name == "svg") width = number(element, "width"), height = number(element, "height");
      if (!element.has_class("frame")) continue;
      left = number(element, "x");
      top = number(element, "y");
      right = left + number(element, "width");
      bottom = top + number(element, "height");
    }
  }

  std::size_t count(std::string_view css_class) const {
    std::size_t n = 0;
    for (const XmlElement& element : xml.elements) n += element.has_class(css_class) ? 1 : 0;
    return n;
  }

  bool has_text(std::string_view text) const {
    for (const XmlElement& element : xml.elements) {
      if (element.name == "text" && element.text == text) return true;
    }
    return false;
  }

  /// The first thing that is outside of where it belongs, or nothing.
  std::string outside() const {
    const bool has_frame = right > left;
    const auto in_frame = [this](Xy p, double room) {
      return left - room <= p.x && p.x <= right + room && top - room <= p.y && p.y <= bottom + room;
    };
    for (const XmlElement& element : xml.elements) {
      const bool in_legend = (!has_frame || number(element, "cy") < top) && element.has_class("point");
      if (element.name == "circle" && !in_legend && !in_frame({number(element, "cx"), number(element, "cy")}, 0.02)) {
        return "a circle";
      }
      if (!has_frame && element.has_class("part")) return "a part of nothing";
      if (element.name == "text") {
        const Xy at{number(element, "x"), number(element, "y")};
        if (at.x < 0 || at.x > width || at.y < 0 || at.y > height) return "a text: " + element.text;
      }
      if (element.has_class("part")) {
        const double x = number(element, "x"), y = number(element, "y");
        if (number(element, "width") < 0.0) return "a part of negative width";
        if (!in_frame({x, y}, 0.02) || !in_frame({x + number(element, "width"), y + number(element, "height")}, 0.02))
          return "a part";
      }
      const bool mark = element.has_class("point"), line = element.has_class("line") || element.has_class("area");
      if (element.name != "path" || (!mark && !line)) continue;
      for (const Xy point : points_of(element.attributes.at("d"))) {
        const bool beside =
            !has_frame || point.y < top - 8.0 || point.x > right + 5.0;  // the legend or a name at a line's end
        if (!beside && !in_frame(point, mark ? 8.0 : 0.02)) return "a path: " + element.attributes.at("d");
        if (!(0.0 <= point.x && point.x <= width && 0.0 <= point.y && point.y <= height)) return "a path off the page";
      }
    }
    return {};
  }
};

void check(const std::string& svg) {
  const Drawing drawing(svg);
  RC_ASSERT(drawing.xml.problem == "");
  RC_ASSERT(drawing.outside() == "");
  RC_ASSERT(svg.find("nan") == std::string::npos);
}

std::string random_text() {
  return *rc::gen::element<std::string>("", "load", "<&> \"quoted\" 'text'", "\xff\xed\x95\n\x01", "한국어로 쓴 이름",
                                        "\u0301",
                                        "a name that is far too long to stand beside any line or bar of this plot",
                                        "anamethatisfartoolongandhasnospaceatwhichitcouldbebrokenintotwolines");
}

Axis random_axis() {
  return {.title = random_text(), .log = *rc::gen::arbitrary<bool>(), .from_zero = *rc::gen::arbitrary<bool>()};
}

PlotSize random_size() { return *rc::gen::element(page_size, phone_size); }

RC_GTEST_PROP(PlotLaw, LinesStayInside, ()) {
  LinePlot plot{.title = random_text(), .x = random_axis(), .y = random_axis()};
  const int count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i) {
    LineSeries series{.name = random_text(),
                      .step = *rc::gen::arbitrary<bool>(),
                      .area = *rc::gen::arbitrary<bool>(),
                      .dashed = *rc::gen::arbitrary<bool>()};
    const int points = *rc::gen::inRange(0, 12);
    for (int k = 0; k < points; ++k) series.points.push_back({random_value(), random_value()});
    plot.series.push_back(series);
  }
  if (*rc::gen::arbitrary<bool>()) plot.references.push_back({random_value(), "limit <&>"});
  check(plot.svg(random_size()));
}

RC_GTEST_PROP(PlotLaw, PointsStayInside, ()) {
  ScatterPlot plot{.title = random_text(), .x = random_axis(), .y = random_axis()};
  const int count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) {
    ScatterSeries series{.name = random_text()};
    const int points = *rc::gen::inRange(0, 12);
    for (int k = 0; k < points; ++k) {
      series.points.push_back({.x = random_value(),
                               .y = random_value(),
                               .label = k == 3 ? "label <&>" : "",
                               .emphasised = *rc::gen::arbitrary<bool>()});
    }
    plot.series.push_back(series);
  }
  for (int k = 0; k < count; ++k) plot.frontier.push_back({random_value(), random_value()});
  check(plot.svg(random_size()));
}

RC_GTEST_PROP(PlotLaw, BarsStayInside, ()) {
  StackedBars plot{.title = random_text(), .value = random_axis()};
  const int parts = *rc::gen::inRange(1, 11), bars = *rc::gen::inRange(0, 6);
  for (int i = 0; i < parts; ++i) plot.parts.push_back(random_text());
  for (int i = 0; i < bars; ++i) {
    StackedBar bar{.label = random_text()};
    const int values = *rc::gen::inRange(0, parts + 1);
    for (int k = 0; k < values; ++k) bar.values.push_back(random_value());
    plot.bars.push_back(bar);
  }
  plot.shares = *rc::gen::arbitrary<bool>();
  check(plot.svg(random_size()));
}

LinePlot small_lines() {
  LinePlot plot{.title = "Load & capacity", .description = "Requests over a day."};
  plot.x = {.title = "Hour (h)", .step = 6.0};
  plot.y = {.title = "Requests (1/s)"};
  plot.series.push_back({.name = "load", .points = {{0, 20}, {9, 80}, {15, nan}, {18, 90}, {24, 30}}, .area = true});
  plot.series.push_back({.name = "용량", .points = {{0, 60}, {9, 120}, {24, 60}}, .step = true});
  plot.references.push_back({.y = 130, .label = "peak"});
  return plot;
}

ScatterPlot small_scatter() {
  ScatterPlot plot{.title = "Throughput against speed"};
  plot.x = {.title = "tokens/s per user"};
  plot.y = {.title = "tokens/s per accelerator", .log = true};
  plot.series.push_back(
      {.name = "H100",
       .points = {{.x = 35, .y = 1200, .label = "TP8", .tooltip = "batch 64", .emphasised = true}, {.x = 60, .y = 0}}});
  plot.series.push_back({.name = "B200", .points = {{.x = 60, .y = 900}, {.x = 90, .y = 300}}});
  plot.frontier = {{35, 1200}, {60, 900}, {90, 300}};
  return plot;
}

StackedBars small_bars() {
  StackedBars plot{.title = "Where a step's time goes"};
  plot.value = {.title = "Time (ms)"};
  plot.parts = {"attention", "experts", "unused"};
  plot.bars = {{"H100", {4.1, 9.0}}, {"B200", {2.0, -1.0}, "2 ms"}};
  return plot;
}

TEST(Plot, GoldenLines) { test::expect_golden("report/lines.svg", small_lines().svg(phone_size)); }
TEST(Plot, GoldenScatter) { test::expect_golden("report/scatter.svg", small_scatter().svg(phone_size)); }
TEST(Plot, GoldenBars) { test::expect_golden("report/bars.svg", small_bars().svg(phone_size)); }

TEST(Plot, WhatCannotBeDrawnIsCounted) {
  EXPECT_TRUE(Drawing(small_lines().svg()).has_text("1 value is not shown: not finite"));
  EXPECT_TRUE(
      Drawing(small_scatter().svg()).has_text("1 value is not shown: not finite, or not positive on a log axis"));
  EXPECT_TRUE(Drawing(small_bars().svg()).has_text("1 value is not shown: negative or not finite"));
}

TEST(Plot, AGapBreaksTheLine) {
  EXPECT_EQ(Drawing(small_lines().svg(phone_size)).count("area"), 2u) << "before and after the missing value";
}

TEST(Plot, NamesStandAtTheLinesEndsWhereThereIsRoom) {
  const Drawing wide(small_lines().svg(page_size)), narrow(small_lines().svg(phone_size));
  EXPECT_TRUE(wide.has_text("용량"));
  EXPECT_TRUE(narrow.has_text("용량"));
  EXPECT_LT(wide.right, wide.width - 40.0) << "room for the names";
  EXPECT_GT(narrow.right, narrow.width - 40.0) << "the names are in the legend";
}

TEST(Plot, UnusedPartsAreNotInTheLegend) {
  const Drawing drawing(small_bars().svg());
  EXPECT_TRUE(drawing.has_text("experts"));
  EXPECT_FALSE(drawing.has_text("unused"));
  EXPECT_TRUE(drawing.has_text("13.1")) << "the sum";
  EXPECT_TRUE(drawing.has_text("2 ms")) << "the caller's total";
}

TEST(Plot, EmptyPlotsSayIt) {
  EXPECT_TRUE(Drawing(LinePlot{}.svg()).has_text("no data"));
  EXPECT_TRUE(Drawing(ScatterPlot{}.svg()).has_text("no data"));
  EXPECT_TRUE(Drawing(StackedBars{}.svg()).has_text("no data"));
}

TEST(Plot, ManyPointsKeepTheirPeakAndStaySmall) {
  LineSeries series;
  for (int i = 0; i < 100000; ++i) series.points.push_back({i * 1.0, i == 54321 ? 100.0 : 1.0 + i % 7});
  LinePlot plot{.y = {.from_zero = true}};
  plot.series.push_back(series);
  const std::string svg = plot.svg();
  EXPECT_LT(svg.size(), 60000u);
  const Drawing drawing(svg);
  double peak = drawing.bottom;
  for (const XmlElement& element : drawing.xml.elements) {
    if (!element.has_class("line")) continue;
    for (const Xy point : points_of(element.attributes.at("d"))) peak = std::min(peak, point.y);
  }
  EXPECT_NEAR(peak, drawing.top, 0.01) << "100 is the top of the axis";
}

TEST(Plot, EveryMarkHasATooltip) {
  const std::string svg = small_scatter().svg();
  EXPECT_NE(svg.find("<title>H100\nTP8\nbatch 64\ntokens/s per user: 35\ntokens/s per accelerator: 1,200</title>"),
            std::string::npos);
  EXPECT_NE(small_bars().svg().find("<title>H100\nexperts: 9 (68.7 %)</title>"), std::string::npos);
  EXPECT_EQ(Drawing(small_lines().svg()).count("hit"), 7u);
}

}  // namespace
}  // namespace plumb::report
