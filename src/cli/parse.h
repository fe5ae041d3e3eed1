#pragma once
// The command line against a command's table.

#include <span>

#include "cli/command.h"

namespace plumb::cli {

/// `words` is the whole command line: the program, the command, its arguments. An unknown option names the nearest
/// known one; a missing operand names it, unless --help is asked for.
[[nodiscard]] Result<Arguments> parse_arguments(const CommandSpec& command, std::span<const char* const> words);

}  // namespace plumb::cli
