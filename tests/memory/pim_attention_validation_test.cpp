// Does a layer of attention take the clocks that AttAcc's simulator prints for units in banks, bank groups and on the
// buffer die? GPT-3 175B's heads of 128, a context of 2048, fp16; heads are shared out to the 16 channels of a stack.

#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "memory/pim_attention.h"
#include "memory/specifications.h"

namespace plumb::memory {
namespace {

TEST(PimAttentionValidation, LayersTakeThePrintedCycles) {
  struct Row {
    const char* specification;
    int heads;
    double printed;
  };
  constexpr Row rows[] = {
      {"hbm3-pim", 64, 16161},  {"hbm3-pim:bank_group", 64, 53951},      {"hbm3-pim:buffer", 64, 144953},
      {"hbm3-pim", 130, 36572}, {"hbm3-pim:bank-unlimited", 130, 26768}, {"hbm3-pim:bank_group", 130, 122255},
      {"hbm3-pim", 188, 48485}, {"hbm3-pim:bank-unlimited", 188, 35284},
  };
  for (const Row& row : rows) {
    const Specification& of = catalog_specification(row.specification);
    const PimRun run = pim_attention(of, {.heads = row.heads, .context = 2048, .head_size = 128}, {}).value().run;
    const double clocks = static_cast<double>(run.end) / of.ticks_per_clock;
    const double error = clocks / row.printed - 1.0;
    std::printf("%-24s %3d heads: %8.0f clocks, printed %8.0f: %+.2f %%; inside %.1f times the pins\n",
                row.specification, row.heads, clocks, row.printed, 100.0 * error, pim_bandwidth_multiple(of));
    EXPECT_LT(std::fabs(error), 0.05) << row.specification << " " << row.heads;
  }
}

}  // namespace
}  // namespace plumb::memory
