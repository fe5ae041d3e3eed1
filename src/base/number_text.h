#pragma once
// A number within a text that has a unit around it, so that the number can be changed and the unit kept: "$2.35/h" is
// "$", 2.35 and "/h".

#include <optional>
#include <string>
#include <string_view>

namespace plumb {

struct NumberText {
  std::string before;
  double number = 0.0;
  std::string after;
  /// The text with another number in it, in the shortest digits that read back to it.
  std::string with(double other) const;
};

/// Nothing where there is no finite number in the text.
std::optional<NumberText> split_number(std::string_view text);

}  // namespace plumb
