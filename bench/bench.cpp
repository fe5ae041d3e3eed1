#include "bench.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>

#include <unistd.h>

#include <fmt/format.h>

#include "base/file.h"

namespace plumb::bench {
namespace {

double run_s(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

void check(bool right, std::string_view what) {
  if (right) return;
  fmt::print(stderr, "plumb_bench: wrong answer: {}\n", what);
  std::exit(1);
}

double shortest_s(const Work& work, int rounds) {
  work();  // the first run fills caches and faults pages in
  double shortest = std::numeric_limits<double>::infinity();
  for (int i = 0; i < rounds; ++i) shortest = std::min(shortest, run_s(work));
  return shortest;
}

double ratio(const Work& work, const Work& yardstick, int rounds) {
  work();
  yardstick();
  std::vector<double> ratios;
  for (int i = 0; i < rounds; ++i) {
    const double work_s = run_s(work);
    ratios.push_back(work_s / run_s(yardstick));
  }
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  return *middle;
}

Work memory_copy(std::size_t bytes) {
  auto from = std::make_shared<std::vector<char>>(bytes, 'x');
  auto to = std::make_shared<std::vector<char>>(bytes, 'y');
  return [from, to] {
    std::memcpy(to->data(), from->data(), from->size());
    keep(to->data());
  };
}

Work integer_chain(std::uint64_t steps) {
  return [steps] {
    std::uint64_t state = 1;
    for (std::uint64_t i = 0; i < steps; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      keep(state);
    }
  };
}

TemporaryFile::TemporaryFile(std::string_view name, std::string_view bytes)
    : path_((std::filesystem::temp_directory_path() / fmt::format("plumb_bench.{}.{}", ::getpid(), name)).string()) {
  check(write_file(path_, bytes).has_value(), "cannot write " + path_);
}

TemporaryFile::~TemporaryFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace plumb::bench
