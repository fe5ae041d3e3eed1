#include "workload/measured_load.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/random.h"
#include "workload/arrivals.h"
#include "workload/concurrency.h"

namespace plumb::workload {
namespace {

/// More made requests than this tell nothing more.
constexpr std::int64_t requests_max = 1'000'000;

std::int64_t whole_tokens(double mean) {
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::llround(mean)));
}

/// Requests of the mean lengths, all at 0.
Result<std::vector<Request>> mean_requests(const MeasuredRun& run) {
  const MeasuredSummary& summary = run.summary;
  if (run.completed == 0 || !summary.prompt_tokens || !summary.output_tokens) {
    return fail(unmet_error("the result has no requests and no mean lengths to make them from",
                            "completed requests, and the sums of their tokens"));
  }
  const std::int64_t count = std::max(run.load.prompts, run.completed);
  if (count > requests_max) {
    return fail(unmet_error(fmt::format("the result has no requests, and stands for {}", count),
                            fmt::format("at most {}", requests_max)));
  }
  const auto completed = static_cast<double>(run.completed);
  Request request;
  request.prompt_tokens = std::min(tokens_max, whole_tokens(*summary.prompt_tokens / completed));
  request.output_tokens = std::min(tokens_max, whole_tokens(*summary.output_tokens / completed));
  std::vector<Request> requests(static_cast<std::size_t>(count), request);
  for (std::size_t i = 0; i < requests.size(); ++i) requests[i].id = static_cast<std::int64_t>(i);
  return requests;
}

std::vector<Request> file_requests(const MeasuredRun& run) {
  std::vector<Request> requests;
  for (std::size_t i = 0; i < run.requests.size(); ++i) {
    const MeasuredRequest& measured = run.requests[i];
    if (measured.prompt_tokens < 1 || measured.output_tokens < 1) continue;
    Request request;
    request.id = static_cast<std::int64_t>(i);
    request.arrival_s = measured.start_s;
    request.prompt_tokens = measured.prompt_tokens;
    request.output_tokens = measured.output_tokens;
    requests.push_back(std::move(request));
  }
  return requests;
}

/// Arrivals as vllm bench serve and GuideLLM make them: sums of gamma-distributed or equal gaps of mean 1 / rate, from
/// the first gap on; where the tool scales them, so that the last one is at count / rate.
Status make_arrivals(const StatedLoad& load, std::uint64_t seed, std::vector<Request>& requests) {
  if (load.gaps == StatedLoad::Gaps::unknown || !load.rate_per_s) {
    return fail(unmet_error("the result neither has start times nor says how arrivals were made",
                            "start_times, which --save-detailed of a recent vllm bench serve writes"));
  }
  if (std::isinf(*load.rate_per_s)) return {};
  const bool equal = load.gaps == StatedLoad::Gaps::equal || std::isinf(load.burstiness);
  const std::unique_ptr<ArrivalProcess> process =
      equal ? nullptr : (load.burstiness == 1.0 ? poisson_arrivals() : gamma_arrivals(load.burstiness));
  Stream stream(seed, "arrivals");
  double gaps = 0.0;
  for (Request& request : requests) {
    gaps += equal ? 1.0 : process->next_gap(stream);
    request.arrival_s = gaps / *load.rate_per_s;
  }
  if (!load.scaled || !(gaps > 0.0)) return {};
  const double scale = static_cast<double>(requests.size()) / gaps;
  for (Request& request : requests) request.arrival_s *= scale;
  return {};
}

std::string arrival_words(const StatedLoad& load) {
  if (std::isinf(*load.rate_per_s)) return "all there at the start, as stated";
  if (load.gaps == StatedLoad::Gaps::equal || std::isinf(load.burstiness)) {
    return fmt::format("made at {:g} requests/s with equal gaps", *load.rate_per_s);
  }
  if (load.burstiness == 1.0) return fmt::format("made again, Poisson at {:g} requests/s", *load.rate_per_s);
  return fmt::format("made again at {:g} requests/s, burstiness {:g}", *load.rate_per_s, load.burstiness);
}

std::string load_words(const MeasuredLoad& load, const MeasuredRun& run, const std::vector<Request>& requests) {
  const std::string count = fmt::format("{} request{}", requests.size(), requests.size() == 1 ? "" : "s");
  if (!load.arrivals_made) return count + ", start times and lengths as measured";
  const std::string arrivals = "start times " + arrival_words(run.load);
  if (!load.lengths_made) return fmt::format("{}, lengths as measured, {}", count, arrivals);
  return fmt::format("{}, each of the mean lengths, {} prompt and {} output tokens, {}", count,
                     requests.front().prompt_tokens, requests.front().output_tokens, arrivals);
}

}  // namespace

bool closed_loop(const MeasuredRun& run) {
  if (!run.load.max_concurrency || *run.load.max_concurrency >= run.load.prompts) return false;
  return !run.in_flight_max || *run.in_flight_max >= *run.load.max_concurrency;
}

Result<MeasuredLoad> measured_load(const MeasuredRun& run, std::uint64_t seed) {
  MeasuredLoad load;
  load.arrivals_made = !run.start_times;
  load.lengths_made = run.requests.empty();
  std::vector<Request> requests = file_requests(run);
  if (load.lengths_made) {
    PLUMB_ASSIGN(requests, mean_requests(run));
  }
  if (requests.empty()) return fail(unmet_error("no request of the result has known lengths"));
  if (load.arrivals_made) PLUMB_TRY(make_arrivals(run.load, seed, requests));
  load.requests = static_cast<std::int64_t>(requests.size());
  load.words = load_words(load, run, requests);
  if (closed_loop(run)) {
    // With no rate of its own the client sends the next as soon as it may, whenever that was on the server.
    if (!run.load.rate_per_s || !std::isfinite(*run.load.rate_per_s)) {
      for (Request& request : requests) request.arrival_s = 0.0;
    }
    load.source = limit_concurrency(fixed_requests(std::move(requests)), *run.load.max_concurrency);
  } else {
    load.source = fixed_requests(std::move(requests));
  }
  return load;
}

}  // namespace plumb::workload
