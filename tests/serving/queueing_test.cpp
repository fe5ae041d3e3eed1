// Does a simulated engine keep the laws of queues? Erlang's formula where an engine is that queue, Little's law always.

#include <cmath>
#include <cstdio>
#include <filesystem>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/file.h"
#include "serving/kernel_profile.h"
#include "serving/random_cases.h"
#include "serving/scheduler.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

constexpr double step_s = 1e-3;

/// Tables by which every step takes step_s, whatever it computes: an operator of one row is the same for all tokens,
/// and attention takes nothing.
std::shared_ptr<const KernelProfile> equal_steps(const model::Model& model) {
  const std::string folder = testing::TempDir() + "plumb_equal_steps/";
  std::filesystem::create_directories(folder);
  const double layer_ms = step_s * 1e3 / static_cast<double>(model.layers.size());
  const auto write = [&](const char* name, const std::string& text) {
    if (!write_file(folder + name, text)) std::abort();
  };
  write("op_times_ms_by_num_tokens.csv", "num_tokens,add\n1," + std::to_string(layer_ms) + "\n");
  write("attn_decode_ms.csv", "batch_size,kv_cache_size,ms\n1,0,0\n");
  write("attn_prefill_ms.csv", "kv_cache_size_sum,chunk_rms_total,ms\n0,1,0\n");
  auto profile = KernelProfile::read(folder);
  if (!profile) std::abort();
  std::filesystem::remove_all(folder);
  return *profile;
}

/// `servers` places, each of which serves a request in one step a token, whoever is in the others.
CompiledDeployment server_group(std::int64_t servers) {
  EngineSettings engine;
  engine.max_num_seqs = servers;
  CompiledDeployment deployment = test::llama_with_cache(servers * 10000, engine);
  deployment.deployment.profile = equal_steps(*deployment.deployment.model);
  return deployment;
}

/// Prompts of one token, and outputs that are each time the last token with the same probability.
class GeometricOutputs final : public workload::LengthSampler {
 public:
  explicit GeometricOutputs(double mean) : log_goes_on_(std::log1p(-1.0 / mean)) {}
  workload::Lengths sample(Stream& stream) const override {
    return {1, 1 + static_cast<std::int64_t>(std::log1p(-stream.uniform()) / log_goes_on_)};
  }
  std::string description() const override { return "geometric"; }

 private:
  double log_goes_on_;
};

/// Probability that an arrival finds all of c servers busy (Erlang 1917), by the recursion of Erlang's B.
double erlang_c(int servers, double offered) {
  double blocked = 1.0;
  for (int c = 1; c <= servers; ++c) blocked = offered * blocked / (c + offered * blocked);
  return blocked / (1.0 - offered / servers * (1.0 - blocked));
}

/// Mean of a run's values with its standard error by batch means, as values that follow each other are alike.
struct Estimate {
  double mean = 0.0, error = 0.0;
};

Estimate batch_means(const std::vector<double>& values) {
  constexpr std::size_t batches = 20;
  const std::size_t size = values.size() / batches;
  double sum = 0.0, squares = 0.0;
  for (std::size_t batch = 0; batch < batches; ++batch) {
    double mean = 0.0;
    for (std::size_t i = 0; i < size; ++i) mean += values[batch * size + i] / static_cast<double>(size);
    sum += mean;
    squares += mean * mean;
  }
  const double mean = sum / batches;
  return {mean, std::sqrt(std::max(0.0, squares / batches - mean * mean) / (batches - 1))};
}

void expect_estimate(const char* what, const Estimate& simulated, double expected, double bias) {
  std::printf("  %-28s expected %10.6f  simulated %10.6f +- %.6f\n", what, expected, simulated.mean, simulated.error);
  EXPECT_NEAR(simulated.mean, expected, 4.0 * simulated.error + bias) << what;
}

