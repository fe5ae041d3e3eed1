#pragma once
// The files of a repository, read once, for rules to look at. Data that others made (tests/data, fuzz seeds) is known
// by name only.

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::tidy {

struct File {
  std::string path;  ///< relative to the repository, with "/"
  std::string text;

  std::string_view folder() const;     ///< "src/base" of "src/base/error.h"
  std::string_view extension() const;  ///< ".h"
  bool is_cpp() const { return extension() == ".h" || extension() == ".cpp"; }
  bool under(std::string_view prefix) const { return std::string_view(path).starts_with(prefix); }
  std::vector<std::string_view> lines() const;
};

struct Tree {
  std::vector<File> files;                   ///< ascending by path
  std::set<std::string, std::less<>> paths;  ///< of all files and folders

  const File* find(std::string_view path) const;
  void add(std::string path, std::string text);
};

/// Leaves out what is built and what begins with a dot, except .ci and files such as .clang-format.
Tree read_tree(const std::string& root);

/// Names in the order that the root CMakeLists.txt adds them: from the bottom of the chain up.
std::vector<std::string> rooms_in_order(const Tree& tree);
/// The rooms that a room links, directly; as its CMakeLists.txt says.
std::vector<std::string> links_of(const Tree& tree, std::string_view room);
/// The room itself and all rooms it links, directly or through others.
std::set<std::string, std::less<>> reachable_from(const Tree& tree, std::string_view room);

}  // namespace plumb::tidy
