// `plumb sweep` over memories: runs of accesses as points, timings of a memory as axes of simulations, and the format
// of its JSON.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "base/temporary_folder.h"
#include "support/json_schema.h"
#include "support/run_program.h"

namespace plumb::cli {
namespace {

using test::ProgramRun;
using test::run_program;
using testing::HasSubstr;

std::string write_study(const TemporaryFolder& folder, const std::string& base, const std::string& command,
                        const std::string& rest) {
  return folder.write("study.toml",
                      "[study]\ntitle = \"T\"\nbase = \"" + base + "\"\ncommand = \"" + command + "\"\n" + rest);
}

Document json_of(const ProgramRun& run) {
  EXPECT_EQ(run.status, 0) << run.err;
  auto json = Document::parse_json(run.out, "out.json");
  EXPECT_TRUE(json.has_value()) << run.out;
  return json ? *std::move(json) : Document::parse_json("{}", "none").value();
}

std::vector<double> figures_of(const Document& sweep, std::string_view name) {
  std::vector<double> figures;
  for (const Node& row : sweep.root().find("rows")->items) figures.push_back(row.find("figures")->find(name)->number);
  return figures;
}

const std::string short_run = "[options]\nrequests = 20_000\nchannels = 1\n";

TEST(SweepMemory, APointIsWhatMemoryRunSays) {
  const TemporaryFolder folder;
  const std::string study =
      write_study(folder, "hbm3:5200", "memory",
                  short_run + "[[axis]]\nkey = \"options.pattern\"\nvalues = [\"rand\", \"mixs\"]\n");
  const std::vector<double> bandwidths =
      figures_of(json_of(run_program({"sweep", study, "--json", "-"})), "bandwidth_gb_s");
  ASSERT_EQ(bandwidths.size(), 2U);
  const char* const patterns[] = {"rand", "mixs"};
  for (std::size_t i = 0; i < 2; ++i) {
    const Document alone = json_of(run_program({"memory", "run", "hbm3:5200", "--pattern", patterns[i], "--requests",
                                                "20000", "--channels", "1", "--json", "-"}));
    EXPECT_EQ(alone.root().find("bandwidth_gb_s")->number, bandwidths[i]);
  }
}

TEST(SweepMemory, ATimingOfTheBaseOrOfTheCatalogIsTheSameAxis) {
  const TemporaryFolder folder;
  const auto swept = [&](const std::string& key) {
    const std::string study = write_study(folder, "hbm3", "memory",
                                          short_run + "pattern = \"rand\"\n[[axis]]\nkey = \"" + key +
                                              "\"\nvalues = [\"15 ns\", \"30 ns\", \"60 ns\"]\n");
    return figures_of(json_of(run_program({"sweep", study, "--json", "-"})), "bandwidth_gb_s");
  };
  const std::vector<double> of_base = swept("dram.timing.tFAW");
  ASSERT_EQ(of_base.size(), 3U);
  EXPECT_GT(of_base[0], 1.5 * of_base[1]) << "random accesses are bound by activations";
  EXPECT_GT(of_base[1], 1.8 * of_base[2]);
  EXPECT_EQ(swept("memory.hbm3.dram.timing.tFAW"), of_base);
}

TEST(SweepMemory, AFileIsABaseToo) {
  const TemporaryFolder folder;
  folder.write("stack.toml", "title = \"S\"\n[dram]\nlike = \"hbm3\"\n");
  const std::string study = write_study(
      folder, "stack.toml", "memory",
      short_run + "[[axis]]\nname = \"clock\"\nkey = \"dram.clock\"\nvalues = [\"0.625 ns\", \"0.5 ns\"]\n");
  const std::vector<double> peaks = figures_of(json_of(run_program({"sweep", study, "--json", "-"})), "peak_gb_s");
  ASSERT_EQ(peaks.size(), 2U);
  EXPECT_NEAR(peaks[1], 1.25 * peaks[0], 1e-9);
}

TEST(SweepMemory, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& base, const std::string& rest) {
    const ProgramRun run = run_program({"sweep", write_study(folder, base, "memory", rest)});
    EXPECT_EQ(run.status, 2) << run.out;
    return run.err;
  };
  const std::string axis = "[[axis]]\nkey = \"options.queue\"\nvalues = [32, 0]\n";
  EXPECT_THAT(refusal("hbm33", axis), HasSubstr("study.toml:3:8: "));
  EXPECT_THAT(refusal("hbm33", axis), HasSubstr("hbm3"));
  EXPECT_THAT(refusal("hbm3", axis), HasSubstr("study.toml:7:15: "));
  EXPECT_THAT(refusal("hbm3", "[[axis]]\nkey = \"dram.timing.tFAX\"\nvalues = [\"15 ns\"]\n"),
              HasSubstr("study.toml:7:11: axis"));
  EXPECT_THAT(refusal("hbm3", "[[axis]]\nkey = \"options.pattern\"\nvalues = [\"rnd\"]\n"), HasSubstr("perhaps rand"));
}

/// The cost of a simulation's output at each point.
std::vector<double> costs(const TemporaryFolder& folder, const std::string& axis) {
  const std::string study = write_study(folder, PLUMB_SOURCE_DIR "/tests/data/cli/deployment.toml", "simulate",
                                        "[options]\nrequests = 40\nmax-concurrency = 16\n" + axis);
  return figures_of(json_of(run_program({"sweep", study, "--json", "-"})), "usd_per_million_output_tokens");
}

TEST(SweepMemory, ATimingChangesThePriceOfAToken) {
  const TemporaryFolder folder;
  const std::vector<double> usd =
      costs(folder, "[[axis]]\nkey = \"memory.hbm3.dram.timing.tFAW\"\nvalues = [\"15 ns\", \"60 ns\", \"120 ns\"]\n");
  ASSERT_EQ(usd.size(), 3U);
  EXPECT_GT(usd[1], usd[0]);
  EXPECT_GT(usd[2], 1.02 * usd[1]);
}

TEST(SweepMemory, AMemoryIsAnAxisAndForItselfChangesNothing) {
  const TemporaryFolder folder;
  const std::vector<double> usd =
      costs(folder, "[[axis]]\nkey = \"options.memory\"\nvalues = [\"hbm3:5200->hbm3:5200\", \"hbm3->hbm2e\"]\n");
  ASSERT_EQ(usd.size(), 2U);
  EXPECT_EQ(usd[0], costs(folder, "[[axis]]\nkey = \"options.seed\"\nvalues = [1]\n").at(0));
  EXPECT_GT(usd[1], usd[0]);
}

TEST(SweepMemory, AnAxisThatCouldChangeNothingIsRefused) {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& key, const std::string& value) {
    const std::string study =
        write_study(folder, PLUMB_SOURCE_DIR "/tests/data/cli/deployment.toml", "simulate",
                    "[options]\nrequests = 40\n[[axis]]\nkey = \"" + key + "\"\nvalues = [" + value + "]\n");
    const ProgramRun run = run_program({"sweep", study});
    EXPECT_EQ(run.status, 2) << run.out;
    return run.err;
  };
  EXPECT_THAT(refusal("memory.hbm3.package.bandwidth", "\"1 TB/s\""),
              HasSubstr("nothing is computed from \"package.bandwidth\" of a memory"));
  EXPECT_THAT(refusal("memory.ddr4.dram.timing.tFAW", "\"30 ns\""),
              HasSubstr("no accelerator has the memory \"ddr4\""));
  EXPECT_THAT(refusal("options.memory", "\"hbm9->hbm3\""), HasSubstr("study.toml:9:11: "));
}

TEST(SweepMemory, JsonKeepsTheSchema) {
  const auto schema = Document::read_json(PLUMB_SOURCE_DIR "/docs/sweep.schema.json");
  ASSERT_TRUE(schema) << render(schema.error());
  const Document simulated = json_of(run_program({"sweep", "tests/data/cli/study.toml", "--json", "-"}));
  EXPECT_EQ(test::schema_problem(*schema, simulated.root()), "");
  EXPECT_THAT(run_program({"sweep", "tests/data/cli/study.toml", "--json", "-"}).out, HasSubstr("\"unmet\""));
  const TemporaryFolder folder;
  const std::string study =
      write_study(folder, "hbm3", "memory", short_run + "[[axis]]\nkey = \"options.queue\"\nvalues = [8, 32]\n");
  EXPECT_EQ(test::schema_problem(*schema, json_of(run_program({"sweep", study, "--json", "-"})).root()), "");
}

}  // namespace
}  // namespace plumb::cli
