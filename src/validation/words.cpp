#include "validation/words.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace plumb::validation {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// The end of the number that begins at `at`, which is a digit; commas count where three digits follow.
std::size_t number_end(std::string_view text, std::size_t at) {
  bool fraction = false;
  while (at < text.size()) {
    const auto digit = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
    if (is_digit(text[at])) {
      ++at;
    } else if (text[at] == ',' && !fraction && digit(at + 1) && digit(at + 2) && digit(at + 3) && !digit(at + 4)) {
      ++at;
    } else if (text[at] == '.' && !fraction && digit(at + 1)) {
      fraction = true;
      ++at;
    } else {
      break;
    }
  }
  return at;
}

std::optional<double> number_at(std::string_view text, std::size_t at) {
  std::string digits(text.substr(at, number_end(text, at) - at));
  std::erase(digits, ',');
  double value = 0.0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::size_t find(std::string_view text, std::string_view phrase, std::size_t from = 0) {
  const auto at = std::search(text.begin() + static_cast<std::ptrdiff_t>(std::min(from, text.size())), text.end(),
                              phrase.begin(), phrase.end(), [](char a, char b) { return lower(a) == lower(b); });
  return at == text.end() && !phrase.empty() ? std::string_view::npos : static_cast<std::size_t>(at - text.begin());
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  return lowered;
}

std::string squeezed(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (is_alnum(c)) kept += lower(c);
  }
  return kept;
}

bool says(std::string_view text, std::string_view phrase) { return find(text, phrase) != std::string_view::npos; }

bool says_word(std::string_view text, std::string_view word) {
  for (std::size_t at = find(text, word); at != std::string_view::npos; at = find(text, word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_alnum(text[at - 1])) && (end == text.size() || !is_alnum(text[end]))) return true;
  }
  return false;
}

std::optional<double> first_number(std::string_view text) {
  const auto at = std::find_if(text.begin(), text.end(), is_digit);
  if (at == text.end()) return std::nullopt;
  return number_at(text, static_cast<std::size_t>(at - text.begin()));
}

std::optional<double> number_after(std::string_view text, std::string_view phrase) {
  constexpr std::string_view between = " =:~<>,(";
  for (std::size_t at = find(text, phrase); at != std::string_view::npos; at = find(text, phrase, at + 1)) {
    const std::size_t number = text.find_first_not_of(between, at + phrase.size());
    if (number != std::string_view::npos && is_digit(text[number])) return number_at(text, number);
  }
  return std::nullopt;
}

std::optional<double> number_before(std::string_view text, std::string_view phrase) {
  for (std::size_t at = find(text, phrase); at != std::string_view::npos; at = find(text, phrase, at + 1)) {
    std::size_t end = at;
    while (end > 0 && text[end - 1] == ' ') --end;
    std::size_t begin = end;
    while (begin > 0 && (is_digit(text[begin - 1]) || text[begin - 1] == ',')) --begin;
    while (begin < end && text[begin] == ',') ++begin;
    if (begin < end) return number_at(text, begin);
  }
  return std::nullopt;
}

std::vector<std::string_view> parts_of(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t first = part.find_first_not_of(' ');
    if (first == std::string_view::npos) continue;
    part = part.substr(first, part.find_last_not_of(' ') - first + 1);
    parts.push_back(part);
  }
  return parts;
}

}  // namespace plumb::validation
