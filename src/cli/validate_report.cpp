#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cli/validate_output.h"
#include "cli/validate_tables.h"
#include "report/html_page.h"
#include "report/plot.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using validation::Family;

/// Every so many scored rows of a family are drawn, so that a page stays small: marks beyond this many hide each other.
constexpr std::size_t marks_max = 1500;

report::ScatterPlot scatter_of(const validation::Validation& validation, Family family) {
  const std::string name(validation::family_name(family));
  const bool rate = family == Family::throughput;
  const std::string unit = rate ? "1/s, of tokens or requests" : "s";
  report::ScatterPlot plot;
  plot.title = name + ": simulated against measured";
  plot.description = "Each mark is a published metric; on the thin line simulated and measured are equal.";
  plot.x = {.title = fmt::format("Measured ({})", unit), .log = true};
  plot.y = {.title = fmt::format("Simulated ({})", unit), .log = true};
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < validation.results.size(); ++row) {
    const validation::RowResult& result = validation.results[row];
    if (result.scored() && result.metric->family() == family) rows.push_back(row);
  }
  const std::size_t stride = rows.size() / marks_max + 1;
  std::map<bool, report::ScatterSeries> series;
  double least = 0.0, most = 0.0;
  for (std::size_t i = 0; i < rows.size(); i += stride) {
    const validation::RowResult& result = validation.results[rows[i]];
    const validation::MeasuredRow& row = validation.rows[rows[i]];
    const double scale = rate ? 1.0 : result.metric->unit_s;
    const double measured = *row.value * scale;
    least = i == 0 ? measured : std::min(least, measured);
    most = std::max(most, measured);
    series[validation.runs[result.run].assumed()].points.push_back(
        {.x = measured, .y = *result.simulated * scale, .tooltip = row.run_id + " " + row.metric});
  }
  for (auto& [assumed, marks] : series) {
    marks.name = assumed ? "something assumed" : "stated";
    plot.series.push_back(std::move(marks));
  }
  plot.frontier = {{least, least}, {most, most}};
  plot.frontier_name = "equal";
  return plot;
}

std::vector<report::Tile> tiles_of(const ValidationResult& result) {
  std::vector<report::Tile> tiles;
  const auto stated = result.accuracy.families.find(false);
  if (stated == result.accuracy.families.end()) return tiles;
  for (const auto& [family, over] : stated->second) {
    tiles.push_back({family, fmt::format("{:.1f} %", 100.0 * over.median),
                     fmt::format("p90 {:.1f} %, {} cells", 100.0 * over.p90, over.cells)});
  }
  return tiles;
}

}  // namespace

std::string validation_report(const ValidationResult& result, const std::string& command_line) {
  report::HtmlPage page("What was measured and what Plumb says");
  page.lead(scope_words(result));
  page.tiles(tiles_of(result));
  page.note("Medians over cells of |ln(simulated / measured)|, where nothing was assumed.");
  page.section("Errors");
  page.table(summary_table(result.accuracy));
  for (const std::string& words : {rank_words(result), coverage_words(result), knee_words(result)}) {
    if (!words.empty()) page.paragraph(words);
  }
  page.section("Simulated against measured");
  for (const Family family : {Family::throughput, Family::ttft, Family::tpot, Family::latency}) {
    report::ScatterPlot plot = scatter_of(result.validation, family);
    if (!plot.series.empty()) page.figure(plot, "Both axes are logarithmic. Of many rows every so many are drawn.");
  }
  page.section("The worst twenty");
  page.table(worst_table(result.validation));
  page.section("Bias by batch and length");
  page.table(bias_table(result.validation));
  page.section("By what it was");
  for (const validation::Grouping grouping : validation::groupings) {
    if (result.accuracy.groups.at(grouping).empty()) continue;
    page.subsection(fmt::format("By {}", validation::grouping_name(grouping)));
    page.table(group_table(result.accuracy, grouping));
  }
  page.section("What is not scored");
  page.table(skipped_table(result.accuracy));
  return page.html({.command_line = command_line,
                    .version = fmt::format("plumb {}", PLUMB_VERSION),
                    .notes = {"Sources and licences of the measurements stand in the file itself."}});
}

}  // namespace plumb::cli
