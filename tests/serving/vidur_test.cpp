// Does Plumb with Vidur's rules and kernel times give Vidur's answers, request for request? tests/data/vidur/README.md
// tells where they come from.

#include <cmath>

#include <gtest/gtest.h>

#include "serving/kernel_profile.h"
#include "serving/number_table.h"
#include "support/deployments.h"
#include "support/machines.h"

namespace plumb::serving {
namespace {

const std::string data = PLUMB_SOURCE_DIR "/tests/data/vidur/";

struct Scenario {
  std::string list, scheduler;
  std::int64_t tokens = 0, blocks = 0;
};

CompiledDeployment deployment(const Scenario& scenario) {
  auto model = model::read_model(data + "llama-2-7b");
  auto profile = KernelProfile::read(data);
  if (!model || !profile) std::abort();
  EngineSettings engine;
  engine.scheduler = scenario.scheduler;
  engine.max_num_seqs = 128;
  engine.max_num_batched_tokens = scenario.tokens;
  engine.num_gpu_blocks_override = scenario.blocks;
  Deployment spec = test::deployment(std::move(*model), engine);
  spec.profile = std::move(*profile);
  auto compiled = compile(spec);
  if (!compiled) std::abort();
  return std::move(*compiled);
}

class Vidur : public testing::TestWithParam<Scenario> {};

TEST_P(Vidur, AnswersAreReproduced) {
  const auto table = NumberTable::read(data + GetParam().list);
  ASSERT_TRUE(table.has_value());
  const auto column = [&](std::string_view name) { return **table->column(name); };
  const std::vector<double> arrival_s = column("arrival_s"), prompt = column("prompt_tokens"),
                            output = column("output_tokens"), ttft_s = column("ttft_s"), e2e_s = column("e2e_s"),
                            restarts = column("restarts");
  std::vector<workload::Request> requests;
  for (std::size_t i = 0; i < table->rows(); ++i) {
    requests.push_back(test::request(static_cast<std::int64_t>(i), arrival_s[i], static_cast<std::int64_t>(prompt[i]),
                                     static_cast<std::int64_t>(output[i])));
  }
  const CompiledDeployment compiled = deployment(GetParam());
  for (const Stepping stepping : {Stepping::runs, Stepping::plain}) {
    SimulationOptions options;
    options.stepping = stepping;
    const Outcome outcome = test::simulate(compiled, requests, options);
    double ttft_error_s = 0.0, e2e_error_s = 0.0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const RequestRecord& record = outcome.requests[i];
      ASSERT_TRUE(record.completed()) << i;
      EXPECT_EQ(record.preemptions, static_cast<int>(restarts[i])) << i;
      ttft_error_s = std::max(ttft_error_s, std::abs(record.ttft_s() - ttft_s[i]));
      e2e_error_s = std::max(e2e_error_s, std::abs(record.e2e_s() - e2e_s[i]));
    }
    EXPECT_LE(ttft_error_s, 1e-4);
    EXPECT_LE(e2e_error_s, 1e-4);
    RecordProperty("ttft_error_us", std::to_string(ttft_error_s * 1e6));
    RecordProperty("e2e_error_us", std::to_string(e2e_error_s * 1e6));
  }
}

INSTANTIATE_TEST_SUITE_P(Lists, Vidur,
                         testing::Values(Scenario{"s0.csv", "vidur_sarathi", 512, 7424},
                                         Scenario{"s1.csv", "vidur_sarathi", 512, 7424},
                                         Scenario{"s2.csv", "vidur_vllm", 4096, 1500}));

}  // namespace
}  // namespace plumb::serving
