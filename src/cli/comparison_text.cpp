#include <cmath>

#include <fmt/format.h>

#include "cli/comparison_result.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using report::Align;
using report::Table;

constexpr double ms = 1e3;

std::string value_words(std::optional<double> value, std::string_view unit) {
  if (!value) return "-";
  return unit.empty() ? report::count(*value) : fmt::format("{:.2f}", *value);
}

/// "+12.3", with a sign that is not lost.
std::string difference_words(std::optional<double> share) {
  if (!share) return "-";
  const std::string words = fmt::format("{:+.1f}", *share * 100.0);
  return words == "-0.0" ? "+0.0" : words;
}

std::string in_ms(double seconds) { return fmt::format("{:.1f}", seconds * ms); }

}  // namespace

Table figure_table(const Comparison& comparison) {
  Table table({{.title = ""},
               {.title = ""},
               {.title = "Measured", .align = Align::right},
               {.title = "Simulated", .align = Align::right},
               {.title = "", .unit = ""},
               {.title = "Difference", .unit = "%", .align = Align::right}});
  for (const ComparedFigure& figure : comparison.figures) {
    table.row({figure.metric, figure.statistic, value_words(figure.measured, figure.unit),
               value_words(figure.simulated, figure.unit), figure.unit, difference_words(figure.difference())});
  }
  return table;
}

Table cause_table(const Attribution& attribution) {
  Table table({{.title = "Cause"},
               {.title = "Share of the error", .unit = "%", .align = Align::right},
               {.title = "Server - simulation", .unit = "ms a request", .align = Align::right}});
  for (const CauseShare& share : shown_causes(attribution)) {
    table.row({std::string(cause_name(share.cause)), fmt::format("{:.1f}", share.share * 100.0),
               share.cause == Cause::arrivals ? "-" : fmt::format("{:+.1f}", share.excess_s * ms)});
  }
  return table;
}

Table worst_table(const Comparison& comparison) {
  Table table({{.title = "Request", .align = Align::right},
               {.title = "Prompt", .align = Align::right},
               {.title = "Output", .unit = "tokens", .align = Align::right},
               {.title = "TTFT", .unit = "measured", .align = Align::right},
               {.title = "TTFT", .unit = "simulated", .align = Align::right},
               {.title = "Queue", .unit = "simulated", .align = Align::right},
               {.title = "Prefill", .unit = "simulated", .align = Align::right},
               {.title = "Decode", .unit = "measured", .align = Align::right},
               {.title = "Decode", .unit = "simulated", .align = Align::right},
               {.title = "Cause"}});
  constexpr std::size_t worst = 10;
  for (const std::size_t i : worst_pairs(comparison.pairs, worst)) {
    const RequestPair& pair = comparison.pairs[i];
    table.row({fmt::format("{}", pair.id), report::count(pair.prompt_tokens), report::count(pair.output_tokens),
               in_ms(pair.measured.ttft_s), in_ms(pair.simulated.ttft_s), in_ms(pair.queue_s), in_ms(pair.prefill_s),
               in_ms(pair.measured.decode_s()), in_ms(pair.simulated.decode_s()), std::string(cause_name(pair.cause))});
  }
  table.note("Times in ms. Request: its position in the result, from 0.");
  return table;
}

std::string comparison_text(const ComparisonResult& result, const report::Style& style) {
  const Comparison& comparison = result.comparison;
  std::string text = report::heading_text(subject_words(result.subject), style);
  text += report::paragraph_text(run_words(result), style);
  for (const std::string& note : comparison.notes) text += report::paragraph_text("Note: " + note, style);
  text += "\n" + render_text(figure_table(comparison), style);
  text += report::paragraph_text("Difference: (simulated - measured) / measured.", style, true);
  if (comparison.pairs.empty()) return text;

  text += "\n" + report::paragraph_text(error_words(comparison), style);
  if (comparison.attribution.shares.empty()) {
    return text + "\n" + report::paragraph_text("There is no difference to explain.", style);
  }
  text += "\n" + report::heading_text("What the difference comes from", style);
  text += render_text(cause_table(comparison.attribution), style);
  for (const CauseShare& share : shown_causes(comparison.attribution)) {
    text +=
        report::paragraph_text(fmt::format("{}: {}", cause_name(share.cause), cause_words(share.cause, result)), style);
  }
  text += "\n" + report::heading_text("Requests that differ most", style);
  text += render_text(worst_table(comparison), style);
  return text;
}

}  // namespace plumb::cli
