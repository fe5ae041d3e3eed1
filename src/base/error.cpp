#include "base/error.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"

namespace plumb {
namespace {

/// Bytes of the next character, or of the stray byte, that `text` begins with.
std::size_t step(std::string_view text) { return std::max<std::size_t>(1, utf8_length(text)); }

/// Whether a terminal shows the character instead of obeying it. U+0080 to U+009F are controls too.
bool is_printable(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first >= 0x20 && first < 0x7f;
  return first != 0xc2 || static_cast<unsigned char>(character[1]) >= 0xa0;
}

/// `text` with an escape for every character that is not printable.
std::string escaped(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, step(text.substr(at)));
    at += character.size();
    if (is_printable(character)) {
      result += character;
    } else if (character == "\n") {
      result += "\\n";
    } else if (character == "\t") {
      result += "\\t";
    } else {
      for (const char byte : character) result += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
  }
  return result;
}

/// The characters of a line, each printable and one column wide, but for tabs.
std::vector<std::string_view> shown_characters(std::string_view line) {
  std::vector<std::string_view> characters;
  for (std::size_t at = 0; at < line.size();) {
    const std::string_view character = line.substr(at, step(line.substr(at)));
    at += character.size();
    characters.push_back(is_printable(character) || character == "\t" ? character : std::string_view("?"));
  }
  return characters;
}

std::string excerpt_with_caret(std::string_view line, std::size_t column) {
  // A very long line would hide the message it belongs to; the part around the column is enough.
  constexpr std::size_t shown_max = 160, shown_before = 60;
  const std::vector<std::string_view> characters = shown_characters(line);
  const std::size_t caret = std::min(column, characters.size());
  const bool cut = characters.size() > shown_max;
  const std::size_t first = cut && caret > shown_before ? caret - shown_before : 0;
  const std::size_t last = std::min(characters.size(), first + shown_max);

  std::string shown = first > 0 ? "  ..." : "  ";
  std::string under(shown.size(), ' ');
  for (std::size_t i = first; i < last; ++i) {
    shown += characters[i];
    if (i < caret) under += characters[i] == "\t" ? '\t' : ' ';
  }
  return shown + (last < characters.size() ? "..." : "") + "\n" + under + "^\n";
}

}  // namespace

Error input_error(Place place, std::string message, std::string expected) {
  return {Fault::input, std::move(place), std::move(message), std::move(expected), {}};
}

Error unmet_error(std::string message, std::string expected) {
  return {Fault::unmet, {}, std::move(message), std::move(expected), {}};
}

Error machine_error(Place place, std::string message) {
  return {Fault::machine, std::move(place), std::move(message), {}, {}};
}

std::string one_line(const Error& error) {
  std::string text;
  if (!error.place.file.empty()) text += error.place.file + ":";
  if (error.place.line > 0) text += fmt::format("{}:", error.place.line);
  if (error.place.line > 0 && error.place.column > 0) text += fmt::format("{}:", error.place.column);
  if (!text.empty()) text += " ";
  text += error.message;
  if (!error.expected.empty()) text += "; expected " + error.expected;
  return escaped(text);
}

std::string render(const Error& error) {
  std::string text = one_line(error) + "\n";
  if (error.excerpt.empty() || error.place.column < 1) return text;
  return text + excerpt_with_caret(error.excerpt, static_cast<std::size_t>(error.place.column) - 1);
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t characters_max = 60;
  std::size_t end = 0;
  for (std::size_t count = 0; count < characters_max && end < text.size(); ++count) end += step(text.substr(end));
  return fmt::format("\"{}{}\"", text.substr(0, end), end < text.size() ? "..." : "");
}

int exit_status(Fault fault) {
  switch (fault) {
    case Fault::unmet: return 1;
    case Fault::input: return 2;
    case Fault::machine: return 3;
  }
  return 3;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
    }
  }
  return row[b.size()];
}

}  // namespace plumb
