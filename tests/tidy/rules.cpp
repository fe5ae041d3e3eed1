#include "rules.h"

namespace plumb::tidy {

const std::vector<Rule>& rules() {
  static const std::vector<Rule> table{
      {"Blanks", check_blanks},
      {"LineLength", check_line_length},
      {"Unfinished", check_unfinished},
      {"MachinePaths", check_machine_paths},
      {"FileLength", check_file_length},
      {"Headers", check_headers},
      {"Forbidden", check_forbidden},
      {"RoomList", check_room_list},
      {"Layers", check_layers},
      {"Includes", check_includes},
      {"RoomsAreTested", check_rooms_are_tested},
      {"Links", check_links},
      {"NamedFiles", check_named_files},
  };
  return table;
}

}  // namespace plumb::tidy
