#pragma once
// Runs the program as a user does, and keeps what it printed.

#include <cstdlib>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/temporary_folder.h"

namespace plumb::test {

struct ProgramRun {
  int status = -1;  ///< exit status; 128 and the signal's number if a signal ended it
  std::string out, err;
};

struct RunOptions {
  std::string folder = PLUMB_SOURCE_DIR;  ///< to run in, so that messages name files as they were given
  std::string out_path = {};              ///< where standard output goes instead of ProgramRun::out
};

/// Standard input is empty. Nothing is a terminal.
inline ProgramRun run_program(std::vector<std::string> arguments, const RunOptions& options = {}) {
  const TemporaryFolder folder;
  const std::string out = options.out_path.empty() ? folder.file("out") : options.out_path, err = folder.file("err");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr mode_t mode = 0600;
  posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT, mode);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT, mode);

  arguments.insert(arguments.begin(), PLUMB_PROGRAM);
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  pid_t child = 0;
  const int spawned = posix_spawn(&child, PLUMB_PROGRAM, &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ProgramRun run;
  EXPECT_EQ(spawned, 0) << PLUMB_PROGRAM;
  if (spawned != 0) return run;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (options.out_path.empty()) run.out = TemporaryFolder::bytes_of(out);
  run.err = TemporaryFolder::bytes_of(err);
  return run;
}

}  // namespace plumb::test
