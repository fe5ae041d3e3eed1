// Rules for C++ sources.

#include <algorithm>
#include <array>
#include <map>
#include <regex>

#include <fmt/format.h>

#include "rules.h"

namespace plumb::tidy {
namespace {

constexpr std::size_t lines_max = 500;

/// Files of src/ that are longer, with the length they may have. It only ever shrinks.
const std::map<std::string, std::size_t, std::less<>> long_files{};

struct Forbidden {
  const char* pattern;
  bool (*applies)(const File& file);
  std::string_view why;
};

constexpr auto anywhere = [](const File& file) { return !file.under("tests/tidy/"); };
constexpr auto in_tests = [](const File& file) { return file.under("tests/") && !file.under("tests/tidy/"); };
constexpr auto in_rooms = [](const File& file) { return file.under("src/") && !file.under("src/cli/"); };

const std::array<Forbidden, 5> forbidden{{
    {R"(std::\w+_distribution|std::shuffle|std::sample|\bmt19937)", anywhere,
     "its values differ between standard libraries; use base/random.h"},
    {R"((^|[^\w.>])s?rand\(|\brandom_device\b)", anywhere, "not the same on every run; use base/random.h with a seed"},
    {R"(\b(steady|system|high_resolution)_clock\b)", in_tests,
     "a test that looks at the clock fails on a busy machine"},
    {R"(std::(cout|cerr|clog)\b|\bf?printf\(|fmt::print)", in_rooms, "a room returns values; src/cli prints"},
    {R"(\b(std::)?(exit|quick_exit|_Exit)\()", in_rooms, "a room returns its failures; src/cli ends the program"},
}};

/// The line without a comment at its end. A "//" in a string is taken for one, which only makes a rule see less.
std::string_view without_comment(std::string_view line) { return line.substr(0, line.find("//")); }

}  // namespace

std::vector<Finding> check_file_length(const Tree& tree) {
  std::vector<Finding> findings;
  for (const File& file : tree.files) {
    if (!file.is_cpp() || !file.under("src/")) continue;
    const std::size_t count = file.lines().size();
    const auto allowed = long_files.find(file.path);
    const std::size_t most = allowed == long_files.end() ? lines_max : allowed->second;
    if (count > most) findings.push_back({file.path, 0, fmt::format("{} lines; at most {}", count, most)});
    if (allowed != long_files.end() && count <= lines_max) {
      findings.push_back({file.path, 0, "no longer too long: take it out of the list of long files"});
    }
  }
  return findings;
}

std::vector<Finding> check_headers(const Tree& tree) {
  std::vector<Finding> findings;
  for (const File& file : tree.files) {
    if (file.extension() == ".h" && !file.text.starts_with("#pragma once\n")) {
      findings.push_back({file.path, 1, "a header begins with \"#pragma once\""});
    }
  }
  return findings;
}

std::vector<Finding> check_forbidden(const Tree& tree) {
  std::vector<Finding> findings;
  for (const Forbidden& rule : forbidden) {
    const std::regex pattern(rule.pattern);
    for (const File& file : tree.files) {
      if (!file.is_cpp() || !rule.applies(file)) continue;
      std::size_t number = 0;
      for (const std::string_view line : file.lines()) {
        ++number;
        const std::string_view code = without_comment(line);
        std::cmatch match;
        if (!std::regex_search(code.begin(), code.end(), match, pattern)) continue;
        findings.push_back({file.path, number, fmt::format("\"{}\": {}", match.str(), rule.why)});
      }
    }
  }
  return findings;
}

}  // namespace plumb::tidy
