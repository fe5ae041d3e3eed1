#include "report/text.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace plumb::report {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct Block {
  char32_t first, last;
};

// East_Asian_Width W or F of Unicode's EastAsianWidth.txt, joined into blocks where only unassigned code points lie
// between, and the emoji that terminals draw wide.
constexpr std::array<Block, 18> wide_blocks{{
    {0x1100, 0x115F},
    {0x2E80, 0x303E},
    {0x3041, 0x33FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF},
    {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF},
    {0x1F900, 0x1F9FF},
    {0x1FA70, 0x1FAFF},
    {0x20000, 0x2FFFD},
    {0x30000, 0x3FFFD},
}};

// Combining marks, joiners, and the vowels and finals of decomposed Hangul, which join the leading consonant's cell.
constexpr std::array<Block, 7> zero_blocks{{
    {0x0300, 0x036F},
    {0x1160, 0x11FF},
    {0x200B, 0x200F},
    {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F},
    {0xFEFF, 0xFEFF},
}};

template <std::size_t N>
bool in_blocks(const std::array<Block, N>& blocks, char32_t c) {
  return std::any_of(blocks.begin(), blocks.end(), [c](Block block) { return block.first <= c && c <= block.last; });
}

bool is_control(char32_t c) { return c < 0x20 || (0x7F <= c && c < 0xA0); }

std::size_t width_of(CodePoint point) {
  if (!point.valid) return 1;
  if (is_control(point.value) || in_blocks(zero_blocks, point.value)) return 0;
  return in_blocks(wide_blocks, point.value) ? 2 : 1;
}

/// Calls visit(code point, its bytes) from the start of the text to its end.
template <class Visit>
void for_each_code_point(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    visit(point, text.substr(0, point.bytes));
    text.remove_prefix(point.bytes);
  }
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  const std::size_t length = utf8_length(text);
  if (length == 0) return {0xFFFD, 1, false};
  const auto lead = static_cast<unsigned char>(text[0]);
  char32_t value = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) value = (value << 6) | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  return {value, length, true};
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for_each_code_point(text, [&width](CodePoint point, std::string_view) { width += width_of(point); });
  return width;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for_each_code_point(text,
                      [&out](CodePoint point, std::string_view bytes) { out += point.valid ? bytes : replacement; });
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for_each_code_point(text, [&out](CodePoint point, std::string_view bytes) {
    out += !point.valid ? replacement : is_control(point.value) ? std::string_view(" ") : bytes;
  });
  return out;
}

std::string escape_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for_each_code_point(text, [&out](CodePoint point, std::string_view bytes) {
    const char32_t c = point.value;
    const bool barred = !point.valid || (c < 0x20 && c != '\t' && c != '\n') || c == 0xFFFE || c == 0xFFFF;
    if (barred)
      out += replacement;
    else if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += bytes;
  });
  return out;
}

std::string wrap(std::string_view text, std::size_t columns, std::string_view indent) {
  const std::string line_text = printable(text);
  std::string_view rest = line_text;
  std::string out;
  std::size_t used = 0;
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (rest.empty()) return out;
    const std::string_view word = rest.substr(0, rest.find(' '));
    const std::size_t width = display_width(word);
    if (used > 0 && used + 1 + width > columns) {
      out += '\n';
      used = 0;
    }
    out += used > 0 ? std::string_view(" ") : indent;
    out += word;
    used += width + (used > 0 ? 1 : 0);
    rest.remove_prefix(word.size());
  }
}

std::string shorten(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  std::string out;
  std::size_t used = 0;
  bool full = columns == 0;
  for_each_code_point(text, [&](CodePoint point, std::string_view bytes) {
    full = full || used + width_of(point) + 1 > columns;  // one column is the ellipsis's
    if (full) return;
    out += bytes;
    used += width_of(point);
  });
  if (columns > 0) out += "…";
  return out;
}

}  // namespace plumb::report
