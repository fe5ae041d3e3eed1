#include "cli/terminal.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

#include <fmt/format.h>

namespace plumb::cli {

report::Style terminal_style() {
  return {.decorated = report::may_decorate(::isatty(STDOUT_FILENO) != 0, std::getenv("NO_COLOR"))};
}

Progress::Progress() : enabled_(::isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::show(std::string_view stage, std::size_t done, std::size_t of) {
  if (!enabled_) return;
  shown_ = true;
  constexpr std::size_t cells = 30;
  if (of == 0) {
    fmt::print(stderr, "\r\x1b[K{} {}", stage, done);
    std::fflush(stderr);
    return;
  }
  const std::size_t filled = std::min(cells, done * cells / of);
  fmt::print(stderr, "\r\x1b[K{} [{}{}] {}/{}", stage, std::string(filled, '#'), std::string(cells - filled, '.'), done,
             of);
  std::fflush(stderr);
}

}  // namespace plumb::cli
