// plumb_bench [TEXT]: runs the benchmarks whose name contains TEXT, or all, and prints one line a figure: NAME VALUE
// UNIT.

#include <array>
#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "bench.h"

namespace {

struct Named {
  std::string_view name;
  plumb::bench::Benchmark run;
};

constexpr std::array benchmarks{
    Named{"base.line_reader", plumb::bench::line_reader},  Named{"serving_s1", plumb::bench::serving_s1},
    Named{"serving_loads", plumb::bench::serving_loads},   Named{"serving_week", plumb::bench::serving_week},
    Named{"plan_companion", plumb::bench::plan_companion}, Named{"memory", plumb::bench::memory_patterns},
};

}  // namespace

int main(int argc, char** argv) {
  const std::string_view text = argc > 1 ? argv[1] : "";
  plumb::bench::Figures figures;
  for (const Named& benchmark : benchmarks) {
    if (benchmark.name.find(text) == std::string_view::npos) continue;
    fmt::print(stderr, "{}\n", benchmark.name);
    benchmark.run(figures);
  }
  for (const auto& figure : figures) fmt::print("{} {:.6g} {}\n", figure.name, figure.value, figure.unit);
  return figures.empty() ? 2 : 0;
}
