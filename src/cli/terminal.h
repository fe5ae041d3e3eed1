#pragma once
// The terminal as a command sees it.

#include <cstddef>
#include <string_view>

#include "report/table.h"

namespace plumb::cli {

/// Style of standard output: decorated on a terminal unless NO_COLOR is set.
report::Style terminal_style();

/// One line on standard error that is redrawn, on a terminal only; nothing elsewhere. The line is erased at the end.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `of` is 0 where the end is not known.
  void show(std::string_view stage, std::size_t done, std::size_t of);

 private:
  bool enabled_;
  bool shown_ = false;
};

}  // namespace plumb::cli
