// Does speculation give the tokens that its acceptance rate promises, in fewer and longer steps?

#include <gtest/gtest.h>

#include "model/speculation.h"
#include "serving/speculation.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

CompiledDeployment speculating(int tokens, double acceptance_rate) {
  auto model = model::with_speculation(model::test::llama_3_8b(), model::Speculation::Method::ngram, tokens, nullptr);
  if (!model) std::abort();
  EngineSettings engine;
  engine.acceptance_rate = acceptance_rate;
  auto compiled = compile(test::deployment(std::move(*model), engine));
  if (!compiled) std::abort();
  return std::move(*compiled);
}

TEST(SpeculativeDecoding, StepsAreAsManyAsTheAcceptanceRateSays) {
  constexpr std::int64_t output = 40000;
  const Outcome outcome = test::simulate(speculating(3, 0.7), {test::request(0, 0.0, 100, output)});
  EXPECT_EQ(outcome.counters.tokens_generated, output);
  const double steps = static_cast<double>(output) / expected_tokens(3, 0.7);
  EXPECT_NEAR(static_cast<double>(outcome.counters.steps) / steps, 1.0, 0.01);
}

TEST(SpeculativeDecoding, NothingAcceptedIsOneTokenAStepAndSlower) {
  const std::vector<workload::Request> requests{test::request(0, 0.0, 100, 200)};
  const Outcome with = test::simulate(speculating(4, 0.0), requests);
  const Outcome without = test::simulate(test::llama_with_cache(100000), requests);
  EXPECT_EQ(with.counters.steps, without.counters.steps);
  EXPECT_GE(with.requests[0].finish_s, without.requests[0].finish_s);
}

TEST(SpeculativeDecoding, AllAcceptedMakesAnAnswerSooner) {
  const std::vector<workload::Request> requests{test::request(0, 0.0, 100, 201)};
  const Outcome with = test::simulate(speculating(3, 1.0), requests);
  EXPECT_EQ(with.counters.steps, 51) << "the prompt, then four tokens a step";
  EXPECT_LT(with.requests[0].finish_s, test::simulate(test::llama_with_cache(100000), requests).requests[0].finish_s);
}

}  // namespace
}  // namespace plumb::serving
