// Rules for the rooms: who may know whom. The compiler refuses an include of a room that is not linked; these say it
// for the whole tree at once, and hold the links themselves to the order of the chain.

#include <algorithm>
#include <map>
#include <regex>

#include <fmt/format.h>

#include "rules.h"

namespace plumb::tidy {
namespace {

/// The room that a file under src/ or tests/ belongs to, or "".
std::string room_of(const File& file) {
  for (const std::string_view top : {"src/", "tests/"}) {
    if (!file.under(top)) continue;
    const std::string_view rest = std::string_view(file.path).substr(top.size());
    const std::size_t slash = rest.find('/');
    if (slash != std::string_view::npos) return std::string(rest.substr(0, slash));
  }
  return {};
}

std::string includes_wrongly(const Tree& tree, const File& file, const std::string& header,
                             const std::set<std::string, std::less<>>& rooms,
                             const std::set<std::string, std::less<>>& reachable) {
  if (header.starts_with("../") || header.starts_with("./") || header.find("/../") != std::string::npos) {
    return fmt::format("\"{}\": headers are named \"room/header.h\"", header);
  }
  if (file.under("tests/") && tree.paths.contains("tests/" + header)) return {};
  const std::string first = header.substr(0, header.find('/'));
  if (!rooms.contains(first)) {
    return file.under("src/") ? fmt::format("\"{}\": headers are named \"room/header.h\"", header) : "";
  }
  if (!reachable.contains(first)) return fmt::format("\"{}\": {} does not link {}", header, room_of(file), first);
  if (!tree.paths.contains("src/" + header)) return fmt::format("\"{}\" does not exist", header);
  return {};
}

}  // namespace

std::vector<Finding> check_room_list(const Tree& tree) {
  std::vector<Finding> findings;
  const std::vector<std::string> rooms = rooms_in_order(tree);
  for (const std::string& room : rooms) {
    if (!tree.paths.contains("src/" + room)) {
      findings.push_back({"CMakeLists.txt", 0, fmt::format("src/{} does not exist", room)});
    }
  }
  for (const File& file : tree.files) {
    const std::string room = room_of(file);
    if (file.under("src/") && file.path.ends_with("/CMakeLists.txt") &&
        std::find(rooms.begin(), rooms.end(), room) == rooms.end()) {
      findings.push_back({file.path, 0, "the room is not in the root CMakeLists.txt"});
    }
  }
  return findings;
}

std::vector<Finding> check_layers(const Tree& tree) {
  std::vector<Finding> findings;
  const std::vector<std::string> rooms = rooms_in_order(tree);
  for (auto room = rooms.begin(); room != rooms.end(); ++room) {
    for (const std::string& link : links_of(tree, *room)) {
      if (std::find(rooms.begin(), room, link) != room) continue;
      findings.push_back(
          {fmt::format("src/{}/CMakeLists.txt", *room), 0,
           fmt::format("links {}, which does not stand above {} in the root CMakeLists.txt", link, *room)});
    }
  }
  return findings;
}

std::vector<Finding> check_includes(const Tree& tree) {
  std::vector<Finding> findings;
  const std::vector<std::string> order = rooms_in_order(tree);
  const std::set<std::string, std::less<>> rooms(order.begin(), order.end());
  std::map<std::string, std::set<std::string, std::less<>>> reachable;
  for (const std::string& room : order) reachable[room] = reachable_from(tree, room);

  static const std::regex include(R"re(^\s*#\s*include\s*"([^"]*)")re");
  for (const File& file : tree.files) {
    const auto known = reachable.find(room_of(file));
    if (!file.is_cpp() || known == reachable.end()) continue;
    std::size_t number = 0;
    for (const std::string_view line : file.lines()) {
      ++number;
      std::cmatch match;
      if (!std::regex_search(line.begin(), line.end(), match, include)) continue;
      const std::string message = includes_wrongly(tree, file, match[1].str(), rooms, known->second);
      if (!message.empty()) findings.push_back({file.path, number, message});
    }
  }
  return findings;
}

std::vector<Finding> check_rooms_are_tested(const Tree& tree) {
  std::vector<Finding> findings;
  for (const std::string& room : rooms_in_order(tree)) {
    const std::string folder = fmt::format("tests/{}", room);
    const bool tested = std::any_of(tree.files.begin(), tree.files.end(), [&](const File& file) {
      return file.folder() == folder && file.extension() == ".cpp";
    });
    if (!tested) findings.push_back({folder, 0, fmt::format("src/{} has no tests", room)});
  }
  return findings;
}

}  // namespace plumb::tidy
