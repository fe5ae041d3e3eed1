#pragma once
// Sources that a text cites by number, in the order in which they are first cited. Thread rule: one thread.

#include <string>
#include <vector>

#include "report/table.h"

namespace plumb::cli {

class Citations {
 public:
  /// "[2]", or "-" where there is no source.
  std::string cite(const std::string& source);
  /// A line for each: "[2] NVIDIA H100 data sheet".
  std::string text(const report::Style& style) const;

 private:
  std::vector<std::string> sources_;
};

}  // namespace plumb::cli
