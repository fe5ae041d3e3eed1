#pragma once
// Ctrl-C, so that a long command ends cleanly: while there is an Interruption, the first SIGINT or SIGTERM sets its
// flag and a second one ends the process at once, as without it. At most one at a time; made and destroyed by the main
// thread.

#include <atomic>
#include <csignal>
#include <optional>

namespace plumb::cli {

class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// True when it is time to stop: for whoever runs meanwhile.
  const std::atomic<bool>& flag() const { return flag_; }
  /// Stops for a reason of our own; no signal.
  void stop() { flag_.store(true, std::memory_order_relaxed); }
  /// 128 + the signal's number, as shells have it; nothing where none came.
  std::optional<int> exit_status() const;

 private:
  std::atomic<bool> flag_ = false;
  struct sigaction before_interrupt_{}, before_terminate_{};
};

}  // namespace plumb::cli
