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

void Progress::show(std::string_view stage, std::size_t done, std::size_t of, std::string_view note) {
  if (!enabled_) return;
  const auto now = std::chrono::steady_clock::now();
  if (stage == stage_ && now < next_) return;
  constexpr std::chrono::milliseconds pause{100};
  next_ = now + pause;
  stage_ = stage;
  shown_ = true;
  std::string line(stage);
  if (of > 0) {
    const std::size_t cells = note.empty() ? 30 : 20;  // so that 80 columns hold the line
    const std::size_t filled = std::min(cells, done * cells / of);
    line += fmt::format(" [{}{}]", std::string(filled, '#'), std::string(cells - filled, '.'));
  }
  line += fmt::format(" {}", done);
  if (of > 0) line += fmt::format("/{}", of);
  if (!note.empty()) line += fmt::format(", {}", note);
  fmt::print(stderr, "\r\x1b[K{}", line);
  std::fflush(stderr);
}

}  // namespace plumb::cli
