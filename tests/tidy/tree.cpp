#include "tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

namespace plumb::tidy {
namespace {

namespace fs = std::filesystem;

bool is_left_out(const fs::directory_entry& entry, bool at_root) {
  const std::string name = entry.path().filename().string();
  if (entry.is_directory()) {
    return (name.starts_with('.') && name != ".ci") || name == "node_modules" || (at_root && name.starts_with("build"));
  }
  return at_root && name == "report.html";
}

bool is_foreign(std::string_view path) {
  return path.starts_with("tests/data/") || path.starts_with("tests/fuzz/corpus/");
}

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void read_folder(const fs::path& root, const fs::path& folder, Tree& tree) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (is_left_out(entry, folder == root)) continue;
    const std::string path = fs::relative(entry.path(), root).generic_string();
    tree.paths.insert(path);
    if (entry.is_directory()) {
      read_folder(root, entry.path(), tree);
    } else if (!is_foreign(path)) {
      tree.files.push_back({path, read(entry.path())});
    }
  }
}

}  // namespace

std::string_view File::folder() const {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string_view() : std::string_view(path).substr(0, slash);
}

std::string_view File::extension() const {
  const std::string_view name = std::string_view(path).substr(folder().size());
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot);
}

std::vector<std::string_view> File::lines() const {
  std::vector<std::string_view> lines;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return lines;
}

const File* Tree::find(std::string_view path) const {
  const auto found = std::find_if(files.begin(), files.end(), [&](const File& file) { return file.path == path; });
  return found == files.end() ? nullptr : &*found;
}

void Tree::add(std::string path, std::string text) {
  for (fs::path parent = fs::path(path); !parent.empty(); parent = parent.parent_path()) {
    paths.insert(parent.generic_string());
  }
  files.push_back({std::move(path), std::move(text)});
}

Tree read_tree(const std::string& root) {
  Tree tree;
  read_folder(root, root, tree);
  std::sort(tree.files.begin(), tree.files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return tree;
}

std::vector<std::string> rooms_in_order(const Tree& tree) {
  std::vector<std::string> rooms;
  const File* file = tree.find("CMakeLists.txt");
  if (file == nullptr) return rooms;
  static const std::regex room(R"(\n\s*add_subdirectory\(src/(\w+)\))");
  for (std::sregex_iterator match(file->text.begin(), file->text.end(), room), end; match != end; ++match) {
    rooms.push_back((*match)[1].str());
  }
  return rooms;
}

std::vector<std::string> links_of(const Tree& tree, std::string_view room) {
  const File* file = tree.find("src/" + std::string(room) + "/CMakeLists.txt");
  std::vector<std::string> links;
  if (file == nullptr) return links;
  static const std::regex call(R"(plumb_room\(\s*\w+([^)]*)\))");
  std::smatch match;
  if (!std::regex_search(file->text, match, call)) return links;
  static const std::regex words(R"(\S+)");
  const std::string arguments = match[1].str();
  bool in_links = false;
  for (std::sregex_iterator word(arguments.begin(), arguments.end(), words), end; word != end; ++word) {
    if (word->str() == "LINKS" || word->str() == "PRIVATE") {
      in_links = word->str() == "LINKS";
    } else if (in_links) {
      links.push_back(word->str());
    }
  }
  return links;
}

std::set<std::string, std::less<>> reachable_from(const Tree& tree, std::string_view room) {
  std::set<std::string, std::less<>> reached;
  std::vector<std::string> waiting{std::string(room)};
  while (!waiting.empty()) {
    const std::string next = waiting.back();
    waiting.pop_back();
    if (!reached.insert(next).second) continue;
    for (const std::string& link : links_of(tree, next)) waiting.push_back(link);
  }
  return reached;
}

}  // namespace plumb::tidy
