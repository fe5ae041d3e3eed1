// Does `plumb memory gemv` say what a memory computes, in text, JSON and as commands, and refuse what it cannot?

#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/document.h"
#include "support/run_program.h"

namespace plumb::test {
namespace {

TEST(MemoryGemvProgram, PrintsHostUnitsAndTheBatchFromWhichTheHostWins) {
  const ProgramRun run = run_program({"memory", "gemv", "hbm2-pim:2000", "--stacks", "4"});
  ASSERT_EQ(run.status, 0) << run.err;
  for (const char* wanted : {"4,096 x 4,096", "Host / units", "PIMRD", "from 3 vectors on the"})
    EXPECT_NE(run.out.find(wanted), std::string::npos) << wanted << "\n" << run.out;
}

TEST(MemoryGemvProgram, WritesJsonOfEveryKernel) {
  for (const char* kernel : {"gemv", "add", "mul", "relu", "attention"}) {
    const ProgramRun run = run_program({"memory", "gemv", "hbm2-pim", "--kernel", kernel, "--json", "-"});
    ASSERT_EQ(run.status, 0) << kernel << ": " << run.err;
    EXPECT_NE(run.out.find("\"schema\": \"plumb.memory.gemv/1\""), std::string::npos);
    EXPECT_NE(run.out.find(std::string("\"kernel\": \"") + kernel), std::string::npos);
    EXPECT_NE(run.out.find("\"compute_cycles\""), std::string::npos);
    EXPECT_EQ(run.out.find("\"crossover\"") != std::string::npos, std::string(kernel) == "gemv");
  }
}

TEST(MemoryGemvProgram, WritesEveryCommandOfAPseudoChannel) {
  const ProgramRun run =
      run_program({"memory", "gemv", "gddr6-aim", "--rows", "64", "--columns", "64", "--commands", "-"});
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.out.find("channel,clock,time_ns,command"), 0u);
  EXPECT_NE(run.out.find(",MACab,"), std::string::npos);
}

TEST(MemoryGemvProgram, RefusesWhatItCannot) {
  const struct {
    std::vector<std::string> arguments;
    const char* error;
  } wrong[] = {
      {{"hbm3"}, "no units that compute"},
      {{"gddr6-aim", "--kernel", "add"}, "has no units with vector registers"},
      {{"hbm2-pim", "--kernel", "dot"}, "no kernel is called \"dot\""},
      {{"hbm2-pim", "--kernel", "add", "--rows", "5"}, "--rows says nothing to --kernel add"},
      {{"hbm2-pim", "--pattern", "seq"}, "--pattern says nothing to plumb memory gemv"},
      {{"hbm2-pim", "--rows", "16777216", "--columns", "16777216"}, "rows of each bank"},
  };
  for (const auto& [arguments, error] : wrong) {
    std::vector<std::string> all{"memory", "gemv"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const ProgramRun run = run_program(all);
    EXPECT_NE(run.status, 0);
    EXPECT_NE(run.err.find(error), std::string::npos) << error << "\n" << run.err;
  }
}

// A claim is of a system and an application, these are of a kernel: printed beside each other, with what is documented.
TEST(MemoryGemvProgram, TheMi100SystemsMemoryBesideTheVendorsClaim) {
  constexpr double claimed_performance = 2.5, claimed_power = 1.0 / 2.67;  // catalog/accelerators/mi100-hbm-pim.toml
  const ProgramRun run = run_program(
      {"memory", "gemv", "hbm2-pim", "--stacks", "4", "--rows", "4096", "--columns", "4096", "--json", "-"});
  ASSERT_EQ(run.status, 0) << run.err;
  const Document json = Document::parse_json(run.out, "out.json").value();
  const double ratio = json.root().find("ratio")->number;
  const double energy =
      json.root().find("pim")->find("energy_j")->number / json.root().find("host")->find("energy_j")->number;
  std::printf("performance: claimed %.2f, kernel at batch 1 %.2f; energy: claimed %.2f, memory at batch 1 %.2f\n",
              claimed_performance, ratio, claimed_power, energy);
  EXPECT_NEAR(ratio, 2.50, 0.05) << "docs/memory.md says so";
  EXPECT_NEAR(1.0 / energy, 4.1, 0.1) << "docs/memory.md says so";
}

}  // namespace
}  // namespace plumb::test
