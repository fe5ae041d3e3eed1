#pragma once
// The rules of the repository that a machine can check. A rule looks at the whole tree and says what breaks it, in the
// order of the files. A new rule is a function and a line in rules.cpp's table, with a planted violation in
// rules_test.cpp.

#include <string>
#include <string_view>
#include <vector>

#include "tree.h"

namespace plumb::tidy {

struct Finding {
  std::string path;
  std::size_t line = 0;  ///< from 1; 0 is the whole file
  std::string message;
};

struct Rule {
  std::string_view name;
  std::vector<Finding> (*check)(const Tree& tree);
};

const std::vector<Rule>& rules();

// Text of any kind (rules_text.cpp).
std::vector<Finding> check_blanks(const Tree& tree);
std::vector<Finding> check_line_length(const Tree& tree);
std::vector<Finding> check_unfinished(const Tree& tree);
std::vector<Finding> check_machine_paths(const Tree& tree);

// C++ (rules_source.cpp).
std::vector<Finding> check_file_length(const Tree& tree);
std::vector<Finding> check_headers(const Tree& tree);
std::vector<Finding> check_forbidden(const Tree& tree);

// Rooms (rules_rooms.cpp).
std::vector<Finding> check_room_list(const Tree& tree);
std::vector<Finding> check_layers(const Tree& tree);
std::vector<Finding> check_includes(const Tree& tree);
std::vector<Finding> check_rooms_are_tested(const Tree& tree);

// Documents (rules_documents.cpp).
std::vector<Finding> check_links(const Tree& tree);
std::vector<Finding> check_named_files(const Tree& tree);

}  // namespace plumb::tidy
