// Rules for documents: what they point at exists.

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <regex>

#include <fmt/format.h>

#include "rules.h"

namespace plumb::tidy {
namespace {

/// `link` as seen from the folder of a file, relative to the repository: "docs/../src/base" is "src/base".
std::string resolve(const File& file, const std::string& link) {
  const std::filesystem::path path = std::filesystem::path(file.folder()) / link;
  std::string text = path.lexically_normal().generic_string();
  while (text.ends_with('/')) text.pop_back();
  return text == "." ? "" : text;
}

/// The anchor that a heading gets: lower case, blanks as hyphens, punctuation left out.
std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || byte >= 0x80) {
      anchor += static_cast<char>(std::tolower(byte));
    } else if (c == ' ') {
      anchor += '-';
    }
  }
  return anchor;
}

bool has_anchor(const File& file, const std::string& anchor) {
  for (std::string_view line : file.lines()) {
    if (!line.starts_with('#')) continue;
    line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
    if (anchor_of(line) == anchor) return true;
  }
  return false;
}

std::string broken(const Tree& tree, const File& file, std::string target) {
  if (target.find("://") != std::string::npos || target.starts_with("mailto:")) return {};
  const std::size_t hash = target.find('#');
  const std::string anchor = hash == std::string::npos ? "" : target.substr(hash + 1);
  target.resize(std::min(hash, target.size()));
  const std::string path = target.empty() ? file.path : resolve(file, target);
  if (!path.empty() && !tree.paths.contains(path)) return fmt::format("the link to \"{}\" leads nowhere", target);
  const File* linked = tree.find(path);
  if (anchor.empty() || linked == nullptr || linked->extension() != ".md") return {};
  return has_anchor(*linked, anchor) ? "" : fmt::format("\"{}\" has no heading \"#{}\"", path, anchor);
}

template <class Check>
std::vector<Finding> each_match(const Tree& tree, const std::regex& pattern, Check check) {
  std::vector<Finding> findings;
  for (const File& file : tree.files) {
    if (file.extension() != ".md") continue;
    std::size_t number = 0;
    for (const std::string_view line : file.lines()) {
      ++number;
      for (std::cregex_iterator match(line.begin(), line.end(), pattern), end; match != end; ++match) {
        const std::string message = check(file, (*match)[1].str());
        if (!message.empty()) findings.push_back({file.path, number, message});
      }
    }
  }
  return findings;
}

}  // namespace

std::vector<Finding> check_links(const Tree& tree) {
  static const std::regex link(R"(\]\(([^)\s]+)\))");
  return each_match(tree, link,
                    [&](const File& file, const std::string& target) { return broken(tree, file, target); });
}

std::vector<Finding> check_named_files(const Tree& tree) {
  // `src/base/error.h`, `examples/`: a path between backquotes that begins with a folder of the repository. NAME,
  // TARGET and ROOM stand for what a reader fills in; what is under build/ is made.
  static const std::regex name(R"(`([a-z.][\w.-]*/[\w./-]*)`)");
  static const std::regex placeholder(R"(NAME|TARGET|ROOM)");
  return each_match(tree, name, [&](const File& file, const std::string& path) -> std::string {
    const std::string top = path.substr(0, path.find('/'));
    const bool known = tree.paths.contains(top) || tree.paths.contains(resolve(file, top));
    if (!known || std::regex_search(path, placeholder)) return {};
    const std::string bare = path.substr(0, path.find_last_not_of('/') + 1);
    const bool exists = tree.paths.contains(bare) || tree.paths.contains(resolve(file, bare));
    return exists ? "" : fmt::format("\"{}\" does not exist", path);
  });
}

}  // namespace plumb::tidy
