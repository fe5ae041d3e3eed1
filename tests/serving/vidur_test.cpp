// Does Plumb with Vidur's rules and kernel times give Vidur's answers, request for request? tests/data/vidur/README.md
// tells where they come from.

#include <cmath>

#include <gtest/gtest.h>

#include "serving/kernel_profile.h"
#include "support/deployments.h"
#include "support/machines.h"
#include "workload/number_columns.h"

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
  constexpr Range any{0.0, 1e9};
  const auto table = workload::NumberColumns::read(data + GetParam().list, {{"arrival_s", any},
                                                                            {"prompt_tokens", any},
                                                                            {"output_tokens", any},
                                                                            {"ttft_s", any},
                                                                            {"e2e_s", any},
                                                                            {"restarts", any}});
  ASSERT_TRUE(table.has_value());
  const std::vector<double>&arrival_s = table->values(0), &prompt = table->values(1), &output = table->values(2),
        &ttft_s = table->values(3), &e2e_s = table->values(4), &restarts = table->values(5);
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
