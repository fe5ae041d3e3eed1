#include <csignal>

#include "cli/program.h"

int main(int argc, char** argv) {
  // A reader that goes away, as in "plumb ... | head", is a failure to write like a full disk: what was begun is
  // removed and the exit status tells.
  std::signal(SIGPIPE, SIG_IGN);
  return plumb::cli::run_program(argc, argv);
}
