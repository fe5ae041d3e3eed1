#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/inputs.h"
#include "cli/memory_actions.h"
#include "cli/memory_command_file.h"
#include "cli/memory_gemv_result.h"
#include "cli/terminal.h"

namespace plumb::cli {
namespace {

using memory::PimKernelKind;

constexpr std::array<std::string_view, 22> known_options{
    "--kernel",    "--rows",      "--columns",     "--batch",       "--elements",          "--heads",
    "--context",   "--head-size", "--queries",     "--queue",       "--write-queue",       "--write-high",
    "--write-low", "--scheduler", "--row-hit-cap", "--page-policy", "--refresh-postponed", "--channels",
    "--stacks",    "--commands",  "--json",        "--catalog"};
constexpr std::int64_t size_max = std::int64_t{1} << 24, elements_max = std::int64_t{1} << 34;

/// What each kernel's size is told by; others would be ignored without a word.
struct KernelOptions {
  PimKernelKind kind;
  std::array<std::string_view, 4> options;
};
constexpr std::array<KernelOptions, memory::pim_kernel_count> kernel_options{{
    {PimKernelKind::gemv, {"--rows", "--columns", "--batch", ""}},
    {PimKernelKind::add, {"--elements", "", "", ""}},
    {PimKernelKind::multiply, {"--elements", "", "", ""}},
    {PimKernelKind::relu, {"--elements", "", "", ""}},
    {PimKernelKind::attention, {"--heads", "--context", "--head-size", "--queries"}},
}};

Result<PimKernelKind> read_kind(const Arguments& arguments) {
  const std::string word = arguments.text("--kernel").value_or("gemv");
  std::vector<std::string_view> words;
  for (const KernelOptions& known : kernel_options) {
    words.push_back(memory::pim_kernel_name(known.kind));
    if (words.back() != word) continue;
    for (const KernelOptions& other : kernel_options)
      for (const std::string_view option : other.options) {
        const bool mine = std::ranges::find(known.options, option) != known.options.end();
        if (!option.empty() && !mine && arguments.options.contains(option))
          return fail(input_error({}, fmt::format("{} says nothing to --kernel {}", option, word)));
      }
    return known.kind;
  }
  return fail(input_error({}, fmt::format("no kernel is called \"{}\"", word),
                          fmt::format("one of {}", fmt::join(words, ", "))));
}

Result<memory::PimKernelRequest> read_request(const Arguments& arguments) {
  memory::PimKernelRequest request;
  PLUMB_ASSIGN(request.kind, read_kind(arguments));
  PLUMB_ASSIGN(request.shape.outputs, arguments.integer("--rows", 4096, 1, size_max));
  PLUMB_ASSIGN(request.shape.inputs, arguments.integer("--columns", 4096, 1, size_max));
  PLUMB_ASSIGN(const std::int64_t batch, arguments.integer("--batch", 1, 1, 1024));
  request.batch = static_cast<int>(batch);
  PLUMB_ASSIGN(request.elements, arguments.integer("--elements", std::int64_t{1} << 20, 1, elements_max));
  PLUMB_ASSIGN(request.attention.heads, arguments.integer("--heads", 64, 1, size_max));
  PLUMB_ASSIGN(request.attention.context, arguments.integer("--context", 2048, 1, size_max));
  PLUMB_ASSIGN(request.attention.head_size, arguments.integer("--head-size", 128, 1, 65536));
  PLUMB_ASSIGN(const std::int64_t queries, arguments.integer("--queries", 1, 1, 1024));
  request.attention.queries = static_cast<int>(queries);
  return request;
}

Result<int> run(const Arguments& arguments) {
  if (arguments.operands.size() < 2)
    return fail(input_error({}, "plumb memory gemv: SPEC is missing", "a memory with [dram.pim], as hbm2-pim"));
  PLUMB_TRY(check_standard_output(arguments, {"--json", "--commands"}));
  const auto json = arguments.text("--json"), command_path = arguments.text("--commands");
  PLUMB_TRY(check_outputs({json, command_path}));
  PLUMB_ASSIGN(const memory::PimKernelRequest request, read_request(arguments));
  PLUMB_ASSIGN(const catalog::Catalog catalog, read_catalog(arguments));
  PLUMB_ASSIGN(const MemorySubject subject, read_memory_subject(arguments, arguments.operands[1], catalog));
  const memory::Specification& of = subject.specification;
  std::unique_ptr<MemoryCommandFile> commands;
  memory::CommandSink sink;
  if (command_path) {
    PLUMB_ASSIGN(commands, open_memory_command_file(*command_path, of));
    sink = [&](const memory::IssuedCommand& command) { commands->add(0, std::span(&command, 1)); };
  }
  PLUMB_ASSIGN(const memory::PimKernelReport report, memory::run_pim_kernel(of, request, sink));
  if (commands != nullptr) PLUMB_TRY(commands->finish());
  const MemoryKernelRun made{subject, request, report};
  if (json) PLUMB_TRY(write_file(*json, memory_gemv_json(made)));
  if (json != "-" && command_path != "-") fmt::print("{}", memory_gemv_text(made, terminal_style()));
  return 0;
}

}  // namespace

MemoryAction memory_gemv_action() { return {"gemv", known_options, run}; }

}  // namespace plumb::cli
