#include "cli/validate_tables.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/statistics.h"
#include "report/units.h"
#include "validation/groups.h"
#include "validation/worst.h"

namespace plumb::cli {
namespace {

using report::Align;
using validation::Accuracy;

/// |e| as people read it. For a small e the logarithm and the share are the same.
std::string off(double error) { return fmt::format("{:.1f} %", 100.0 * error); }
std::string leaning(double bias) { return fmt::format("{:+.1f} %", 100.0 * bias); }

report::Table error_table(const std::string& first) {
  return report::Table({{.title = first},
                        {.title = "median", .align = Align::right},
                        {.title = "p90", .align = Align::right},
                        {.title = "leans", .align = Align::right},
                        {.title = "cells", .align = Align::right},
                        {.title = "rows", .align = Align::right}});
}

void add_row(report::Table& table, const std::string& name, const validation::OverCells& over) {
  table.row(
      {name, off(over.median), off(over.p90), leaning(over.bias), report::count(over.cells), report::count(over.rows)});
}

}  // namespace

std::string scope_words(const ValidationResult& result) {
  const Accuracy& all = result.accuracy;
  return fmt::format(
      "{}: {} metrics of {} runs. Of the {} runs that may be trusted (A and B), {} are simulated; {} metrics are "
      "scored.",
      result.file, report::count(all.read.rows), report::count(all.read.runs), report::count(all.trusted.runs),
      report::count(all.simulated.runs), report::count(all.scored_rows));
}

std::string rank_words(const ValidationResult& result) {
  const auto found = result.accuracy.ranks.find(false);
  if (found == result.accuracy.ranks.end() || found->second.pairs == 0) return {};
  return fmt::format("Of {} pairs of a cell whose measurements differ by over 10 %, {} are ordered as measured.",
                     report::count(found->second.pairs), report::percent(found->second.share()));
}

std::string coverage_words(const ValidationResult& result) {
  const auto found = result.coverage.find(false);
  if (found == result.coverage.end()) return {};
  return fmt::format("Bands, made of cells other than their own, hold {} of what was measured; 80 % is meant.",
                     report::percent(found->second));
}

std::string knee_words(const ValidationResult& result) {
  const validation::KneeFigures& knees = result.knees;
  if (knees.cells == 0) return {};
  return fmt::format(
      "Knees, the highest rate within stated limits, are {} off in the median of {} cells ({} at p90, leaning {}) of "
      "{} "
      "runs whose lengths are assumed.",
      off(knees.median), report::count(knees.cells), off(knees.p90), leaning(knees.bias), report::count(knees.runs));
}

report::Table summary_table(const Accuracy& accuracy) {
  report::Table table = error_table("metric");
  for (const auto& [assumed, families] : accuracy.families) {
    for (const auto& [family, over] : families) {
      add_row(table, assumed ? family + ", something assumed" : family, over);
    }
  }
  table.note(
      "|ln(simulated / measured)|: the median and the 90th percentile of the medians of cells; a cell is a device, "
      "a model and a kind of point. \"leans\" is the median with its sign: + says more than was measured. Cells "
      "that assume lengths, parallelism or precision stand apart.");
  return table;
}

report::Table group_table(const Accuracy& accuracy, validation::Grouping grouping) {
  report::Table table = error_table(std::string(validation::grouping_name(grouping)));
  for (const validation::Group& group : accuracy.groups.at(grouping)) add_row(table, group.name, group.over_cells);
  return table;
}

report::Table skipped_table(const Accuracy& accuracy) {
  report::Table table(
      {{.title = "not scored"}, {.title = "runs", .align = Align::right}, {.title = "rows", .align = Align::right}});
  std::vector<std::pair<std::string, Accuracy::Count>> reasons(accuracy.skipped.begin(), accuracy.skipped.end());
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const auto& a, const auto& b) { return a.second.rows > b.second.rows; });
  for (const auto& [reason, count] : reasons) {
    table.row({reason, report::count(count.runs), report::count(count.rows)});
  }
  return table;
}

report::Table worst_table(const validation::Validation& validation) {
  constexpr std::size_t shown = 20;
  report::Table table({{.title = "run"},
                       {.title = "metric"},
                       {.title = "device"},
                       {.title = "model"},
                       {.title = "software"},
                       {.title = "measured", .align = Align::right},
                       {.title = "simulated", .align = Align::right},
                       {.title = "what explains it"}});
  for (const validation::WorstRow& worst : validation::worst_rows(validation, shown)) {
    const validation::MeasuredRow& row = validation.rows[worst.row];
    table.row({row.run_id, row.metric, row.device, row.model_key, row.software, report::significant(*row.value),
               report::significant(*validation.results[worst.row].simulated), worst.why});
  }
  return table;
}

report::Table bias_table(const validation::Validation& validation) {
  static const std::vector<std::string> batches{"1",          "2 to 8",   "9 to 32",     "33 to 128",
                                                "129 to 512", "over 512", "by the rate", "as many as fit"};
  static const std::vector<std::string> lengths{"up to 512", "513 to 1 Ki", "1 Ki to 2 Ki", "2 Ki to 4 Ki",
                                                "over 4 Ki"};
  // Of throughputs the sign is turned, so that + is always too slow.
  std::map<std::pair<std::string, std::string>, std::vector<double>> errors;
  for (const validation::RowResult& result : validation.results) {
    if (!result.scored() || validation.runs[result.run].assumed()) continue;
    const validation::RunPlan& plan = *validation.runs[result.run].plan;
    const bool rate = result.metric->family() == validation::Family::throughput;
    errors[{validation::batch_band(plan), validation::length_band(plan)}].push_back(rate ? -*result.error
                                                                                         : *result.error);
  }
  std::vector<report::Column> columns{{.title = "sequences at once"}};
  for (const std::string& length : lengths) columns.push_back({.title = length, .align = Align::right});
  report::Table table(std::move(columns));
  for (const std::string& batch : batches) {
    std::vector<std::string> cells{batch};
    bool any = false;
    for (const std::string& length : lengths) {
      const auto found = errors.find({batch, length});
      any = any || found != errors.end();
      cells.push_back(found == errors.end() ? "" : leaning(percentile(found->second, 50.0)));
    }
    if (any) table.row(std::move(cells));
  }
  table.note("Median of e over rows, with the sign turned for throughputs: + is simulated too slow.");
  return table;
}

}  // namespace plumb::cli
