// The result file of `vllm bench serve`, as vllm/benchmarks/serve.py writes it (read at vLLM commits 009e6d4 and
// 02cfb53 of 2026). Without --save-detailed it has the summary only, in recent versions also "latencies". "start_times"
// came later than the other lists. Times are seconds, summaries milliseconds. Of a failed request the lists hold zeros.

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "workload/measured_format.h"

namespace plumb::workload {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double ms = 1e-3;

bool recognises(const Node& root) {
  return root.find("request_throughput") != nullptr || root.find("ttfts") != nullptr;
}

/// The percent of "p99.9_ttft_ms" for the metric "ttft", or nothing.
std::optional<double> percent_of(std::string_view key, std::string_view metric) {
  const std::string end = fmt::format("_{}_ms", metric);
  if (!key.starts_with('p') || !key.ends_with(end) || key.size() < end.size() + 2) return std::nullopt;
  double percent = 0.0, digit = 1.0;
  bool point = false;
  for (const char c : key.substr(1, key.size() - 1 - end.size())) {
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      if (point) digit /= 10.0;
      percent = point ? percent + (c - '0') * digit : percent * 10.0 + (c - '0');
    } else {
      return std::nullopt;
    }
  }
  // Tenths that were summed up are rounded back to what was written.
  percent = std::round(percent * 1e6) / 1e6;
  return percent <= 100.0 ? std::optional(percent) : std::nullopt;
}

MeasuredLatency read_latency(Reader& reader, std::string_view metric) {
  MeasuredLatency latency;
  const auto read = [&](const std::string& key) -> std::optional<double> {
    const auto value = reader.number_if(key, measured_time);
    return value ? std::optional(*value * ms) : std::nullopt;
  };
  latency.mean_s = read(fmt::format("mean_{}_ms", metric));
  latency.median_s = read(fmt::format("median_{}_ms", metric));
  for (const std::string& key : reader.keys()) {
    const auto percent = percent_of(key, metric);
    if (!percent) continue;
    if (const auto value = read(key)) latency.percentiles_s.emplace_back(*percent, *value);
  }
  std::sort(latency.percentiles_s.begin(), latency.percentiles_s.end());
  return latency;
}

MeasuredSummary read_summary(Reader& reader) {
  MeasuredSummary summary;
  summary.duration_s = reader.number_if("duration", measured_time);
  summary.request_throughput = reader.number_if("request_throughput", not_negative);
  summary.output_throughput = reader.number_if("output_throughput", not_negative);
  summary.total_token_throughput = reader.number_if("total_token_throughput", not_negative);
  summary.prompt_tokens = reader.number_if("total_input_tokens", not_negative);
  summary.output_tokens = reader.number_if("total_output_tokens", not_negative);
  summary.ttft = read_latency(reader, "ttft");
  summary.tpot = read_latency(reader, "tpot");
  summary.itl = read_latency(reader, "itl");
  summary.e2el = read_latency(reader, "e2el");
  return summary;
}

/// A number, or the word "inf".
std::optional<double> read_rate(Reader& reader) {
  if (reader.kind("request_rate") != NodeKind::string) return reader.number_if("request_rate", measured_rate);
  if (reader.text("request_rate") == "inf") return infinite;
  reader.reject("request_rate", "\"request_rate\" is a text", "a number above 0, or \"inf\"");
  return std::nullopt;
}

/// It may be infinite, which means equal gaps and which Python writes as the word Infinity.
double read_burstiness(const Document& document, Reader& reader) {
  const Node* node = document.root().find("burstiness");
  if (node != nullptr && node->kind == NodeKind::number && node->number == infinite) return infinite;
  constexpr Range shape{1e-3, 1e6};
  return reader.number_if("burstiness", shape).value_or(1.0);
}

StatedLoad read_load(const Document& document, Reader& reader) {
  StatedLoad load;
  load.prompts = reader.integer_if("num_prompts", measured_tokens).value_or(0);
  load.rate_per_s = read_rate(reader);
  load.burstiness = read_burstiness(document, reader);
  const bool ramp = reader.text_if("ramp_up_strategy").has_value();
  if (load.rate_per_s && !ramp) load.gaps = StatedLoad::Gaps::gamma;
  load.scaled = true;
  load.max_concurrency = reader.integer_if("max_concurrency", from_one);
  return load;
}

/// The lists of --save-detailed, an entry a request.
struct Lists {
  std::vector<std::int64_t> input_lens, output_lens;
  std::vector<double> ttfts, latencies, start_times;
  std::vector<std::vector<double>> itls;
  std::vector<std::string> errors;
};

