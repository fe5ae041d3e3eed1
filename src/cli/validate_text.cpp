#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "cli/validate_output.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using validation::Accuracy;
using validation::Grouping;

/// |e| as people read it: "8.3 %". For a small e the two are the same.
std::string off(double error) { return fmt::format("{:.1f} %", 100.0 * error); }
std::string leaning(double bias) { return fmt::format("{:+.1f} %", 100.0 * bias); }

report::Table error_table(const std::string& first) {
  using report::Align;
  return report::Table({{.title = first},
                        {.title = "median", .align = Align::right},
                        {.title = "p90", .align = Align::right},
                        {.title = "leans", .align = Align::right},
                        {.title = "cells", .align = Align::right},
                        {.title = "rows", .align = Align::right}});
}

void add_row(report::Table& table, const std::string& name, const validation::OverCells& over) {
  table.row({name, off(over.median), off(over.p90), leaning(over.bias), report::count(over.cells), report::count(over.rows)});
}

std::string head_words(const ValidationResult& result) {
  const Accuracy& all = result.accuracy;
  return fmt::format(
      "{}: {} metrics of {} runs. Of the {} runs that may be trusted (A and B), {} are simulated and {} metrics scored.",
      result.file, report::count(all.read.rows), report::count(all.read.runs), report::count(all.trusted.runs),
      report::count(all.simulated.runs), report::count(all.scored_rows));
}

report::Table summary_table(const Accuracy& accuracy) {
  report::Table table = error_table("metric");
  for (const auto& [assumed, families] : accuracy.families) {
    for (const auto& [family, over] : families) {
      add_row(table, assumed ? family + ", something assumed" : family, over);
    }
  }
  table.note("|ln(simulated / measured)|: the median and the 90th percentile of the medians of cells; a cell is a device, "
             "a model and a kind. \"leans\" is the median sign: + says more than was measured. Cells that assume something (lengths, "
             "parallelism, precision) stand apart.");
  return table;
}

report::Table group_table(const Accuracy& accuracy, Grouping grouping) {
  report::Table table = error_table(std::string(validation::grouping_name(grouping)));
  for (const validation::Group& group : accuracy.groups.at(grouping)) add_row(table, group.name, group.over_cells);
  return table;
}

report::Table skipped_table(const Accuracy& accuracy) {
  using report::Align;
  report::Table table({{.title = "not scored"}, {.title = "runs", .align = Align::right}, {.title = "rows", .align = Align::right}});
  std::vector<std::pair<std::string, Accuracy::Count>> reasons(accuracy.skipped.begin(), accuracy.skipped.end());
  std::stable_sort(reasons.begin(), reasons.end(), [](const auto& a, const auto& b) { return a.second.rows > b.second.rows; });
  for (const auto& [reason, count] : reasons) table.row({reason, report::count(count.runs), report::count(count.rows)});
  return table;
}

std::string rank_words(const Accuracy& accuracy) {
  const auto found = accuracy.ranks.find(false);
  if (found == accuracy.ranks.end() || found->second.pairs == 0) return {};
  return fmt::format("Of {} pairs of a cell whose measurements differ by over 10 %, {} are ordered as measured.",
                     report::count(found->second.pairs), report::percent(found->second.share()));
}

std::string band_words(const ValidationResult& result) {
  const auto found = result.coverage.find(false);
  if (found == result.coverage.end()) return {};
  return fmt::format("Bands, each from cells other than its own, hold {} of what was measured; they should hold 80 %.",
                     report::percent(found->second));
}

}  // namespace

std::string validation_text(const ValidationResult& result, const report::Style& style) {
  const Accuracy& accuracy = result.accuracy;
  std::string text = report::paragraph_text(head_words(result), style) + "\n";
  text += report::render_text(summary_table(accuracy), style) + "\n";
  if (const std::string ranks = rank_words(accuracy); !ranks.empty()) text += report::paragraph_text(ranks, style) + "\n";
  if (const std::string bands = band_words(result); !bands.empty()) text += report::paragraph_text(bands, style) + "\n";
  for (const Grouping grouping : validation::groupings) {
    if (!accuracy.groups.at(grouping).empty()) text += report::render_text(group_table(accuracy, grouping), style) + "\n";
  }
  text += report::render_text(skipped_table(accuracy), style);
  return text;
}

}  // namespace plumb::cli
