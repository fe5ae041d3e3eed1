#include <fmt/format.h>

#include "report/units.h"
#include "study/sweep_view.h"

namespace plumb::study {
namespace {

constexpr std::size_t rows_max = 40;  // more are not read on a terminal
constexpr std::size_t reasons_max = 5;

/// "20 done (12 of them from before), 4 cannot be met, 3 not run"
std::string count_words(const Sweep& sweep) {
  const std::size_t unmet = sweep.count(RowStatus::unmet), missing = sweep.count(RowStatus::missing);
  std::string words = fmt::format("{} done", report::count(sweep.count(RowStatus::done)));
  if (unmet > 0) words += fmt::format(", {} cannot be met", report::count(unmet));
  if (missing > 0) words += fmt::format(", {} not run", report::count(missing));
  if (sweep.reused > 0) words += fmt::format("; {} of these rows were there before", report::count(sweep.reused));
  return words + ".";
}

std::string reasons_text(const Study& study, const Sweep& sweep, const report::Style& style) {
  const std::vector<Reason> reasons = reasons_of(sweep.rows);
  if (reasons.empty()) return {};
  std::string text = "\n" + report::heading_text("What cannot be met", style);
  for (std::size_t i = 0; i < reasons.size() && i < reasons_max; ++i) {
    const std::string more = reasons[i].count == 1 ? "" : fmt::format(" and {} more", reasons[i].count - 1);
    text += report::paragraph_text(fmt::format("{}{}: {}", point_words(study, reasons[i].point), more, reasons[i].text),
                                   style);
  }
  if (reasons.size() > reasons_max) {
    text += report::paragraph_text(fmt::format("And {} more reasons.", reasons.size() - reasons_max), style, true);
  }
  return text;
}

}  // namespace

std::string sweep_text(const Study& study, const Sweep& sweep, const report::Style& style) {
  std::string text = report::heading_text(study.title, style);
  text += report::paragraph_text(points_words(study) + ".", style);
  text += report::paragraph_text(count_words(sweep), style);
  const bool all = sweep.rows.size() <= rows_max;
  const auto width = static_cast<std::size_t>(style.columns_max - style.indent);
  std::size_t front = 0;
  for (const Row& row : sweep.rows) front += row.pareto ? 1 : 0;
  if (all || front > 0) {
    text += "\n" + report::heading_text(all ? "Points" : "Pareto front", style);
    text += report::render_text(row_table(study, sweep.rows, all ? Rows::all : Rows::front, rows_max, width), style);
  }
  if (front > 0) {
    text += report::paragraph_text(
        fmt::format("* {} on the Pareto front: no other point is as good or better in each of: {}.",
                    report::count(front), objective_words(study)),
        style, true);
  }
  return text + reasons_text(study, sweep, style);
}

}  // namespace plumb::study
