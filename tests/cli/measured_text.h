#pragma once
// Simulations written down as if a real server had been measured, with faults planted in between.

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "cli/comparison.h"
#include "report/json_writer.h"
#include "support/deployments.h"

namespace plumb::cli::test {

/// A request as the client is made to see it.
struct Seen {
  double start_s = 0.0, ttft_s = 0.0, e2e_s = 0.0;
  std::int64_t prompt_tokens = 0, output_tokens = 0;
  std::vector<double> gaps_s;
};
using Plant = std::function<void(Seen&, const serving::RequestRecord&)>;

/// `count` requests, Poisson at `rate_per_s`, of 100 to 2,000 prompt and 20 to 200 output tokens.
inline std::vector<workload::Request> mixed_requests(double rate_per_s, std::int64_t count, std::uint64_t seed = 1) {
  Stream stream(seed, "mixed");
  std::vector<workload::Request> requests;
  double arrival_s = 0.0;
  for (std::int64_t id = 0; id < count; ++id) {
    requests.push_back(plumb::test::request(id, arrival_s, 100 + static_cast<std::int64_t>(stream.below(1901)),
                                            20 + static_cast<std::int64_t>(stream.below(181))));
    arrival_s += stream.exponential(1.0 / rate_per_s);
  }
  return requests;
}

/// What the client sees of a simulation; gaps between tokens all alike, as records do not have them.
inline std::vector<Seen> seen(const serving::Outcome& outcome, const Plant& plant = {}) {
  std::vector<Seen> all;
  for (const serving::RequestRecord& record : outcome.requests) {
    Seen one{record.arrival_s, record.ttft_s(), record.e2e_s(), record.prompt_tokens, record.output_tokens, {}};
    if (plant) plant(one, record);
    all.push_back(one);
  }
  return all;
}

struct WrittenAs {
  bool start_times = true;
  bool gaps = false;
  double rate_per_s = 5.0;
};

/// The file that `vllm bench serve --save-detailed` writes.
inline std::string vllm_result(const std::vector<Seen>& all, const WrittenAs& as = {}) {
  const auto list = [&](report::JsonWriter& json, std::string_view key, auto value) {
    json.begin_array(key);
    for (const Seen& one : all) json.value(value(one));
    json.end_array();
  };
  report::JsonWriter json;
  json.begin_object();
  json.member("num_prompts", all.size());
  json.member("request_rate", as.rate_per_s);
  json.member("burstiness", 1.0);
  json.member("request_throughput", 1.0);
  json.member("duration", 100.0);
  list(json, "input_lens", [](const Seen& one) { return one.prompt_tokens; });
  list(json, "output_lens", [](const Seen& one) { return one.output_tokens; });
  if (as.start_times) list(json, "start_times", [](const Seen& one) { return one.start_s; });
  list(json, "ttfts", [](const Seen& one) { return one.ttft_s; });
  list(json, "latencies", [](const Seen& one) { return one.e2e_s; });
  if (as.gaps) {
    json.begin_array("itls");
    for (const Seen& one : all) {
      json.begin_array();
      for (const double gap_s : one.gaps_s) json.value(gap_s);
      json.end_array();
    }
    json.end_array();
  }
  json.end_object();
  return json.take();
}

inline workload::MeasuredRun run_of(const std::string& text) {
  auto run = workload::parse_measured_run(text, "result.json");
  EXPECT_TRUE(run) << (run ? "" : render(run.error()));
  return run ? std::move(*run) : workload::MeasuredRun{};
}

/// Simulates the load of a run as the command does.
inline Comparison compare_with(const serving::CompiledDeployment& deployment, const workload::MeasuredRun& run) {
  const auto outcome_of = [&](std::uint64_t seed) {
    auto load = workload::measured_load(run, seed);
    EXPECT_TRUE(load) << (load ? "" : render(load.error()));
    serving::SimulationOptions options;
    options.inter_token_latencies = true;
    auto outcome = serving::simulate(deployment, *load->source, options);
    EXPECT_TRUE(outcome);
    return std::move(*outcome);
  };
  const auto load = workload::measured_load(run, 1);
  const serving::Outcome one = outcome_of(1), other = outcome_of(2);
  ComparedSimulation simulation;
  simulation.records = one.requests;
  simulation.itl = figures_of(one.gaps, percents_of(run));
  if (load->arrivals_made && !load->lengths_made) simulation.other_arrivals = other.requests;
  return compare(run, *load, simulation);
}

inline double share_of(const Comparison& comparison, Cause cause) {
  for (const CauseShare& share : comparison.attribution.shares) {
    if (share.cause == cause) return share.share;
  }
  return 0.0;
}

}  // namespace plumb::cli::test
