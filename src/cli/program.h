#pragma once
// The program: command line in, exit status out.

namespace plumb::cli {

/// 0 done, 1 asked for something that cannot be met, 2 bad usage or bad input, 3 the machine failed, 128 + its number
/// where a signal ended it cleanly.
int run_program(int argc, const char* const* argv);

}  // namespace plumb::cli
