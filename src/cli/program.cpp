#include "cli/program.h"

#include <cstdio>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/parse.h"

namespace plumb::cli {
namespace {

int report(const Error& error) {
  fmt::print(stderr, "plumb: {}", render(error));
  return exit_status(error.fault);
}

/// What a full disk or a closed pipe swallowed only shows when the buffer goes out.
int flushed(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  return report(machine_error({"standard output", 0, 0}, "cannot write"));
}

int print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return flushed(0);
}

Error unknown_command(const std::string& word) {
  std::vector<std::string_view> names;
  for (const CommandSpec& command : commands()) names.push_back(command.name);
  const std::string near = nearest_word(word, names);
  return input_error(
      {}, fmt::format("unknown command \"{}\"", word),
      near.empty() ? fmt::format("one of {}", fmt::join(names, ", ")) : fmt::format("perhaps \"{}\"", near));
}

int run_command(const CommandSpec& command, std::span<const char* const> words) {
  const Result<Arguments> arguments = parse_arguments(command, words);
  if (!arguments) return report(arguments.error());
  if (arguments->flag("--help")) return print(command_help(command));
  const Result<int> status = command.run(*arguments);
  return status ? flushed(*status) : report(status.error());
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  try {
    const std::span<const char* const> words(argv, static_cast<std::size_t>(argc));
    if (words.size() < 2) {
      fmt::print(stderr, "{}", program_help());
      return exit_status(Fault::input);
    }
    const std::string first = words[1];
    if (first == "--help" || first == "-h" || first == "help") return print(program_help());
    if (first == "--version") return print(fmt::format("plumb {}\n", PLUMB_VERSION));
    if (first == "--man") return print(manual_page(PLUMB_VERSION));
    const CommandSpec* command = find_command(first);
    return command == nullptr ? report(unknown_command(first)) : run_command(*command, words);
  } catch (const std::bad_alloc&) {
    std::fputs("plumb: out of memory\n", stderr);
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "plumb: %s\n", exception.what());
  }
  return exit_status(Fault::machine);
}

}  // namespace plumb::cli
