// Are the cycles of HBM-PIM's kernels those that the vendor's simulator prints? (memory at 2 Gb/s, four stacks: 64
// pseudo-channels; FP16.) Only its printed counts are known here; docs/pim.md says what they show.

#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "memory/pim_elementwise.h"
#include "memory/pim_gemv.h"
#include "memory/pim_host.h"
#include "memory/pim_player.h"
#include "memory/specifications.h"

namespace plumb::memory {
namespace {

struct Printed {
  const char* kernel;
  std::int64_t outputs, inputs;  ///< of element-wise kernels: elements, 1
  int batch;
  double host, pim;
};
constexpr Printed printed[] = {
    {"gemv", 4096, 4096, 1, 36082, 13166}, {"add", 1048576, 1, 1, 6651, 3349},
    {"mul", 2097152, 1, 1, 13255, 5926},   {"relu", 4194304, 1, 1, 17504, 7665},
    {"gemv", 1024, 4096, 1, 9038, 13166},  {"gemv", 2048, 4096, 1, 18385, 13166},
    {"gemv", 4096, 1024, 1, 9042, 3662},   {"gemv", 4096, 2048, 1, 18379, 6970},
    {"add", 2097152, 1, 1, 13255, 5926},   {"add", 4194304, 1, 1, 26856, 11806},
    {"gemv", 4096, 8192, 1, 71527, 26312}, {"gemv", 8192, 4096, 1, 71527, 26337},
    {"gemv", 4096, 4096, 4, 36172, 51941}, {"gemv", 16384, 4096, 1, 143293, 51941},
};
constexpr int stacks = 4, pseudo_channels = 64;

PimProgram program_of(const Specification& of, const Printed& row) {
  const std::string kernel = row.kernel;
  if (kernel == "gemv") return PimGemv::make(of, pseudo_channels, {row.outputs, row.inputs}).value().program(row.batch);
  const PimElementwiseKind kind = kernel == "add"   ? PimElementwiseKind::add
                                  : kernel == "mul" ? PimElementwiseKind::multiply
                                                    : PimElementwiseKind::relu;
  return PimElementwise::make(of, pseudo_channels, kind, row.outputs).value().program();
}

TEST(PimHbmValidation, RatiosOfHostAndPimAreThePrintedOnes) {
  Specification of = catalog_specification("hbm2-pim:2000");
  of.controller.refresh_postponed_max = 0;  // so that the refreshes of a short run fall into it
  of.controller.read_queue = of.controller.write_queue = of.controller.write_high = 64;  // that simulator's queues
  of.controller.write_low = 0;
  std::printf("%-5s %9s %6s %2s | %8s %8s %7s | %8s %8s %7s | %6s %6s %7s | %s\n", "", "outputs", "inputs", "b", "host",
              "printed", "error", "PIM", "printed", "error", "ratio", "printd", "error", "with results read");
  for (const Printed& row : printed) {
    const std::string kernel = row.kernel;
    const HostTraffic traffic = kernel == "gemv" ? host_gemv(row.outputs, row.inputs, row.batch)
                                                 : host_elementwise(row.outputs, kernel == "relu" ? 1 : 2);
    const double host = run_host(of, traffic, stacks, {.jobs = 1}).value().cycles;
    const PimRun run = play(of, program_of(of, row), {});
    const double pim = static_cast<double>(run.compute_end);
    const auto error = [](double ours, double theirs) { return 100.0 * (ours / theirs - 1.0); };
    const double ratio = host / pim, wanted = row.host / row.pim;
    std::printf("%-5s %9lld %6lld %2d | %8.0f %8.0f %6.2f%% | %8.0f %8.0f %6.2f%% | %6.3f %6.3f %6.2f%% | %lld\n",
                row.kernel, static_cast<long long>(row.outputs), static_cast<long long>(row.inputs), row.batch, host,
                row.host, error(host, row.host), pim, row.pim, error(pim, row.pim), ratio, wanted, error(ratio, wanted),
                static_cast<long long>(run.end));
    EXPECT_LT(std::fabs(error(ratio, wanted)), 3.0) << row.kernel << " " << row.outputs << " x " << row.inputs;
  }
}

}  // namespace
}  // namespace plumb::memory