Lists read_lists(Reader& reader) {
  Lists lists;
  lists.input_lens = reader.integers("input_lens", measured_tokens);
  lists.output_lens = reader.integers("output_lens", measured_tokens);
  lists.ttfts = reader.numbers("ttfts", measured_time);
  lists.latencies = reader.numbers("latencies", measured_time);
  lists.start_times = reader.numbers("start_times", measured_time);
  lists.itls = reader.number_lists("itls", measured_time);
  lists.errors = reader.texts("errors");
  return lists;
}

/// Lists that are there must have an entry for every request, and some have to be there.
void check_lists(Reader& reader, const Lists& lists) {
  const std::size_t count = lists.ttfts.size();
  const auto check = [&](std::string_view key, std::size_t size, bool required) {
    if (!reader.has(key) && !required) return;
    if (!reader.has(key)) {
      reader.reject("ttfts", fmt::format("there are \"ttfts\" but no \"{}\"", key), "all lists of --save-detailed");
    } else if (size != count) {
      reader.reject(
          key, fmt::format("\"{}\" has {} {}, \"ttfts\" has {}", key, size, size == 1 ? "entry" : "entries", count),
          "an entry for every request");
    }
  };
  check("input_lens", lists.input_lens.size(), true);
  check("output_lens", lists.output_lens.size(), true);
  check("latencies", lists.latencies.size(), !reader.has("itls"));
  check("start_times", lists.start_times.size(), false);
  check("itls", lists.itls.size(), false);
  check("errors", lists.errors.size(), false);
}

MeasuredRequest request_of(Reader& reader, Lists& lists, std::size_t i) {
  MeasuredRequest request;
  request.id = static_cast<std::int64_t>(i);
  request.prompt_tokens = lists.input_lens[i];
  request.output_tokens = lists.output_lens[i];
  request.ttft_s = lists.ttfts[i];
  if (!lists.start_times.empty()) request.start_s = lists.start_times[i];
  if (!lists.itls.empty()) request.gaps_s = std::move(lists.itls[i]);
  request.completed = (lists.errors.empty() || lists.errors[i].empty()) && request.output_tokens > 0 &&
                      request.prompt_tokens > 0 && request.ttft_s > 0.0;
  request.e2e_s = request.ttft_s;
  for (const double gap_s : request.gaps_s) request.e2e_s += gap_s;
  if (!lists.latencies.empty()) request.e2e_s = lists.latencies[i];
  if (request.completed && request.e2e_s < request.ttft_s) {
    reader.reject(
        "latencies",
        fmt::format("entry {} of \"latencies\" is {} s, that of \"ttfts\" {} s", i + 1, request.e2e_s, request.ttft_s),
        "a last token no earlier than the first");
  }
  return request;
}

std::vector<MeasuredRequest> read_requests(Reader& reader) {
  Lists lists = read_lists(reader);
  if (!reader.ok()) return {};
  check_lists(reader, lists);
  if (!reader.ok()) return {};
  std::vector<MeasuredRequest> requests;
  for (std::size_t i = 0; i < lists.ttfts.size(); ++i) requests.push_back(request_of(reader, lists, i));
  return requests;
}

Result<MeasuredRun> read(const Document& document, int benchmark) {
  Reader reader(document);
  PLUMB_TRY(check_benchmark(reader, "request_throughput", benchmark, 1));
  MeasuredRun run;
  run.tool = "vllm bench serve";
  run.model = reader.text_if("model_id").value_or("");
  run.load = read_load(document, reader);
  run.summary = read_summary(reader);
  if (reader.has("ttfts")) run.requests = read_requests(reader);
  run.start_times = !run.requests.empty() && reader.has("start_times");
  const auto completed = reader.integer_if("completed", measured_tokens);
  const auto failed = reader.integer_if("failed", measured_tokens);
  PLUMB_TRY(reader.first_error());

  std::int64_t counted = 0;
  for (const MeasuredRequest& request : run.requests) counted += request.completed ? 1 : 0;
  const auto sent = static_cast<std::int64_t>(run.requests.size());
  run.completed = sent > 0 ? counted : completed.value_or(run.load.prompts);
  run.failed = sent > 0 ? sent - counted : failed.value_or(0);
  // The data set may have had fewer than num_prompts.
  if (sent > 0 || (completed && failed) || run.load.prompts == 0) run.load.prompts = run.completed + run.failed;
  settle(run);
  return run;
}

}  // namespace

MeasuredFormat vllm_measured_format() {
  return {"\"request_throughput\" (vllm bench serve --save-result)", recognises, read};
}

}  // namespace plumb::workload
