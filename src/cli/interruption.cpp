#include "cli/interruption.h"

#include <cassert>

namespace plumb::cli {
namespace {

// What a signal's handler can reach is static by nature.
std::atomic<std::atomic<bool>*> flag_of_handler = nullptr;
std::atomic<int> signal_seen = 0;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<std::atomic<bool>*>::is_always_lock_free);

extern "C" void note_signal(int signal) {
  signal_seen = signal;
  if (std::atomic<bool>* flag = flag_of_handler) flag->store(true, std::memory_order_relaxed);
}

struct sigaction handle(int signal) {
  struct sigaction before{};
  ::sigaction(signal, nullptr, &before);
  // One that is ignored, as of a job that goes on after its shell, stays so.
  if (before.sa_handler == SIG_IGN) return before;
  struct sigaction action{};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  ::sigaction(signal, &action, nullptr);
  return before;
}

}  // namespace

Interruption::Interruption() {
  assert(flag_of_handler == nullptr);
  signal_seen = 0;
  flag_of_handler = &flag_;
  before_interrupt_ = handle(SIGINT);
  before_terminate_ = handle(SIGTERM);
}

Interruption::~Interruption() {
  ::sigaction(SIGINT, &before_interrupt_, nullptr);
  ::sigaction(SIGTERM, &before_terminate_, nullptr);
  flag_of_handler = nullptr;
}

std::optional<int> Interruption::exit_status() const {
  constexpr int of_signals = 128;
  return signal_seen != 0 ? std::optional(of_signals + signal_seen) : std::nullopt;
}

}  // namespace plumb::cli
