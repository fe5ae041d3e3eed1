#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "cli/command.h"

namespace plumb::cli {
namespace {

template <class T>
bool parse_whole(const std::string& text, T& value) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::optional<std::string> Arguments::text(std::string_view name) const {
  const auto found = options.find(name);
  return found == options.end() ? std::nullopt : std::optional(found->second);
}

Result<std::int64_t> Arguments::integer(std::string_view name, std::int64_t absent, std::int64_t least,
                                        std::int64_t most) const {
  const std::optional<std::string> given = text(name);
  if (!given) return absent;
  std::int64_t value = 0;
  if (!parse_whole(*given, value) || value < least || value > most) {
    return fail(input_error({}, fmt::format("{} is \"{}\"", name, *given),
                            fmt::format("an integer of at least {} and at most {}", least, most)));
  }
  return value;
}

Result<std::optional<double>> Arguments::number(std::string_view name, double least, double most) const {
  const std::optional<std::string> given = text(name);
  if (!given) return std::optional<double>();
  double value = 0.0;
  if (!parse_whole(*given, value) || !std::isfinite(value) || value < least || value > most) {
    return fail(input_error({}, fmt::format("{} is \"{}\"", name, *given),
                            fmt::format("a number of at least {} and at most {}", least, most)));
  }
  return std::optional<double>(value);
}

}  // namespace plumb::cli
