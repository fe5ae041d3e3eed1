#include "validation/run_simulation.h"

#include <algorithm>
#include <cmath>

#include "serving/simulation.h"
#include "workload/arrivals.h"
#include "workload/concurrency.h"

namespace plumb::validation {
namespace {

constexpr std::uint64_t seed = 1;

/// Lengths of that distribution. Clamped draws are scaled until their mean is the stated one, which is that of the
/// texts as they were.
std::vector<std::int64_t> draw(const LengthWords& lengths, std::int64_t count, const char* name) {
  Stream stream(seed, name);
  std::vector<std::int64_t> drawn(static_cast<std::size_t>(count));
  for (std::int64_t& length : drawn) length = lengths.sample(stream);
  if (lengths.shape != LengthWords::Shape::lognormal) return drawn;
  constexpr int rounds = 4;
  for (int round = 0; round < rounds; ++round) {
    double sum = 0.0;
    for (const std::int64_t length : drawn) sum += static_cast<double>(length);
    const double factor = lengths.mean * static_cast<double>(count) / sum;
    for (std::int64_t& length : drawn) {
      length = std::llround(std::clamp(static_cast<double>(length) * factor, 1.0, lengths.high));
    }
  }
  return drawn;
}

double arrival_after(const LoadPlan& load, double at, Stream& stream) {
  if (load.scenario != Scenario::rate) return 0.0;
  return load.constant_rate ? at + 1.0 / load.rate_per_s : at + stream.exponential(1.0 / load.rate_per_s);
}

void add_record(const serving::RequestRecord& record, SimulatedRun& run) {
  if (!record.completed()) {
    ++run.refused;
    return;
  }
  ++run.completed;
  run.prompt_tokens += static_cast<double>(record.prompt_tokens);
  run.output_tokens += static_cast<double>(record.output_tokens);
  run.ttft_s.push_back(record.ttft_s());
  run.e2e_s.push_back(record.e2e_s());
  if (record.output_tokens > 1) run.tpot_s.push_back(record.tpot_s());
}

}  // namespace

std::vector<workload::Request> requests_of(const LoadPlan& load) {
  const std::vector<std::int64_t> prompts = draw(load.prompts, load.requests, "validation.prompts");
  const std::vector<std::int64_t> outputs = draw(load.outputs, load.requests, "validation.outputs");
  Stream arrivals(seed, "validation.arrivals");
  std::vector<workload::Request> requests(prompts.size());
  double at = 0.0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    workload::Request& request = requests[i];
    request.id = static_cast<std::int64_t>(i);
    request.arrival_s = at = arrival_after(load, at, arrivals);
    request.prompt_tokens = std::max<std::int64_t>(prompts[i], 1);
    request.output_tokens = std::max<std::int64_t>(outputs[i], 1);
    if (load.shared_prefix_tokens > 0) {
      request.shared_prefix = 0;
      request.shared_prefix_tokens = load.shared_prefix_tokens;
      request.prompt_tokens = std::max(request.prompt_tokens, load.shared_prefix_tokens + 1);
    }
  }
  return requests;
}

Result<SimulatedRun> simulate(const serving::CompiledDeployment& deployment, const LoadPlan& load) {
  std::vector<workload::Request> requests = requests_of(load);
  const double last_s = requests.back().arrival_s, first_s = requests.front().arrival_s;
  workload::RequestSourcePtr source = workload::fixed_requests(std::move(requests));
  if (load.concurrency > 0) source = workload::limit_concurrency(std::move(source), load.concurrency);
  PLUMB_ASSIGN(const serving::Outcome outcome, serving::simulate(deployment, *source));
  SimulatedRun run;
  run.duration_s = outcome.duration_s;
  run.window_s = last_s - first_s;
  double decoding_s = 0.0, gaps = 0.0;
  for (const serving::RequestRecord& record : outcome.requests) {
    add_record(record, run);
    if (!record.completed() || record.output_tokens < 2) continue;
    decoding_s += record.finish_s - record.first_token_s;
    gaps += static_cast<double>(record.output_tokens - 1);
  }
  if (gaps > 0.0) run.itl_mean_s = decoding_s / gaps;
  for (std::vector<double>* values : {&run.ttft_s, &run.tpot_s, &run.e2e_s}) std::sort(values->begin(), values->end());
  return run;
}

}  // namespace plumb::validation
