#pragma once
// A command of the program, as data: its words, options and help come from one table, from which the parser, --help and
// the manual page are made. A new command is a file of its own and one line in command_table.cpp.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumb::cli {

struct OptionSpec {
  std::string_view name;   ///< "--json"
  std::string_view value;  ///< what stands for its value in help ("PATH"); empty for a flag
  std::string_view help;   ///< what it does, with the default and unit
};

struct OperandSpec {
  std::string_view name;  ///< "SERVICE.toml"
  std::string_view help;
  bool required = true;
};

/// What the user gave, as text; reading a value checks it. Errors are of the command line and say the option.
class Arguments {
 public:
  std::map<std::string, std::string, std::less<>> options;  ///< by name; flags map to ""
  std::vector<std::string> operands;
  std::string command_line;  ///< as typed, for reports

  bool flag(std::string_view name) const { return options.contains(name); }
  std::optional<std::string> text(std::string_view name) const;
  [[nodiscard]] Result<std::int64_t> integer(std::string_view name, std::int64_t absent, std::int64_t least,
                                             std::int64_t most) const;
  [[nodiscard]] Result<std::optional<double>> number(std::string_view name, double least, double most) const;
};

struct CommandSpec {
  std::string_view name;
  std::string_view summary;      ///< one line
  std::string_view description;  ///< a paragraph
  std::span<const OperandSpec> operands;
  std::span<const OptionSpec> options;
  std::span<const std::string_view> examples;
  /// Status 0 or 1 as its own answer; an Error is printed and mapped by the program.
  Result<int> (*run)(const Arguments& arguments);
};

/// All commands, in the order that help lists them.
std::span<const CommandSpec> commands();
const CommandSpec* find_command(std::string_view name);

// Options that several commands share.
inline constexpr OptionSpec json_option{"--json", "PATH",
                                        "write the result as JSON to PATH, or to standard output for -"};
inline constexpr OptionSpec jobs_option{"--jobs", "N",
                                        "threads to use (default: all processors); results do not depend on it"};
inline constexpr OptionSpec seed_option{"--seed", "N",
                                        "seed of everything left to chance (default: the file's, else 1)"};
inline constexpr OptionSpec catalog_option{
    "--catalog", "DIR",
    "a folder of accelerators/, memories/, links/, classes/ and calibrations/ that adds to the catalog or "
    "replaces entries by name"};
inline constexpr OptionSpec memory_option{
    "--memory", "OLD->NEW",
    "put NEW (hbm3e, hbm3:5200, hbm3-pim, stack.toml) in the place of the memory OLD of every accelerator that has it; "
    "+pim: give every accelerator the kind of its memory that computes, where one is known"};

}  // namespace plumb::cli
