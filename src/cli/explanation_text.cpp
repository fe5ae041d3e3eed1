#include <algorithm>

#include <fmt/format.h>

#include "cli/explanation.h"
#include "cli/plan_words.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using accelerator::Bound;
using report::Align;
using report::human;
using report::RowKind;
using report::Table;

constexpr double million = 1e6;

std::string flops(double operations) { return human(Flops::of(operations)); }
std::string bytes(double count) { return human(Bytes::of(count)); }
std::string seconds(double time_s) { return human(Seconds::of(time_s)); }

std::string share(double part, double whole) {
  return whole > 0.0 ? fmt::format("{:.0f} %", part / whole * 100.0) : "-";
}

std::string bound_share(const StepView& view) {
  const Bound bound = view.binding();
  return fmt::format("{} {}", accelerator::bound_name(bound),
                     share(view.seconds_by_bound[static_cast<std::size_t>(bound)], view.seconds));
}

/// The operator with most of something.
template <class Amount>
const OperatorLine& largest(const StepView& view, Amount amount) {
  return *std::max_element(view.lines.begin(), view.lines.end(),
                           [&](const OperatorLine& a, const OperatorLine& b) { return amount(a) < amount(b); });
}

/// Makes the rows of the ladder: one figure of the three steps, and what it says.
class Ladder {
 public:
  explicit Ladder(const Explanation& explanation)
      : explanation_(explanation),
        table_({{.title = "Rung"},
                {.title = "Prefill", .unit = "alone", .align = Align::right},
                {.title = "Decode step", .unit = "alone", .align = Align::right},
                {.title = "Decode step", .unit = fmt::format("{} together", explanation.batch), .align = Align::right},
                {.title = "What binds"}}) {}

  template <class Cell>
  void row(std::string name, Cell cell, std::string binds = {}, RowKind kind = RowKind::normal) {
    table_.row({std::move(name), cell(explanation_.prefill), cell(explanation_.alone), cell(explanation_.together),
                std::move(binds)},
               kind);
  }
  Table take() { return std::move(table_); }

 private:
  const Explanation& explanation_;
  Table table_;
};

std::string operator_words(const Explanation& explanation) {
  const auto operations = [](const OperatorLine& line) { return line.work.operations; };
  const OperatorLine& line = largest(explanation.prefill, operations);
  return fmt::format("{}: {} of the prefill's", line.name,
                     share(operations(line), explanation.prefill.work.operations));
}

std::string byte_words(const Explanation& explanation) {
  const model::Work& alone = explanation.alone.work;
  const model::Work& together = explanation.together.work;
  return fmt::format("weights are {} of a decode step alone, {} together", share(alone.weight_bytes, alone.bytes()),
                     share(together.weight_bytes, together.bytes()));
}

std::string intensity_words(const Explanation& explanation) {
  return fmt::format("the ridge is {}: FLOPs bind above it, memory below", report::significant(explanation.ridge));
}

std::string time_words(const Explanation& explanation) {
  const double prefill_s = explanation.bill_together.prefill_s, all_s = explanation.bill_together.replica_s();
  return fmt::format("together, decode is {} of the request", share(all_s - prefill_s, all_s));
}

std::string price_rung(const Subject& subject) {
  return subject.cost ? fmt::format("time, at {} an accelerator", report::per_hour(subject.cost->total()))
                      : "no price is known";
}

