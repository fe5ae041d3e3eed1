#include <fmt/format.h>

#include "cli/explanation.h"
#include "cli/explanation_tables.h"
#include "cli/memory_rung.h"
#include "cli/pim_rung.h"
#include "cli/plan_words.h"
#include "report/units.h"

namespace plumb::cli {
namespace {

using report::human;

std::string seconds(double time_s) { return human(Seconds::of(time_s)); }

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
      human(Bytes::of(static_cast<double>(explanation.cache_bytes))));
}

std::string dram_words(const Subject& subject, bool described) {
  const accelerator::Machine& machine = subject.spec().machine;
  return fmt::format(
      "Of the {} of its memory a step has the share of {} that its class sustains ({}){}.",
      human(BytesPerSecond::of(machine.memory_bytes_per_s)), report::percent(machine.efficiency.bandwidth.value),
      machine.efficiency.name,
      described ? "" : ". Commands to the DRAM are not looked at: this memory is not described command by command");
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

std::string explanation_text(const Subject& subject, const Explanation& explanation, const MemoryRung* rung,
                             const report::Style& style) {
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
  if (rung != nullptr) {
    text += "\n" + heading_text("The rung of the DRAM, figures of one rank", style) +
            render_text(rung_table(*rung, explanation), style);
  }
  if (subject.spec().machine.pim) {
    text += "\n" + heading_text("The rung of the units in memory, decode steps of one rank", style) +
            render_text(pim_table(subject, explanation), style);
  }
  text += "\n" + paragraph_text(dram_words(subject, rung != nullptr), style, true);
  return text + paragraph_text(evidence_words(subject), style, true);
}

}  // namespace plumb::cli
