// Rules for the text of sources, build files, documents and data of our own.

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>

#include <fmt/format.h>

#include "rules.h"

namespace plumb::tidy {
namespace {

constexpr std::size_t columns_max = 120;

bool is_script(const File& file) { return file.text.starts_with("#!"); }

bool is_build_file(const File& file) { return file.extension() == ".cmake" || file.path.ends_with("CMakeLists.txt"); }

bool is_ours(const File& file) {
  return file.is_cpp() || is_script(file) || is_build_file(file) || file.extension() == ".md" ||
         file.extension() == ".toml" || file.path == "Makefile";
}

/// The rules' own text names what they look for.
bool is_rule(const File& file) { return file.under("tests/tidy/"); }

std::size_t characters(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;  // not a UTF-8 continuation
  }));
}

template <class Check>
std::vector<Finding> each_line(const Tree& tree, bool (*applies)(const File&), Check check) {
  std::vector<Finding> findings;
  for (const File& file : tree.files) {
    if (!applies(file)) continue;
    std::size_t number = 0;
    for (const std::string_view line : file.lines()) {
      ++number;
      if (const std::string message = check(file, line); !message.empty())
        findings.push_back({file.path, number, message});
    }
  }
  return findings;
}

}  // namespace

std::vector<Finding> check_blanks(const Tree& tree) {
  auto findings = each_line(tree, is_ours, [](const File& file, std::string_view line) -> std::string {
    if (line.ends_with('\r')) return "the line ends in CR LF";
    if (line.ends_with(' ') || line.ends_with('\t')) return "blanks at the end of the line";
    if (line.find('\t') != std::string_view::npos && file.path != "Makefile") return "a tab";
    return {};
  });
  for (const File& file : tree.files) {
    if (is_ours(file) && !file.text.empty() && !file.text.ends_with('\n')) {
      findings.push_back({file.path, 0, "no line end at the end of the file"});
    }
  }
  return findings;
}

std::vector<Finding> check_line_length(const Tree& tree) {
  constexpr auto applies = [](const File& file) { return file.is_cpp() || is_script(file) || is_build_file(file); };
  return each_line(tree, applies, [](const File&, std::string_view line) -> std::string {
    const std::size_t count = characters(line);
    return count <= columns_max ? "" : fmt::format("{} columns; at most {}", count, columns_max);
  });
}

std::vector<Finding> check_unfinished(const Tree& tree) {
  constexpr auto applies = [](const File& file) { return is_ours(file) && !is_rule(file); };
  static const std::regex words(R"(\b(TODO|FIXME|HACK|TBD)\b|^(<<<<<<<|>>>>>>>) )");
  return each_line(tree, applies, [](const File&, std::string_view line) -> std::string {
    std::cmatch match;
    if (!std::regex_search(line.begin(), line.end(), match, words)) return {};
    return fmt::format("\"{}\": finish it, or open an issue", match.str());
  });
}

std::vector<Finding> check_machine_paths(const Tree& tree) {
  constexpr auto applies = [](const File& file) { return is_ours(file) && !is_rule(file); };
  static const std::regex paths(
      R"((^|[^A-Za-z0-9_./:>*}-])(/(work|home|root|Users|tmp|mnt|media|var/tmp)/|\.\./shared/))");
  static const std::regex registries(R"(https?://(registry|deb|snapshot|pypi|packages|mirrors?)\.)");
  return each_line(tree, applies, [](const File& file, std::string_view line) -> std::string {
    std::cmatch match;
    if (std::regex_search(line.begin(), line.end(), match, registries)) return "the host of a package registry";
    if (!std::regex_search(line.begin(), line.end(), match, paths)) return {};
    if (match[2] == "/tmp/" && file.under("tests/")) return {};
    return fmt::format("\"{}\" is a path of one machine", match[2].str());
  });
}

}  // namespace plumb::tidy
