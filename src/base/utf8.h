#pragma once
// Where the characters of a UTF-8 text end, as far as places, carets and messages need it.

#include <cstddef>
#include <string>
#include <string_view>

namespace plumb {

/// Bytes of the well-formed character that `text` begins with (1 to 4), or 0 where it begins with none.
std::size_t utf8_length(std::string_view text);

/// Offset of the first byte that is not well-formed UTF-8; the text's size if all of it is.
std::size_t utf8_valid_until(std::string_view text);

/// Whether the byte begins a character of well-formed text.
constexpr bool utf8_begins(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

/// `text` without the byte order mark that some editors put first.
std::string_view without_byte_order_mark(std::string_view text);

}  // namespace plumb
