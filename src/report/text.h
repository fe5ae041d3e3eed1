#pragma once
// UTF-8 text for terminals and markup: how wide it is, and copies of it that are safe to print. Texts come from files
// of the user, so any bytes are accepted; what is not UTF-8 counts and is shown as U+FFFD. All functions are pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace plumb::report {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;  ///< taken from the text, from 1
  bool valid = true;
};

/// The first code point of a text that is not empty. Overlong forms, surrogates and truncated sequences are not valid.
CodePoint first_code_point(std::string_view text);

/// Columns the text takes on a terminal: 2 for East Asian wide characters and emoji, 0 for combining marks.
std::size_t display_width(std::string_view text);

/// The text with every invalid byte replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

/// Valid and on one line: line ends, tabs and other control characters, which could move a terminal's cursor, are
/// spaces.
std::string printable(std::string_view text);

/// For XML and HTML, in text and in attributes: & < > " ' escaped, and characters that XML does not allow replaced.
std::string escape_markup(std::string_view text);

/// Breaks at spaces so that each line is at most `columns` wide; a longer word stands on a line of its own.
std::string wrap(std::string_view text, std::size_t columns, std::string_view indent = {});

/// At most `columns` wide, with "…" at the end where something was cut.
std::string shorten(std::string_view text, std::size_t columns);

}  // namespace plumb::report