Table ladder_table(const Subject& subject, const Explanation& explanation) {
  const accelerator::Machine& machine = subject.spec().machine;
  const double watts = machine.power_w * subject.ranks();
  const auto per_output = [](const StepView& view) {
    return view.seconds_per_request() / (view.name == "prefill" ? static_cast<double>(view.tokens) : 1.0);
  };
  Ladder ladder(explanation);
  ladder.row(
      "Tokens computed", [](const StepView& view) { return report::count(view.tokens); },
      "an output token takes a step of its own");
  ladder.row("Context of each", [](const StepView& view) { return report::count(view.context); });
  ladder.row(
      "Operations", [](const StepView& view) { return flops(view.work.operations); }, operator_words(explanation));
  ladder.row(
      "Bytes of weights", [](const StepView& view) { return bytes(view.work.weight_bytes); }, byte_words(explanation));
  ladder.row("Bytes of cache", [](const StepView& view) { return bytes(view.work.cache_bytes); });
  ladder.row("Bytes of activations", [](const StepView& view) { return bytes(view.work.activation_bytes); });
  ladder.row(
      "FLOPs a byte", [](const StepView& view) { return report::significant(view.operations_per_byte()); },
      intensity_words(explanation));
  ladder.row("Time", [](const StepView& view) { return seconds(view.seconds); }, time_words(explanation));
  ladder.row("  physics allows", [](const StepView& view) { return seconds(view.physical_bound_s); });
  ladder.row("  what binds it", bound_share);
  ladder.row(
      "Memory: bytes a token", [](const StepView& view) { return bytes(view.bytes_per_token()); },
      "tokens that share a step share its weights");
  ladder.row(
      "  of peak bandwidth", [&](const StepView& view) { return report::percent(view.bandwidth_share(machine)); },
      fmt::format("streams sustain {} of {}", report::percent(machine.efficiency.bandwidth.value),
                  human(BytesPerSecond::of(machine.memory_bytes_per_s))));
  ladder.row(
      "Energy a token, at most", [&](const StepView& view) { return human(Joules::of(per_output(view) * watts)); },
      fmt::format("design power of {}", human(Watts::of(watts))));
  ladder.row(
      "Money a million tokens",
      [&](const StepView& view) {
        return subject.cost ? human(subject.cost->total() * static_cast<double>(subject.ranks()) *
                                    Seconds::of(per_output(view) * million))
                            : "unknown";
      },
      price_rung(subject));
  return ladder.take();
}

Table operator_table(const StepView& view) {
  Table table({{.title = "Operator"},
               {.title = "Family"},
               {.title = "Runs", .align = Align::right},
               {.title = "Operations", .align = Align::right},
               {.title = "Weights", .align = Align::right},
               {.title = "Cache", .align = Align::right},
               {.title = "Sent", .align = Align::right},
               {.title = "Time", .align = Align::right},
               {.title = "Bound", .unit = "by physics", .align = Align::right},
               {.title = "Step", .unit = "%", .align = Align::right},
               {.title = "What binds"}});
  const auto amount = [](double value, std::string text) { return value > 0.0 ? text : std::string("-"); };
  const OperatorLine& longest = largest(view, [](const OperatorLine& line) { return line.time.seconds(); });
  for (const OperatorLine& line : view.lines) {
    table.row({line.name, std::string(family_name(line.family)), report::count(line.work.launches),
               amount(line.work.operations, flops(line.work.operations)),
               amount(line.work.weight_bytes, bytes(line.work.weight_bytes)),
               amount(line.work.cache_bytes, bytes(line.work.cache_bytes)),
               amount(line.work.sent_bytes, bytes(line.work.sent_bytes)), seconds(line.time.seconds()),
               seconds(line.physical_bound_s), fmt::format("{:.1f}", line.time.seconds() / view.seconds * 100.0),
               std::string(accelerator::bound_name(line.binding()))},
              &line == &longest ? RowKind::best : RowKind::normal);
  }
  table.row({"host", "-", report::count(view.steps), "-", "-", "-", "-", seconds(view.host_s), "-",
             fmt::format("{:.1f}", view.host_s / view.seconds * 100.0), "overhead"});
  table.row({view.steps > 1 ? fmt::format("{} steps", view.steps) : "step", "", "", flops(view.work.operations),
             bytes(view.work.weight_bytes), amount(view.work.cache_bytes, bytes(view.work.cache_bytes)),
             amount(view.work.sent_bytes, bytes(view.work.sent_bytes)), seconds(view.seconds),
             seconds(view.physical_bound_s), "100.0", std::string(accelerator::bound_name(view.binding()))},
            RowKind::total);
  return table;
}

