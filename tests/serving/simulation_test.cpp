// Does the simulation do what a single request, a queue and the laws of bookkeeping say it must?

#include "serving/simulation.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "serving/scheduler.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

using test::llama_with_cache;
using test::request;

// One request alone: TTFT is its prompt's step, every gap a decode step at the context it has reached.
TEST(Simulation, OneRequestAloneIsTheSumOfItsSteps) {
  const CompiledDeployment deployment = llama_with_cache(100000);
  const Outcome outcome = test::simulate(deployment, {request(0, 1.0, 500, 4)});
  const model::Model& model = *deployment.deployment.model;
  model::Step prefill;
  add_prefill(model, prefill, 500, 0, true);
  double time_s = 1.0 + deployment.cost.step_time_s(prefill);
  ASSERT_EQ(outcome.requests.size(), 1u);
  EXPECT_NEAR(outcome.requests[0].first_token_s, time_s, 1e-9 * time_s);
  for (std::int64_t context = 501; context <= 503; ++context) {
    model::Step decode;
    add_decode(model, decode, context);
    time_s += deployment.cost.step_time_s(decode);
  }
  EXPECT_NEAR(outcome.requests[0].finish_s, time_s, 1e-9 * time_s);
  EXPECT_EQ(outcome.counters.steps, 4);
}

// A prompt of 1000 tokens in steps of 300 takes four chunks; the first token comes with the last.
TEST(Simulation, LongPromptsAreChunked) {
  EngineSettings engine;
  engine.max_num_batched_tokens = 300;
  const CompiledDeployment deployment = llama_with_cache(100000, engine);
  std::vector<std::int64_t> chunks;
  SimulationOptions options;
  options.run = [&](const StepRun& run, std::size_t) { chunks.push_back(run.sums.prefill_tokens); };
  const Outcome outcome = test::simulate(deployment, {request(0, 0.0, 1000, 1)}, options);
  EXPECT_EQ(chunks, (std::vector<std::int64_t>{300, 300, 300, 100}));
  EXPECT_TRUE(outcome.requests[0].completed());
}

// Fixed service times, one at a time, Poisson arrivals: the mean wait of M/D/1 is rho s / (2 (1 - rho))
// (Pollaczek and Khinchine). 40,000 requests give it to about 4 %.
TEST(Simulation, MD1WaitsAreThoseOfTheFormula) {
  EngineSettings engine;
  engine.max_num_seqs = 1;
  const CompiledDeployment deployment = llama_with_cache(100000, engine);
  model::Step prefill;
  add_prefill(*deployment.deployment.model, prefill, 800, 0, true);
  const double service_s = deployment.cost.step_time_s(prefill);
  for (const double load : {0.3, 0.6, 0.8}) {
    workload::GeneratorOptions options;
    options.rate_per_s = load / service_s;
    options.count = 40000;
    options.seed = 7;
    const auto source = workload::generate_requests(options, workload::fixed_lengths({800, 1}));
    const auto outcome = simulate(deployment, *source);
    ASSERT_TRUE(outcome);
    double waits_s = 0.0;
    for (const RequestRecord& record : outcome->requests) waits_s += record.scheduled_s - record.arrival_s;
    const double expected_s = load * service_s / (2.0 * (1.0 - load));
    EXPECT_NEAR(waits_s / 40000.0 / expected_s, 1.0, 0.06) << "load " << load;
  }
}

TEST(Simulation, RequestsThatNeverFitAreRejected) {
  const CompiledDeployment deployment = llama_with_cache(1024);
  const Outcome outcome = test::simulate(deployment, {request(0, 0.0, 2000, 10), request(1, 0.0, 100, 10)});
  EXPECT_TRUE(outcome.requests[0].rejected);
  EXPECT_FALSE(outcome.requests[0].completed());
  EXPECT_TRUE(outcome.requests[1].completed());
  EXPECT_EQ(outcome.rejected, 1);
}

// Two sequences that fill the cache together: the younger is preempted, computes again, and both finish.
TEST(Simulation, AFullCachePreemptsTheYoungest) {
  const CompiledDeployment deployment = llama_with_cache(1600);
  const Outcome outcome = test::simulate(deployment, {request(0, 0.0, 700, 400), request(1, 0.0, 700, 400)});
  EXPECT_EQ(outcome.requests[0].preemptions, 0);
  EXPECT_GE(outcome.requests[1].preemptions, 1);
  EXPECT_TRUE(outcome.requests[0].completed() && outcome.requests[1].completed());
  EXPECT_LT(outcome.requests[0].finish_s, outcome.requests[1].finish_s);
}

TEST(Simulation, StopsWhenToldTo) {
  const CompiledDeployment deployment = llama_with_cache(100000);
  SimulationOptions options;
  options.stop = [](const RequestRecord& record) { return record.id == 2; };
  std::vector<workload::Request> requests;
  for (int i = 0; i < 10; ++i) requests.push_back(request(i, i * 10.0, 100, 5));
  const Outcome outcome = test::simulate(deployment, requests, options);
  EXPECT_TRUE(outcome.stopped);
  EXPECT_LT(outcome.requests.size(), 10u);
}

// With two stages a second batch enters while the first is in the second stage: together they end sooner than one after
// the other, and no sooner than the busiest stage allows.
TEST(Simulation, PipelineStagesOverlap) {
  EngineSettings engine;
  engine.max_num_batched_tokens = 1000;
  const CompiledDeployment deployment = llama_with_cache(100000, engine, {.tensor = 1, .pipeline = 2});
  const Outcome outcome = test::simulate(deployment, {request(0, 0.0, 1000, 1), request(1, 0.0, 1000, 1)});
  model::Step step;
  add_prefill(*deployment.deployment.model, step, 1000, 0, true);
  const double alone_s = deployment.cost.step_time_s(step);
  EXPECT_NEAR(outcome.requests[0].finish_s, alone_s, 1e-12);
  EXPECT_LT(outcome.requests[1].finish_s, 2.0 * alone_s);
  EXPECT_GT(outcome.requests[1].finish_s, alone_s);
}

