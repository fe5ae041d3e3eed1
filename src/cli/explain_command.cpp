#include "cli/explain_command.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/explanation.h"
#include "cli/memory_rung.h"
#include "cli/terminal.h"

namespace plumb::cli {
namespace {

constexpr std::array operands{
    OperandSpec{"FILE.toml", "a deployment, or a service whose plan's first choice is explained"}};
constexpr std::array options{
    OptionSpec{"--input-len", "N", "prompt tokens of the request (default: the mean of the file's lengths)"},
    OptionSpec{"--output-len", "N", "output tokens of the request (default: the mean of the file's lengths)"},
    OptionSpec{"--batch", "N",
               "requests that decode together (default: the mean at a service's peak, else 32 or what fits)"},
    json_option,
    seed_option,
    jobs_option,
    catalog_option,
    memory_option,
};
constexpr std::array<std::string_view, 3> examples{
    "plumb explain examples/deployments/llama-3.1-8b-h100.toml",
    "plumb explain examples/deployments/deepseek-r1-h200-tp8.toml --input-len 4000 --output-len 1000 --batch 128",
    "plumb explain examples/companion.toml --json -",
};

/// The lengths that are not given are the file's means.
Status take_lengths(const Arguments& arguments, const Subject& subject, ExplainOptions& options_of) {
  constexpr std::int64_t tokens_max = 10'000'000;
  PLUMB_ASSIGN(options_of.prompt_tokens, arguments.integer("--input-len", 0, 1, tokens_max));
  PLUMB_ASSIGN(options_of.output_tokens, arguments.integer("--output-len", 0, 1, tokens_max));
  if (options_of.prompt_tokens > 0 && options_of.output_tokens > 0) return {};
  if (!subject.lengths) {
    return fail(input_error({arguments.operands.front(), 0, 0}, "the lengths of a request are not known",
                            "a table [lengths], or --input-len and --output-len"));
  }
  const workload::MeanLengths means = workload::mean_lengths(*subject.lengths, subject.seed);
  const auto whole = [](double mean) { return std::max<std::int64_t>(1, std::llround(mean)); };
  if (options_of.prompt_tokens == 0) options_of.prompt_tokens = whole(means.prompt_tokens);
  if (options_of.output_tokens == 0) options_of.output_tokens = whole(means.output_tokens);
  return {};
}

Result<int> run(const Arguments& arguments) {
  ExplainOptions explain_options;
  PLUMB_ASSIGN(explain_options.batch, arguments.integer("--batch", 0, 1, 1'000'000));
  PLUMB_ASSIGN(const Subject subject, read_subject(arguments));
  PLUMB_TRY(take_lengths(arguments, subject, explain_options));
  PLUMB_ASSIGN(const Explanation explanation, explain(subject, explain_options));
  const std::optional<MemoryRung> found = find_memory_rung(subject);
  const MemoryRung* rung = found ? &*found : nullptr;
  const auto json = arguments.text("--json");
  if (json) PLUMB_TRY(write_file(*json, explanation_json(subject, explanation, rung)));
  if (json != "-") fmt::print("{}", explanation_text(subject, explanation, rung, terminal_style()));
  return 0;
}

}  // namespace

CommandSpec explain_command() {
  return {"explain",
          "the ladder of one request: tokens, operators, bytes, joules, money",
          "Takes one request down the ladder on a deployment and tells what binds at each rung: the operators of its "
          "prefill and "
          "of a decode step, alone and in a batch, the bytes they move, the memory that moves them, the energy and the "
          "money.",
          operands,
          options,
          examples,
          run};
}

}  // namespace plumb::cli
