#include "cli/explanation_tables.h"

#include <algorithm>

#include <fmt/format.h>

#include "report/units.h"

namespace plumb::cli {
namespace {

using accelerator::Bound;
using report::Align;
using report::human;
using report::RowKind;
using report::Table;

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
  void row(std::string name, std::string binds, Cell cell) {
    table_.row({std::move(name), cell(explanation_.prefill), cell(explanation_.alone), cell(explanation_.together),
                std::move(binds)});
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

std::string bandwidth(const accelerator::Machine& machine) {
  return human(BytesPerSecond::of(machine.memory_bytes_per_s));
}

/// Of a million tokens computed in steps like this one.
std::string token_money(const Subject& subject, const StepView& view) {
  if (!subject.cost) return "unknown";
  const DollarsPerSecond replica = subject.cost->total() * static_cast<double>(subject.ranks());
  return human(replica * Seconds::of(view.seconds_per_token() * 1e6));
}

}  // namespace

Table ladder_table(const Subject& subject, const Explanation& explanation) {
  const accelerator::Machine& machine = subject.spec().machine;
  const double watts = machine.power_w * subject.ranks();
  const double sustained = machine.efficiency.bandwidth.value;
  Ladder ladder(explanation);
  ladder.row("Tokens computed", "an output token takes a step of its own",
             [](const StepView& view) { return report::count(view.tokens); });
  ladder.row("Context of each", "", [](const StepView& view) { return report::count(view.context); });
  ladder.row("Operations", operator_words(explanation),
             [](const StepView& view) { return flops(view.work.operations); });
  ladder.row("Bytes of weights", byte_words(explanation),
             [](const StepView& view) { return bytes(view.work.weight_bytes); });
  ladder.row("Bytes of cache", "", [](const StepView& view) { return bytes(view.work.cache_bytes); });
  ladder.row("Bytes of activations", "", [](const StepView& view) { return bytes(view.work.activation_bytes); });
  ladder.row("FLOPs a byte", intensity_words(explanation),
             [](const StepView& view) { return report::significant(view.operations_per_byte()); });
  ladder.row("Time", time_words(explanation), [](const StepView& view) { return seconds(view.seconds); });
  ladder.row("  physics allows", "", [](const StepView& view) { return seconds(view.physical_bound_s); });
  ladder.row("  what binds it", "", bound_share);
  ladder.row("Memory: bytes a token", "tokens that share a step share its weights",
             [](const StepView& view) { return bytes(view.bytes_per_token()); });
  ladder.row("  of peak bandwidth",
             fmt::format("streams sustain {} of {}", report::percent(sustained), bandwidth(machine)),
             [&](const StepView& view) { return report::percent(view.bandwidth_share(machine)); });
  ladder.row("Energy a token, at most", fmt::format("time, at a design power of {}", human(Watts::of(watts))),
             [&](const StepView& view) { return human(Joules::of(view.seconds_per_token() * watts)); });
  ladder.row("Money a million tokens", price_rung(subject),
             [&](const StepView& view) { return token_money(subject, view); });
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
               std::string(accelerator::bound_name(line.binding())) +
                   (line.in_memory.steps_in_memory > 0 ? ", in memory" : "")},
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

}  // namespace plumb::cli
