#pragma once
// Help texts and the manual page, made from the command table.

#include <string>
#include <string_view>

#include "cli/command.h"

namespace plumb::cli {

std::string program_help();
std::string command_help(const CommandSpec& command);
/// plumb(1) in man's macros.
std::string manual_page(std::string_view version);

/// `text` in lines of at most `width` columns, each after the first indented by `indent` spaces.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace plumb::cli
