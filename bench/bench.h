#pragma once
// The frame of the benchmarks. A benchmark is a function that measures something, checks that the answer is right, and
// adds figures; each stands in a file of its own, is declared below and has a line in main.cpp's table.
//
// Seconds differ between machines and between moments of one machine. A figure that should be compared over time is a
// ratio to a yardstick, measured in turns with the work it is held against.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::bench {

struct Figure {
  std::string name;  ///< "base.line_reader.throughput": room, thing, what is measured
  double value = 0.0;
  std::string unit;  ///< "MB/s", "ratio"
};

using Figures = std::vector<Figure>;
using Benchmark = void (*)(Figures& figures);

/// Keeps the compiler from leaving out work whose result is not used.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r,m"(value) : "memory");
}

/// Ends the program where a benchmark's answer is wrong: its speed would mean nothing.
void check(bool right, std::string_view what);

using Work = std::function<void()>;

/// Seconds of one run: the shortest of `rounds`, which is the one that other processes disturbed least.
double shortest_s(const Work& work, int rounds = 7);

/// Time of `work` over time of `yardstick`: the median over `rounds`, in each of which both run one after the other.
double ratio(const Work& work, const Work& yardstick, int rounds = 11);

// Yardsticks.
/// Copies that many bytes from one place in memory to another.
Work memory_copy(std::size_t bytes);
/// That many steps of a chain of integer operations, each of which needs the one before it: about a nanosecond a step.
Work integer_chain(std::uint64_t steps);

/// A file under the system's folder for temporary files that is removed at the end.
class TemporaryFile {
 public:
  TemporaryFile(std::string_view name, std::string_view bytes);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void line_reader(Figures& figures);
void serving_s1(Figures& figures);
void serving_loads(Figures& figures);
void serving_week(Figures& figures);
void plan_companion(Figures& figures);
void memory_patterns(Figures& figures);

}  // namespace plumb::bench
