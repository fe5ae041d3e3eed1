// Runs a fuzz target without libFuzzer: first the seeds, then mutations of them, each known by a seed number and an
// iteration. Whatever ends the process early, the iteration and the command that runs it again are printed last.
//
//   TARGET [--seed S] [--iterations N] [--from I] SEEDS...    N mutations after the seeds; or as many from I on
//   TARGET [--seed S] --iteration I SEEDS...                  that one alone
//   TARGET [--seed S] --print I SEEDS...                      writes its bytes to standard output
//
// SEEDS are files, or folders without their documents (.md).
// With one file and --iteration 0 it runs that file.

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <sys/time.h>
#include <unistd.h>

#include "mutator.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// Of the sanitizers' runtime, absent where the program is built without.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

// An input takes microseconds. One that takes this long of the processor's time is taken for a hang.
constexpr int hang_s = 20;

// What a signal handler prints. It may not allocate, so the text is made before each input is run.
char replay_command[4096];
char note[sizeof replay_command + 128];
volatile std::sig_atomic_t note_length = 0;

void print_note() {
  const auto length = static_cast<std::size_t>(note_length);
  note_length = 0;
  if (length > 0 && ::write(STDERR_FILENO, note, length) < 0) ::_exit(1);
}

void on_signal(int signal) {
  constexpr char hang[] = "\nthe input takes too long\n";
  if (signal == SIGPROF && ::write(STDERR_FILENO, hang, sizeof hang - 1) < 0) ::_exit(1);
  print_note();
  if (signal == SIGPROF) ::_exit(1);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void watch_for_death() {
  std::signal(SIGABRT, on_signal);
  std::signal(SIGPROF, on_signal);
  if (__sanitizer_set_death_callback != nullptr) {
    // The sanitizers have handlers for the other signals, which print more than ours would.
    __sanitizer_set_death_callback(print_note);
    return;
  }
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(signal, on_signal);
}

void start_watch(std::uint64_t iteration) {
  note_length = std::snprintf(note, sizeof note, "\nfailed at iteration %llu; again with:\n  %s --iteration %llu\n",
                              static_cast<unsigned long long>(iteration), replay_command,
                              static_cast<unsigned long long>(iteration));
  itimerval limit{};
  limit.it_value.tv_sec = hang_s;
  ::setitimer(ITIMER_PROF, &limit, nullptr);
}

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t iterations = 0;
  std::uint64_t from = 0;
  bool alone = false, print = false;
  std::vector<std::string> paths;
};

[[noreturn]] void refuse(const std::string& message) {
  std::cerr << message << '\n';
  std::exit(2);
}

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (!word.starts_with("--")) {
      options.paths.push_back(word);
      continue;
    }
    if (i + 1 == argc) refuse(word + " needs a number");
    char* end = nullptr;
    const std::uint64_t number = std::strtoull(argv[++i], &end, 10);
    if (end == argv[i] || *end != '\0') refuse(word + " needs a number");
    if (word == "--seed") {
      options.seed = number;
    } else if (word == "--iterations") {
      options.iterations = number;
    } else if (word == "--from" || word == "--iteration" || word == "--print") {
      options.from = number;
      options.alone = word != "--from";
      options.print = word == "--print";
    } else {
      refuse("unknown option " + word);
    }
  }
  return options;
}

std::vector<std::string> read_seeds(const std::vector<std::string>& paths) {
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path path : paths) {
    if (!std::filesystem::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    const auto first = static_cast<std::ptrdiff_t>(files.size());
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.is_regular_file() && entry.path().extension() != ".md") files.push_back(entry.path());
    }
    std::sort(files.begin() + first, files.end());
  }
  std::vector<std::string> seeds;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) refuse("cannot read " + file.string());
    seeds.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  if (seeds.empty()) refuse("no seeds");
  return seeds;
}

void run(const std::string& input) {
  // A copy of its own on the heap: reading past its end is then seen.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = read_options(argc, argv);
  const plumb::fuzz::Mutator mutator(read_seeds(options.paths));
  if (options.print) {
    std::cout << mutator.input(options.seed, options.from);
    return 0;
  }
  std::string command = std::string(argv[0]) + " --seed " + std::to_string(options.seed);
  for (const std::string& path : options.paths) command += " " + path;
  std::strncpy(replay_command, command.c_str(), sizeof replay_command - 1);

  watch_for_death();
  const std::uint64_t count = options.alone ? 1 : mutator.seeds() + options.iterations;
  for (std::uint64_t i = options.from; i < options.from + count; ++i) {
    const std::string input = mutator.input(options.seed, i);
    start_watch(i);
    run(input);
  }
  note_length = 0;
  std::cout << mutator.seeds() << " seeds, " << count << " inputs\n";
  return 0;
}