// Poisson arrivals at c places whose service is n steps, n geometric of mean 500: exponential but for 1 part in 500. An
// arrival is seen at the end of a step, so waits are too long by at most that step. Then, with a = lambda s offered,
// the queue is M/M/c: a share C(c, a) waits, W = C s / (c - a) on average, and longer than t with C exp(-(c - a) t /
// s).
TEST(Queueing, MMcWaitsAreThoseOfErlang) {
  constexpr double tokens = 500.0, service_s = tokens * step_s;
  constexpr std::int64_t count = 200000;
  for (const auto& [servers, load] : {std::pair{1, 0.6}, std::pair{2, 0.8}, std::pair{4, 0.5}, std::pair{8, 0.9}}) {
    workload::GeneratorOptions options;
    options.rate_per_s = load * servers / service_s;
    options.count = count;
    options.seed = 11;
    const auto source = workload::generate_requests(options, std::make_shared<GeometricOutputs>(tokens));
    const auto outcome = simulate(server_group(servers), *source);
    ASSERT_TRUE(outcome);
    ASSERT_EQ(outcome->rejected, 0);
    std::vector<double> waits_s, all_busy, longer;
    for (const RequestRecord& record : outcome->requests) {
      const double wait_s = record.scheduled_s - record.arrival_s;
      ASSERT_NEAR(record.finish_s - record.scheduled_s, static_cast<double>(record.output_tokens) * step_s, 1e-5);
      waits_s.push_back(wait_s);
      all_busy.push_back(wait_s > step_s ? 1.0 : 0.0);
      longer.push_back(wait_s > service_s / servers ? 1.0 : 0.0);
    }
    const double offered = load * servers, waiting = erlang_c(servers, offered);
    std::printf("M/M/%d at %g\n", servers, load);
    expect_estimate("mean wait, s", batch_means(waits_s), waiting * service_s / (servers - offered), step_s);
    const double decay_per_s = (servers - offered) / service_s;
    expect_estimate("share that waits a step", batch_means(all_busy), waiting * std::exp(-decay_per_s * step_s),
                    servers * step_s / service_s);
    expect_estimate("share that waits s / c", batch_means(longer), waiting * std::exp(-(1.0 - load)),
                    decay_per_s * step_s);
  }
}

/// Counts requests between their arrivals and their ends, and those that run, and adds up count x time.
class Census final : public RequestObserver {
 public:
  void arrived(const RequestRecord& record) override { pass(record.arrival_s, 1, 0); }
  void scheduled(const RequestRecord& record, double time_s) override {
    pass(time_s, 0, 1);
    runs_[record.id] = true;
  }
  void first_token(const RequestRecord&) override {}
  void preempted(const RequestRecord& record, double time_s) override { stops(record, time_s, 0); }
  void resumed(const RequestRecord&, double) override {}
  void ended(const RequestRecord& record, double time_s) override { stops(record, time_s, -1); }

  double present_time_s = 0.0, running_time_s = 0.0;
  std::int64_t present = 0, running = 0;

 private:
  void stops(const RequestRecord& record, double time_s, std::int64_t leaves) {
    bool& runs = runs_[record.id];
    pass(time_s, leaves, runs ? -1 : 0);
    runs = false;
  }
  void pass(double time_s, std::int64_t arrive, std::int64_t start) {
    present_time_s += static_cast<double>(present) * (time_s - last_s_);
    running_time_s += static_cast<double>(running) * (time_s - last_s_);
    last_s_ = time_s;
    present += arrive;
    running += start;
  }
  std::map<std::int64_t, bool> runs_;
  double last_s_ = 0.0;
};

bool same(double a, double b) { return std::abs(a - b) <= 1e-9 * (1.0 + std::abs(b)); }

// Law (Little 1961): from an empty system to an empty one, the mean number present times the length of the time is the
// sum of the times that each was present. The left side is counted event by event, the right side is of the records;
// of those that run, the left side is of the log of steps. It holds for every scheduler, with preemptions too.
RC_GTEST_PROP(Queueing, LittlesLawHoldsToTheBit, ()) {
  const std::vector<std::string_view> names = scheduler_names();
  test::Case made = test::any_case(names[*rc::gen::inRange<std::size_t>(0, names.size())]);
  for (workload::Request& request : made.requests) request.cancel_s = never_s;
  Census census;
  double logged_s = 0.0;
  std::int64_t sampled = 0, prefilled = 0;
  made.options.observer = &census;
  made.options.run = [&](const StepRun& run, std::size_t) {
    logged_s += static_cast<double>(run.running) * run.ramp.length(run.ramp.steps).seconds();
    sampled += run.tokens_out() * run.ramp.steps;
    prefilled += run.sums.prefill_tokens - run.padding_prompt_tokens;
  };
  const Outcome outcome = test::simulate(made.deployment, made.requests, made.options);
  RC_ASSERT(census.present == 0 && census.running == 0);
  double present_s = 0.0, waited_s = 0.0;
  std::int64_t outputs = 0;
  for (const RequestRecord& record : outcome.requests) {
    if (record.rejected) continue;
    present_s += record.finish_s - record.arrival_s;
    waited_s += record.scheduled_s - record.arrival_s;
    outputs += record.output_tokens;
  }
  RC_ASSERT(same(census.present_time_s, present_s));
  RC_ASSERT(same(census.running_time_s, logged_s));
  if (outcome.counters.preemptions == 0) {
    RC_ASSERT(same(census.present_time_s - census.running_time_s, waited_s));
  }
  // The log accounts for every token; those that Vidur's schedulers cut off a prompt come out of a step and go in.
  RC_ASSERT(sampled + prefilled == outcome.counters.tokens_generated + outcome.counters.prompt_tokens_computed);
  RC_ASSERT(outcome.counters.tokens_generated == outputs);
}

}  // namespace
}  // namespace plumb::serving
