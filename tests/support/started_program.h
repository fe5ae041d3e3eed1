#pragma once
// The program while it runs, to send it signals.

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/temporary_folder.h"

namespace plumb::test {

class StartedProgram {
 public:
  /// Standard error goes to `err_path`, such as a terminal, instead of err() where it is given.
  explicit StartedProgram(std::vector<std::string> arguments, std::string err_path = {}) {
    if (err_path.empty()) err_path = folder_.file("err");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, PLUMB_SOURCE_DIR);
    constexpr mode_t mode = 0600;
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, folder_.file("out").c_str(), O_WRONLY | O_CREAT, mode);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_path.c_str(), O_WRONLY | O_CREAT | O_NOCTTY, mode);
    // A shell in the background may have left SIGINT ignored.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    arguments.insert(arguments.begin(), PLUMB_PROGRAM);
    std::vector<char*> words;
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    EXPECT_EQ(posix_spawn(&child_, PLUMB_PROGRAM, &actions, &attributes, words.data(), environ), 0);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~StartedProgram() {
    if (!running()) return;
    kill(SIGKILL);
    wait();
  }
  StartedProgram(const StartedProgram&) = delete;
  StartedProgram& operator=(const StartedProgram&) = delete;

  bool running() {
    if (!ended_) ended_ = waitpid(child_, &status_, WNOHANG) == child_;
    return !ended_;
  }
  void kill(int signal) const { ::kill(child_, signal); }
  /// Waits until `condition` or the program's end; false at its end.
  template <class Condition>
  bool wait_until(Condition condition) {
    while (!condition()) {
      if (!running()) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }
  /// Waits for the end. The exit status, or minus the number of the signal that ended it.
  int wait() {
    while (!ended_) ended_ = waitpid(child_, &status_, 0) == child_;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
  }
  std::string out() const { return TemporaryFolder::bytes_of(folder_.file("out")); }
  std::string err() const { return TemporaryFolder::bytes_of(folder_.file("err")); }

 private:
  TemporaryFolder folder_;
  pid_t child_ = 0;
  int status_ = 0;
  bool ended_ = false;
};

}  // namespace plumb::test
