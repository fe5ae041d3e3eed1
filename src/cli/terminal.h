#pragma once
// The terminal as a command sees it.

#include <chrono>
#include <cstddef>
#include <string>
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

  /// `of` is 0 where the end is not known; `note` stands behind. At most ten times a second for a stage.
  void show(std::string_view stage, std::size_t done, std::size_t of, std::string_view note = {});

 private:
  bool enabled_;
  bool shown_ = false;
  std::string stage_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace plumb::cli