Table bill_table(const Explanation& explanation) {
  Table table({{.title = "The request"},
               {.title = "Alone", .align = Align::right},
               {.title = fmt::format("{} together", explanation.batch), .align = Align::right}});
  const RequestBill& alone = explanation.bill_alone;
  const RequestBill& together = explanation.bill_together;
  const auto money = [](const std::optional<double>& dollars) {
    return dollars ? human(Dollars::of(*dollars)) : "unknown";
  };
  table.row({"Replica time", seconds(alone.replica_s()), seconds(together.replica_s())});
  table.row({"  prefill", seconds(alone.prefill_s), seconds(together.prefill_s)});
  table.row({"  decode, its share of the steps", seconds(alone.decode_s), seconds(together.decode_s)});
  table.row({"Energy of the accelerators, at most", human(Joules::of(alone.joules_max)),
             human(Joules::of(together.joules_max))});
  const auto thousand = [&](const std::optional<double>& dollars) {
    return money(dollars ? std::optional(*dollars * 1e3) : dollars);
  };
  table.row({"Money, a thousand such requests", thousand(alone.dollars), thousand(together.dollars)});
  table.row({"  a million output tokens", money(alone.dollars_per_million_output),
             money(together.dollars_per_million_output)});
  return table;
}

std::string heading_words(const Subject& subject, const Explanation& explanation) {
  std::string words = fmt::format("{}: one request of {} prompt and {} output tokens", subject_words(subject),
                                  report::count(explanation.prompt_tokens), report::count(explanation.output_tokens));
  if (subject.planned) words += ", on the first choice of the plan";
  return words;
}

std::string alone_words(const Explanation& explanation) {
  return fmt::format(
      "Alone on an idle replica its first token comes after {}, the others {} apart, the last after {}. Its cache "
      "grows to {} a rank.",
      seconds(explanation.ttft_s), seconds(explanation.tpot_alone_s), seconds(explanation.e2e_alone_s),
      bytes(static_cast<double>(explanation.cache_bytes)));
}

std::string dram_words(const Subject& subject) {
  const accelerator::Machine& machine = subject.spec().machine;
  return fmt::format(
      "The rung of the DRAM: this version takes the {} of the data sheet times the share of {} that its class sustains "
      "({}). "
      "Commands to the DRAM, its banks and refresh are not looked at.",
      human(BytesPerSecond::of(machine.memory_bytes_per_s)), report::percent(machine.efficiency.bandwidth.value),
      machine.efficiency.name);
}

std::string evidence_words(const Subject& subject) {
  std::string words = fmt::format("Evidence: {}.", evidence_name(subject.deployment->cost.evidence()));
  if (subject.cost) {
    const economics::ChosenPrice& price = subject.cost->price;
    const bool rent = price.basis == economics::Basis::rent;
    words += fmt::format(" Price of an accelerator: {}, {}{}.", price_words(price), evidence_name(price.evidence),
                         rent ? ", with power and hosting in it"
                              : fmt::format("; {} with its share of a server, written off, and its power",
                                            report::per_hour(subject.cost->total())));
  }
  return words;
}

}  // namespace

std::string explanation_text(const Subject& subject, const Explanation& explanation, const report::Style& style) {
  using report::heading_text;
  using report::paragraph_text;
  using report::render_text;
  std::string text = heading_text(heading_words(subject, explanation), style);
  text += paragraph_text(alone_words(explanation), style);
  text += "\n" + heading_text("The ladder, figures of one rank", style) +
          render_text(ladder_table(subject, explanation), style);
  text += "\n" + heading_text("What it takes of a replica that is always busy", style) +
          render_text(bill_table(explanation), style);
  for (const StepView* view : {&explanation.prefill, &explanation.alone, &explanation.together}) {
    text += "\n" + heading_text(fmt::format("Operators of a rank: {}", view->name), style) +
            render_text(operator_table(*view), style);
  }
  text += "\n" + paragraph_text(dram_words(subject), style, true);
  return text + paragraph_text(evidence_words(subject), style, true);
}

}  // namespace plumb::cli