struct RandomCase {
  std::vector<workload::Request> requests;
  EngineSettings engine;
  std::int64_t cache_tokens = 0;
  model::Parallelism parallelism;
  int replicas = 1;
};

RandomCase random_case() {
  RandomCase made;
  const int count = *rc::gen::inRange(1, 60);
  double time_s = 0.0;
  for (int i = 0; i < count; ++i) {
    time_s += *rc::gen::inRange(0, 4) * *rc::gen::inRange(0, 100) * 1e-3;  // ties are common
    made.requests.push_back(request(i, time_s, *rc::gen::inRange(1, 3000), *rc::gen::inRange(1, 120)));
  }
  const std::vector<std::string_view> names = scheduler_names();
  made.engine.scheduler = names[*rc::gen::inRange<std::size_t>(0, names.size())];
  made.engine.max_num_seqs = *rc::gen::element<std::int64_t>(1, 2, 7, 64);
  made.engine.max_num_batched_tokens = *rc::gen::element<std::int64_t>(16, 100, 512, 8192);
  made.engine.block_size = *rc::gen::element<std::int64_t>(1, 16, 64);
  made.engine.enable_chunked_prefill = *rc::gen::element(true, true, false);
  made.engine.scheduler_reserve_full_isl = *rc::gen::arbitrary<bool>();
  made.engine.max_prefill_tokens = *rc::gen::element<std::int64_t>(300, 16384);
  made.engine.schedule_conservativeness = *rc::gen::element(0.0, 0.3, 1.0);
  if (*rc::gen::arbitrary<bool>()) made.engine.watermark = *rc::gen::element(0.0, 0.05, 0.5);
  made.cache_tokens = *rc::gen::inRange<std::int64_t>(3200, 20000);
  made.parallelism.pipeline = *rc::gen::element(1, 1, 2, 4);
  made.replicas = *rc::gen::element(1, 1, 2, 3);
  return made;
}

// Law: every request is finished or rejected; tokens out are tokens asked for; nothing comes before its cause; the
// cache never holds more than it has; a second run gives the same times.
RC_GTEST_PROP(Simulation, KeepsItsBooks, ()) {
  const RandomCase made = random_case();
  const CompiledDeployment deployment = llama_with_cache(made.cache_tokens, made.engine, made.parallelism);
  SimulationOptions options;
  options.replicas = made.replicas;
  options.router = *rc::gen::element<std::string>("round-robin", "least-outstanding");
  const Outcome outcome = test::simulate(deployment, made.requests, options);

  std::int64_t tokens_out = 0, prompts = 0;
  RC_ASSERT(outcome.requests.size() == made.requests.size());
  for (std::size_t i = 0; i < made.requests.size(); ++i) {
    const RequestRecord& record = outcome.requests[i];
    RC_ASSERT(record.completed() != record.rejected);
    if (record.rejected) continue;
    tokens_out += record.output_tokens;
    prompts += record.prompt_tokens;
    RC_ASSERT(record.arrival_s == made.requests[i].arrival_s);
    RC_ASSERT(record.arrival_s <= record.scheduled_s);
    RC_ASSERT(record.scheduled_s < record.first_token_s);
    RC_ASSERT(record.first_token_s <= record.finish_s);
    RC_ASSERT((record.output_tokens == 1) == (record.first_token_s == record.finish_s));
  }
  RC_ASSERT(outcome.counters.tokens_generated == tokens_out);
  RC_ASSERT(outcome.counters.prompt_tokens_computed >= prompts);
  if (outcome.counters.preemptions == 0) RC_ASSERT(outcome.counters.prompt_tokens_computed == prompts);
  RC_ASSERT(outcome.counters.cache_bytes_peak <= deployment.cache.pool_bytes);

  const Outcome again = test::simulate(deployment, made.requests, options);
  for (std::size_t i = 0; i < outcome.requests.size(); ++i) {
    RC_ASSERT(outcome.requests[i].finish_s == again.requests[i].finish_s);
    RC_ASSERT(outcome.requests[i].first_token_s == again.requests[i].first_token_s);
  }
}

// Law: an engine is never idle while a request waits (work conservation): with one replica and one stage, busy time
// covers every moment between an arrival and its finish.
RC_GTEST_PROP(Simulation, NeverIdlesWithWorkToDo, ()) {
  RandomCase made = random_case();
  made.parallelism = {};
  const CompiledDeployment deployment = llama_with_cache(made.cache_tokens, made.engine);
  const Outcome outcome = test::simulate(deployment, made.requests);
  std::vector<std::pair<double, double>> present;
  for (const RequestRecord& record : outcome.requests) {
    if (record.completed()) present.emplace_back(record.arrival_s, record.finish_s);
  }
  std::sort(present.begin(), present.end());
  double occupied_s = 0.0, until_s = -1.0;
  for (const auto& [from_s, to_s] : present) {
    occupied_s += std::max(0.0, to_s - std::max(from_s, until_s));
    until_s = std::max(until_s, to_s);
  }
  RC_ASSERT(std::abs(outcome.counters.busy.seconds() - occupied_s) <= 1e-9 * (1.0 + occupied_s));
}

}  // namespace
}  // namespace plumb::serving
