// Does a service file say of its candidates what a deployment file says of one: data parallelism, experts, a drafter?

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "planner/candidate.h"
#include "planner/latency_bound.h"
#include "planner/service.h"
#include "serving/speculation.h"
#include "support/services.h"

namespace plumb::planner {
namespace {

/// A service of those models of examples/, with more lines.
Result<Service> read(const std::vector<std::string>& models, const std::string& hardware,
                     const std::string& more = "") {
  std::string text =
      "name = \"test\"\n[users]\nmonthly = 1000\ndaily_share = 0.5\nsessions_per_day = 1\nturns_per_session = 1\n"
      "[lengths]\nprompt = { distribution = \"fixed\", tokens = 500 }\noutput = { distribution = \"fixed\", tokens = "
      "100 }\n[targets]\ntpot = \"1 s\"\n";
  for (const std::string& model : models) {
    text += "[[model]]\nname = \"" + model + "\"\nconfig = \"models/" + model + "\"\n";
  }
  text += "[hardware]\naccelerators = [\"h200-sxm\"]\n" + hardware + more;
  PLUMB_ASSIGN(const Document document, Document::parse_toml(text, PLUMB_SOURCE_DIR "/examples/test.toml"));
  catalog::Catalog catalog = test::builtin_catalog();
  return read_service(document, catalog, {});
}

std::vector<std::string> labels_of(const Service& service) {
  const CandidateList list = enumerate(service, test::builtin_catalog()).value();
  std::vector<std::string> labels;
  for (const Candidate& candidate : list.candidates) labels.push_back(candidate.label);
  return labels;
}

constexpr const char* one_limit = "[engine]\nmax_num_batched_tokens = 8192\n";

TEST(ServiceParallelism, DataParallelSizesAreCandidatesOfMixturesOfExperts) {
  const auto service = read({"deepseek-r1", "llama-3.1-8b-instruct"},
                            "tensor_parallel_size = 8\npipeline_parallel_size = 1\ndata_parallel_size = [1, 2]\n"
                            "enable_expert_parallel = true\n",
                            one_limit);
  ASSERT_TRUE(service) << one_line(service.error());
  EXPECT_EQ(labels_of(*service),
            (std::vector<std::string>{"deepseek-r1 on h200-sxm TP8 EP", "deepseek-r1 on h200-sxm TP8 DP2 EP",
                                      "llama-3.1-8b-instruct on h200-sxm TP8"}));
  const CandidateList list = enumerate(*service, test::builtin_catalog()).value();
  EXPECT_EQ(list.candidates[1].parallelism.ranks(), 16);
  EXPECT_EQ(list.candidates[1].replica_cost(), 2.0 * list.candidates[0].replica_cost());
  // Groups of a dense model would be replicas.
  EXPECT_TRUE(std::any_of(list.discards.begin(), list.discards.end(), [](const Discard& discard) {
    return discard.label == "llama-3.1-8b-instruct on h200-sxm TP8 DP2" && discard.bound == Discard::Bound::cut;
  }));
}

TEST(ServiceParallelism, ExpertsAreRoutedAsStated) {
  const std::string cuts =
      "tensor_parallel_size = 8\npipeline_parallel_size = 1\nenable_expert_parallel = true\n" + std::string(one_limit);
  const auto even = read({"deepseek-r1"}, cuts),
             uneven = read({"deepseek-r1"}, cuts, "[experts]\nrouting = { zipf = 1 }\n");
  ASSERT_TRUE(even && uneven) << one_line(uneven.error());
  const CandidateList of_even = enumerate(*even, test::builtin_catalog()).value(),
                      of_uneven = enumerate(*uneven, test::builtin_catalog()).value();
  ASSERT_EQ(of_even.candidates.size(), 1u);
  ASSERT_EQ(of_uneven.candidates.size(), 1u);
  model::Step step;
  for (int i = 0; i < 64; ++i) model::add_decode(*even->models[0].model, step, 500);
  EXPECT_EQ(of_uneven.candidates[0].parallelism.routing->zipf_exponent, 1.0);
  EXPECT_LT(of_uneven.candidates[0].deployment->cost.step_time_s(step),
            of_even.candidates[0].deployment->cost.step_time_s(step))
      << "a small batch reaches fewer experts";
  const auto wrong = read({"deepseek-r1"}, cuts, "[experts]\nrouting = \"skewed\"\n");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().place.line, 23);
}

TEST(ServiceParallelism, ADrafterIsOfEveryModel) {
  const std::string cuts = "tensor_parallel_size = 8\npipeline_parallel_size = 1\n" + std::string(one_limit);
  const std::string lines = "[speculation]\nmethod = \"ngram\"\nnum_speculative_tokens = 3\nacceptance_rate = 0.6\n";
  const auto service = read({"deepseek-r1", "llama-3.1-8b-instruct"}, cuts, lines);
  ASSERT_TRUE(service) << one_line(service.error());
  const CandidateList list = enumerate(*service, test::builtin_catalog()).value();
  for (const Candidate& candidate : list.candidates) {
    ASSERT_TRUE(candidate.deployment->deployment.model->speculation.has_value()) << candidate.label;
    EXPECT_EQ(candidate.deployment->deployment.model->speculation->tokens, 3);
    EXPECT_EQ(candidate.engine.acceptance_rate, 0.6);
  }
  // Llama has no layers of multi-token prediction.
  const auto none = read({"deepseek-r1", "llama-3.1-8b-instruct"}, cuts,
                         "[speculation]\nmethod = \"mtp\"\nnum_speculative_tokens = 1\nacceptance_rate = 0.8\n");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().fault, Fault::unmet);
  EXPECT_TRUE(none.error().message.starts_with("llama-3.1-8b-instruct: ")) << none.error().message;
  const auto wrong = read({"deepseek-r1"}, cuts + "scheduler = \"sarathi\"\n", lines);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "the scheduler sarathi does not speculate");
}

// The bound holds with speculation: all of the drafter's tokens may be accepted, and then a step gives 1 + k.
TEST(ServiceParallelism, TheLatencyBoundIsBelowWhatSpeculationGives) {
  auto service = read({"llama-3.1-8b-instruct"}, "tensor_parallel_size = 1\npipeline_parallel_size = 1\n",
                      "[engine]\nmax_num_batched_tokens = 8192\n[speculation]\nmethod = \"ngram\"\n"
                      "num_speculative_tokens = 3\nacceptance_rate = 1\n");
  ASSERT_TRUE(service) << one_line(service.error());
  const CandidateList list = enumerate(*service, test::builtin_catalog()).value();
  ASSERT_EQ(list.candidates.size(), 1u);
  const serving::CompiledDeployment& deployment = *list.candidates[0].deployment;
  const auto source = workload::fixed_requests({[] {
    workload::Request request;
    request.prompt_tokens = 500;
    request.output_tokens = 100;
    return request;
  }()});
  const auto outcome = serving::simulate(deployment, *source);
  ASSERT_TRUE(outcome);
  service->targets.tpot->limit_s = outcome->requests[0].tpot_s();
  EXPECT_FALSE(broken_by_bound(*service, deployment)) << "a target that the request alone has just met";
}

}  // namespace
}  // namespace plumb::planner
