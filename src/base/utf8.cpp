#include "base/utf8.h"

namespace plumb {

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  // Table 3-7 of the Unicode Standard: the bounds of the second byte shut out overlong forms, surrogates and what is
  // above U+10FFFF.
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool narrow = (first != 0xe0 || second >= 0xa0) && (first != 0xed || second <= 0x9f);
    return narrow && follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool narrow = (first != 0xf0 || second >= 0x90) && (first != 0xf4 || second <= 0x8f);
    return narrow && follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

std::size_t utf8_valid_until(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return text;
}

}  // namespace plumb
