// By CLI11, whose header is slow to compile and stays in this file.

#include "cli/parse.h"

#include <deque>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace plumb::cli {
namespace {

Error unknown_option(const CommandSpec& command, const std::string& word) {
  std::vector<std::string_view> names{"--help"};
  for (const OptionSpec& option : command.options) names.push_back(option.name);
  const std::string near = nearest_word(word.substr(0, word.find('=')), names);
  if (!word.starts_with('-')) {
    return input_error({}, fmt::format("\"{}\" is one argument too many", word),
                       fmt::format("plumb {} --help", command.name));
  }
  return input_error({}, fmt::format("unknown option {}", word),
                     near.empty() ? fmt::format("plumb {} --help", command.name) : fmt::format("perhaps {}", near));
}

std::string joined(std::span<const char* const> words) {
  std::string line = "plumb";
  for (const char* word : words.subspan(1)) line += fmt::format(" {}", word);
  return line;
}

}  // namespace

Result<Arguments> parse_arguments(const CommandSpec& command, std::span<const char* const> words) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.prefix_command(false);

  bool help = false;
  app.add_flag("--help,-h", help);
  std::deque<std::string> values(command.options.size());
  std::deque<bool> flags(command.options.size(), false);
  std::vector<CLI::Option*> parsed;
  for (std::size_t i = 0; i < command.options.size(); ++i) {
    const std::string name(command.options[i].name);
    parsed.push_back(command.options[i].value.empty() ? app.add_flag(name, flags[i]) : app.add_option(name, values[i]));
  }
  std::vector<std::string> reversed;
  for (std::size_t i = words.size(); i-- > 2;) reversed.emplace_back(words[i]);
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return fail(input_error({}, error.what(), fmt::format("plumb {} --help", command.name)));
  }

  Arguments arguments;
  arguments.command_line = joined(words);
  for (std::size_t i = 0; i < command.options.size(); ++i) {
    if (parsed[i]->count() > 0) arguments.options.emplace(command.options[i].name, values[i]);
  }
  if (help) {
    arguments.options.emplace("--help", "");
    return arguments;
  }
  for (const std::string& word : app.remaining()) {
    if (word.starts_with('-') && word != "-") return fail(unknown_option(command, word));
    arguments.operands.push_back(word);
  }
  if (arguments.operands.size() > command.operands.size()) {
    return fail(unknown_option(command, arguments.operands[command.operands.size()]));
  }
  for (std::size_t i = arguments.operands.size(); i < command.operands.size(); ++i) {
    if (command.operands[i].required) {
      return fail(input_error({}, fmt::format("plumb {}: {} is missing", command.name, command.operands[i].name),
                              std::string(command.operands[i].help)));
    }
  }
  return arguments;
}

}  // namespace plumb::cli
