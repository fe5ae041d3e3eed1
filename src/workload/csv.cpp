#include "workload/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace plumb::workload {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

Error error_in_column(std::size_t offset, std::string message, std::string expected) {
  return input_error({{}, 0, static_cast<int>(offset) + 1}, std::move(message), std::move(expected));
}

}  // namespace

Status CsvLine::split(std::string_view line) {
  fields_.clear();
  unquoted_.clear();
  std::size_t start = 0;
  for (;;) {
    while (start < line.size() && is_blank(line[start])) ++start;
    std::size_t end = 0;
    if (start < line.size() && line[start] == '"') {
      PLUMB_ASSIGN(end, take_quoted(line, start));
    } else {
      end = std::min(line.find(',', start), line.size());
      fields_.push_back({trimmed(line.substr(start, end - start)), static_cast<int>(start) + 1});
    }
    if (end == line.size()) return {};
    start = end + 1;
  }
}

/// Returns where the field ends: at a comma or at the end of the line.
Result<std::size_t> CsvLine::take_quoted(std::string_view line, std::size_t start) {
  std::size_t at = start + 1;
  bool doubled = false;
  for (;; ++at) {
    at = line.find('"', at);
    if (at == std::string_view::npos) {
      return fail(error_in_column(start, "a quoted field does not end", "a closing \" on the same line"));
    }
    if (at + 1 == line.size() || line[at + 1] != '"') break;
    doubled = true;
    ++at;
  }
  std::string_view text = line.substr(start + 1, at - start - 1);
  if (doubled) {
    std::string& plain = unquoted_.emplace_back();
    for (std::size_t i = 0; i < text.size(); ++i) {
      plain += text[i];
      if (text[i] == '"') ++i;
    }
    text = plain;
  }
  fields_.push_back({text, static_cast<int>(start) + 1});
  for (++at; at < line.size() && line[at] != ','; ++at) {
    if (!is_blank(line[at])) return fail(error_in_column(at, "text after a closing quote", "a comma"));
  }
  return at;
}

std::optional<std::size_t> CsvLine::find(const std::vector<std::string_view>& names) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (std::find(names.begin(), names.end(), fields_[i].text) != names.end()) return i;
  }
  return std::nullopt;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0.0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code == std::errc() && end == text.data() + text.size()) return value;
  const std::optional<double> number = parse_number(text);
  constexpr double exact_max = 9007199254740992.0;  // 2^53
  if (!number || std::floor(*number) != *number || std::abs(*number) > exact_max) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::string quoted(std::string_view value) {
  constexpr std::size_t length_max = 60;
  std::string text = "\"";
  for (const char c : value.substr(0, length_max)) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  if (value.size() > length_max) text += "...";
  return text + "\"";
}

}  // namespace plumb::workload
