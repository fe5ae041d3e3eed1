// Are AiM's command streams as long as the public simulator's with the vendor's timings says? (memory.md's two
// derivable rows: 226 cycles for a row of all-bank MACs, 101 for a row of all-bank writes; neither with refresh.)

#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "memory/pim_commands.h"
#include "memory/pim_gemv.h"
#include "memory/pim_player.h"
#include "memory/specifications.h"

namespace plumb::memory {
namespace {

constexpr int rows = 1024;
constexpr PimPlaySettings no_refresh{.refresh = false};

void expect_near(const char* what, double ours, double printed) {
  std::printf("%-40s %9.0f cycles, printed %9.0f: %+.2f %%; %.1f a row\n", what, ours, printed,
              100.0 * (ours / printed - 1.0), ours / rows);
  EXPECT_LT(std::fabs(ours / printed - 1.0), 0.03) << what;
}

TEST(PimAimValidation, RowsOfAllBankMacsTakeThePrintedCycles) {
  const Specification& of = catalog_specification("gddr6-aim");
  const PimGemv gemv = PimGemv::make(of, 1, {16 * rows, 1024}).value();
  const PimRun run = play(of, gemv.program(), no_refresh);
  EXPECT_EQ(run.commands[static_cast<std::size_t>(of.command(Does::compute))], rows * 64);
  expect_near("1024 rows of MAC_ABK", static_cast<double>(run.end), 231383);
  const PimRun refreshed = play(of, gemv.program(), {});
  std::printf("  with %lld refreshes: %.0f cycles, %+.2f %%\n", static_cast<long long>(refreshed.refreshes),
              static_cast<double>(refreshed.end),
              100.0 * (static_cast<double>(refreshed.end) / static_cast<double>(run.end) - 1.0));
  EXPECT_GT(refreshed.end, run.end);
}

TEST(PimAimValidation, RowsOfAllBankWritesTakeThePrintedCycles) {
  const Specification& of = catalog_specification("gddr6-aim");
  const PimCommands command(of);
  PimProgram program;
  for (int row = 0; row < rows; ++row) {
    program.steps.push_back(PimCommands::plain(command.activate_all, 0, row));
    program.steps.push_back({command.store, 0, row, 0});
    program.steps.push_back(PimCommands::plain(command.precharge_all));
  }
  program.results_from = program.steps.size();
  expect_near("1024 rows of WR_ABK", static_cast<double>(play(of, program, no_refresh).end), 103393);
}

TEST(PimAimValidation, BiasesFollowOneAnotherAsPrinted) {
  const Specification& of = catalog_specification("gddr6-aim");
  PimProgram program;
  for (int i = 0; i < rows; ++i) program.steps.push_back(PimCommands::plain(of.command(Does::write_register)));
  program.results_from = program.steps.size();
  expect_near("1024 WR_BIAS", static_cast<double>(play(of, program, no_refresh).end), 2083);
}

}  // namespace
}  // namespace plumb::memory
