// Any text as the result of a benchmark: an error with a place, or a run whose requests are in order and within bounds,
// and whose load, where it can be made, is too.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "workload/measured_load.h"
#include "workload/measured_stalls.h"

namespace {

using namespace plumb;
using namespace plumb::workload;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const Error& error) {
  require(error.fault == Fault::input && error.place.line >= 1 && error.place.column >= 1);
  require(!error.message.empty() && one_line(error).find('\n') == std::string::npos);
  require(!render(error).empty());
}

void check(const MeasuredLatency& latency) {
  require(latency.mean_s.value_or(0.0) >= 0.0 && latency.median_s.value_or(0.0) >= 0.0);
  double before = -1.0;
  for (const auto& [percent, value_s] : latency.percentiles_s) {
    require(percent >= before && percent <= 100.0 && std::isfinite(value_s) && value_s >= 0.0);
    before = percent;
  }
}

void check(const MeasuredRun& run) {
  double start_s = 0.0;
  for (const MeasuredRequest& request : run.requests) {
    require(std::isfinite(request.start_s) && request.start_s >= start_s);
    require(request.prompt_tokens >= 0 && request.output_tokens >= 0);
    if (request.completed) {
      require(request.prompt_tokens >= 1 && request.output_tokens >= 1);
      require(request.ttft_s >= 0.0 && request.e2e_s >= request.ttft_s && std::isfinite(request.e2e_s));
    }
    start_s = request.start_s;
  }
  for (const MeasuredLatency* latency : {&run.summary.ttft, &run.summary.tpot, &run.summary.itl, &run.summary.e2el}) {
    check(*latency);
  }
  require(run.completed >= 0 && run.failed >= 0 && run.load.prompts >= 0);
  require(stalled_requests(run).size() == run.requests.size());
}

void check_load(const MeasuredRun& run) {
  // A summary that stands for a million requests is fine, and slow to go through a hundred thousand times.
  if (run.requests.empty() && run.load.prompts + run.completed > 1000) return;
  auto load = measured_load(run, 1);
  if (!load) {
    require(load.error().fault == Fault::unmet && !load.error().message.empty());
    return;
  }
  double arrival_s = 0.0;
  std::int64_t given = 0;
  for (auto request = load->source->next(); request && *request; request = load->source->next(), ++given) {
    require(std::isfinite((*request)->arrival_s) && (*request)->arrival_s >= arrival_s);
    require((*request)->prompt_tokens >= 1 && (*request)->output_tokens >= 1);
    arrival_s = (*request)->arrival_s;
    // A client that holds requests back sends the next when one has ended.
    load->source->finished((*request)->id, arrival_s);
  }
  require(given == load->requests && given >= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const int benchmark : {0, 2}) {
    const auto run = parse_measured_run(text, "result.json", benchmark);
    if (!run) {
      check(run.error());
      continue;
    }
    check(*run);
    check_load(*run);
  }
  return 0;
}
