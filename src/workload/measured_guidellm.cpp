// GuideLLM's JSON report (benchmarks.json), as releases 0.4.0 to 0.7.3 write it: report versions 1 and 2 do not differ
// in what is read here. GuideLLM's own words for latencies are not vLLM's: its "inter_token_latency_ms" of a request is
// what vLLM calls TPOT, and its "time_per_output_token_ms" counts the first token in and is not read.
//
// A distribution of inter-token latencies over requests, each weighted by its gaps, has the mean of all gaps, but not
// their percentiles: only the mean is taken. E2EL is "request_latency", which ends with the response and not with the
// last token; so is the decode time that follows from it.

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "workload/measured_format.h"

namespace plumb::workload {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double ms = 1e-3;

bool recognises(const Node& root) { return root.find("benchmarks") != nullptr; }

/// What `metrics.NAME.successful` holds, times `unit`.
MeasuredLatency read_distribution(Reader& metrics, std::string_view name, double unit) {
  constexpr std::array<std::pair<std::string_view, double>, 11> percents{{{"p001", 0.1},
                                                                          {"p01", 1.0},
                                                                          {"p05", 5.0},
                                                                          {"p10", 10.0},
                                                                          {"p25", 25.0},
                                                                          {"p50", 50.0},
                                                                          {"p75", 75.0},
                                                                          {"p90", 90.0},
                                                                          {"p95", 95.0},
                                                                          {"p99", 99.0},
                                                                          {"p999", 99.9}}};
  MeasuredLatency latency;
  auto breakdown = metrics.table_if(name);
  auto summary = breakdown ? breakdown->table_if("successful") : std::nullopt;
  if (!summary) return latency;
  const auto scaled = [&](std::optional<double> value) { return value ? std::optional(*value * unit) : value; };
  latency.mean_s = scaled(summary->number_if("mean", measured_time));
  latency.median_s = scaled(summary->number_if("median", measured_time));
  if (auto percentiles = summary->table_if("percentiles")) {
    for (const auto& [key, percent] : percents) {
      if (const auto value = percentiles->number_if(key, measured_time)) {
        latency.percentiles_s.emplace_back(percent, *value * unit);
      }
    }
  }
  return latency;
}

/// One figure of `metrics.NAME.successful`.
std::optional<double> read_figure(Reader& metrics, std::string_view name, std::string_view figure) {
  auto breakdown = metrics.table_if(name);
  auto summary = breakdown ? breakdown->table_if("successful") : std::nullopt;
  return summary ? summary->number_if(figure, not_negative) : std::nullopt;
}

MeasuredSummary read_summary(Reader& benchmark) {
  MeasuredSummary summary;
  summary.duration_s = benchmark.number_if("duration", measured_time);
  auto metrics = benchmark.table_if("metrics");
  if (!metrics) return summary;
  summary.ttft = read_distribution(*metrics, "time_to_first_token_ms", ms);
  summary.itl.mean_s = read_distribution(*metrics, "inter_token_latency_ms", ms).mean_s;
  summary.e2el = read_distribution(*metrics, "request_latency", 1.0);
  summary.prompt_tokens = read_figure(*metrics, "prompt_token_count", "total_sum");
  summary.output_tokens = read_figure(*metrics, "output_token_count", "total_sum");
  summary.request_throughput = read_figure(*metrics, "requests_per_second", "mean");
  summary.output_throughput = read_figure(*metrics, "output_tokens_per_second", "mean");
  summary.total_token_throughput = read_figure(*metrics, "tokens_per_second", "mean");
  return summary;
}

StatedLoad read_load(Reader& benchmark) {
  StatedLoad load;
  auto config = benchmark.table_if("config");
  auto strategy = config ? config->table_if("strategy") : std::nullopt;
  if (!strategy) return load;
  const std::string type = strategy->text_if("type_").value_or("");
  load.max_concurrency = strategy->integer_if("max_concurrency", from_one);
  if (type == "synchronous") load.max_concurrency = 1;
  if (type == "concurrent") load.max_concurrency = strategy->integer_if("streams", from_one);
  if (type == "synchronous" || type == "concurrent" || type == "throughput") {
    load.rate_per_s = infinite;
    load.gaps = StatedLoad::Gaps::equal;
  } else if (type == "constant" || type == "poisson") {
    load.rate_per_s = strategy->number_if("rate", measured_rate);
    load.gaps = type == "poisson" ? StatedLoad::Gaps::gamma : StatedLoad::Gaps::equal;
    if (type == "constant") load.burstiness = infinite;
  }
  return load;
}

/// Nothing where the request never started.
std::optional<MeasuredRequest> read_request(Reader& table, bool successful) {
  MeasuredRequest request;
  const auto start_s = table.number_if("request_start_time", measured_time);
  const auto ttft_ms = table.number_if("time_to_first_token_ms", measured_time);
  const auto latency_s = table.number_if("request_latency", measured_time);
  request.prompt_tokens = table.integer_if("prompt_tokens", measured_tokens).value_or(0);
  request.output_tokens = table.integer_if("output_tokens", measured_tokens).value_or(0);
  if (auto input = table.table_if("input_metrics")) {
    request.cached_tokens = input->integer_if("cached_tokens", measured_tokens);
  }
  if (!start_s) return std::nullopt;
  request.start_s = *start_s;
  request.ttft_s = ttft_ms.value_or(0.0) * ms;
  request.e2e_s = std::max(latency_s.value_or(0.0), request.ttft_s);
  request.completed = successful && ttft_ms && latency_s && request.prompt_tokens > 0 && request.output_tokens > 0;
  return request;
}

/// The requests of one status; their number goes to `count`, started or not.
void read_requests(Reader& requests, std::string_view status, MeasuredRun& run, std::size_t& count) {
  std::vector<Reader> tables = requests.tables(status);
  count = tables.size();
  for (Reader& table : tables) {
    auto request = read_request(table, status == "successful");
    if (!request) continue;
    request->id = static_cast<std::int64_t>(run.requests.size());
    run.requests.push_back(std::move(*request));
  }
}

/// Requests of every status, `scheduler_metrics.requests_made` or what `metrics.request_totals` says.
std::optional<std::int64_t> requests_made(Reader& benchmark, std::string_view status) {
  auto scheduler = benchmark.table_if("scheduler_metrics");
  auto made = scheduler ? scheduler->table_if("requests_made") : std::nullopt;
  if (!made) {
    auto metrics = benchmark.table_if("metrics");
    made = metrics ? metrics->table_if("request_totals") : std::nullopt;
  }
  return made ? made->integer_if(status, measured_tokens) : std::nullopt;
}

/// Reads the requests and leaves them out again where the report holds a sample of them only: a load with holes is
/// another load.
void read_all_requests(Reader& benchmark, MeasuredRun& run) {
  std::size_t successful = 0, incomplete = 0, errored = 0;
  if (auto requests = benchmark.table_if("requests")) {
    read_requests(*requests, "successful", run, successful);
    read_requests(*requests, "incomplete", run, incomplete);
    read_requests(*requests, "errored", run, errored);
  }
  const auto made = requests_made(benchmark, "successful");
  const auto total = requests_made(benchmark, "total");
  run.completed = made.value_or(static_cast<std::int64_t>(successful));
  run.failed = std::max<std::int64_t>(
      0, total.value_or(static_cast<std::int64_t>(successful + incomplete + errored)) - run.completed);
  run.load.prompts = run.completed + run.failed;
  if (successful > 0 && made && static_cast<std::int64_t>(successful) < *made) {
    run.notes.push_back(fmt::format(
        "The report keeps {} of {} completed requests, so only its percentiles are compared.", successful, *made));
    run.requests.clear();
  }
}

Result<MeasuredRun> read(const Document& document, int asked) {
  Reader reader(document);
  std::vector<Reader> benchmarks = reader.tables("benchmarks");
  PLUMB_TRY(reader.first_error());
  PLUMB_TRY(check_benchmark(reader, "benchmarks", asked, benchmarks.size()));
  Reader& benchmark = benchmarks[asked == 0 ? 0 : static_cast<std::size_t>(asked) - 1];

  MeasuredRun run;
  run.tool = "GuideLLM";
  run.load = read_load(benchmark);
  run.summary = read_summary(benchmark);
  read_all_requests(benchmark, run);
  PLUMB_TRY(reader.first_error());
  run.start_times = !run.requests.empty();
  const bool streamed = std::any_of(run.requests.begin(), run.requests.end(),
                                    [](const MeasuredRequest& request) { return request.completed; });
  if (!run.requests.empty() && !streamed) {
    return fail(benchmark.error("requests", "no request has completed with a time to its first token",
                                "a run in which answers were streamed"));
  }
  settle(run);
  return run;
}

}  // namespace

MeasuredFormat guidellm_measured_format() { return {"\"benchmarks\" (GuideLLM's JSON report)", recognises, read}; }

}  // namespace plumb::workload
