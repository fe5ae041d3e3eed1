#include "base/number_text.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace plumb {

std::string NumberText::with(double other) const { return fmt::format("{}{}{}", before, other, after); }

std::optional<NumberText> split_number(std::string_view text) {
  std::size_t begin = text.find_first_of("0123456789");
  if (begin == std::string_view::npos) return std::nullopt;
  if (begin > 0 && text[begin - 1] == '.') --begin;
  if (begin > 0 && text[begin - 1] == '-') --begin;
  NumberText found;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data() + begin, end, found.number);
  if (code != std::errc{} || !std::isfinite(found.number)) return std::nullopt;
  found.before = text.substr(0, begin);
  found.after = std::string(stop, end);
  return found;
}

}  // namespace plumb
