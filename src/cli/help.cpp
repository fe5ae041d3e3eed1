#include "cli/help.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb::cli {
namespace {

constexpr std::size_t width = 100;
constexpr std::string_view tagline = "from an AI service to the fleet, the memory and the money it needs";

std::string left_column(const OptionSpec& option) {
  return option.value.empty() ? std::string(option.name) : fmt::format("{} {}", option.name, option.value);
}

std::string usage(const CommandSpec& command) {
  std::string text = fmt::format("plumb {}", command.name);
  for (const OperandSpec& operand : command.operands) {
    text += operand.required ? fmt::format(" {}", operand.name) : fmt::format(" [{}]", operand.name);
  }
  return text + " [OPTION]...";
}

std::string two_columns(std::string_view left, std::string_view right, std::size_t column) {
  return fmt::format("  {:<{}}{}\n", left, column, wrapped(right, width - column - 2, column + 2));
}

std::string escaped_for_man(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\')
      escaped += "\\e";
    else if (c == '-')
      escaped += "\\-";
    else
      escaped += c;
  }
  if (escaped.starts_with('.') || escaped.starts_with('\'')) escaped.insert(0, "\\&");
  return escaped;
}

std::string manual_section(const CommandSpec& command) {
  std::string text =
      fmt::format(".SS \"{}\"\n{}\n", escaped_for_man(usage(command)), escaped_for_man(command.description));
  for (const OperandSpec& operand : command.operands) {
    text += fmt::format(".TP\n.I {}\n{}\n", escaped_for_man(operand.name), escaped_for_man(operand.help));
  }
  for (const OptionSpec& option : command.options) {
    text += fmt::format(".TP\n.B {}\n{}\n", escaped_for_man(left_column(option)), escaped_for_man(option.help));
  }
  text += ".PP\nExamples:\n.nf\n";
  for (const std::string_view example : command.examples) text += escaped_for_man(example) + "\n";
  return text + ".fi\n";
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
  std::string result;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (used > 0 && used + 1 + word.size() > columns) {
      result += '\n' + std::string(indent, ' ');
      used = 0;
    }
    if (used > 0) result += ' ', ++used;
    result += word;
    used += word.size();
  }
  return result;
}

std::string program_help() {
  std::string text = fmt::format("plumb: {}\n\nUsage: plumb COMMAND [OPTION]...\n\nCommands:\n", tagline);
  std::size_t column = 0;
  for (const CommandSpec& command : commands()) column = std::max(column, command.name.size() + 2);
  for (const CommandSpec& command : commands()) text += two_columns(command.name, command.summary, column);
  text += "\n  --help after a command tells its options; --version tells the version; --man prints the manual page.\n";
  text +=
      "\nExit status: 0 done, 1 asked for something that cannot be met, 2 bad usage or input, 3 the machine failed.\n";
  return text;
}

std::string command_help(const CommandSpec& command) {
  std::string text =
      fmt::format("{}\n\nUsage: {}\n\n{}\n", command.summary, usage(command), wrapped(command.description, width, 0));
  std::size_t column = std::string_view("--help").size() + 2;
  for (const OperandSpec& operand : command.operands) column = std::max(column, operand.name.size() + 2);
  for (const OptionSpec& option : command.options) column = std::max(column, left_column(option).size() + 2);
  if (!command.operands.empty()) text += '\n';
  for (const OperandSpec& operand : command.operands) text += two_columns(operand.name, operand.help, column);
  text += "\nOptions:\n";
  for (const OptionSpec& option : command.options) text += two_columns(left_column(option), option.help, column);
  text += two_columns("--help", "print this help", column);
  text += "\nExamples:\n";
  for (const std::string_view example : command.examples) text += fmt::format("  {}\n", example);
  return text;
}

std::string manual_page(std::string_view version) {
  std::string text =
      fmt::format(".TH PLUMB 1 \"\" \"plumb {}\"\n.SH NAME\nplumb \\- {}\n", version, escaped_for_man(tagline));
  text += ".SH SYNOPSIS\n.B plumb\n.I COMMAND\n[OPTION]...\n.SH COMMANDS\n";
  for (const CommandSpec& command : commands()) text += manual_section(command);
  text +=
      ".SH EXIT STATUS\n.TP\n.B 0\ndone\n.TP\n.B 1\nasked for something that cannot be met\n.TP\n.B 2\nbad usage or "
      "bad "
      "input\n.TP\n.B 3\nthe machine failed: disk, memory\n.TP\n.B 130\ninterrupted\n";
  text += ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nif set, nothing is printed in colour or bold\n";
  return text;
}

}  // namespace plumb::cli
