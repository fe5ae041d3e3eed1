#pragma once
// What a benchmark of a real server wrote: the load that it sent and the latencies that it saw.
//   vllm bench serve --save-result [--save-detailed] [--append-result]    one JSON object, or one a line
//   GuideLLM's JSON report, of version 1 or 2 ("benchmarks": [...])       one benchmark or several
// The format is recognised by its keys. A new format is one file and one line in measured_run.cpp's table.
//
// All latencies are by vLLM's definitions, whatever the tool calls them: with start a, first token f, last token l and
// n output tokens, TTFT = f - a, E2EL = l - a, TPOT = (l - f) / (n - 1), ITL each gap between tokens. What a file lacks
// stays absent. Thread rule: plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace plumb::workload {

struct MeasuredRequest {
  std::int64_t id = 0;    ///< position in the file's lists, from 0
  double start_s = 0.0;   ///< after the start of the first; 0 where the file has no start times
  bool completed = true;  ///< false: failed or cut off; it was part of the load as far as its lengths are known
  std::int64_t prompt_tokens = 0, output_tokens = 0;  ///< at least 1 of those completed
  double ttft_s = 0.0, e2e_s = 0.0;                   ///< of those completed; ttft_s <= e2e_s
  std::vector<double> gaps_s;                         ///< between its tokens or chunks; empty where not in the file
  std::optional<std::int64_t> cached_tokens;          ///< of the prompt, that the server had in its prefix cache

  double decode_s() const { return e2e_s - ttft_s; }
};

/// Seconds. Percentiles as (percent, value), by percent.
struct MeasuredLatency {
  std::optional<double> mean_s, median_s;
  std::vector<std::pair<double, double>> percentiles_s;
};

/// What the file sums up, over completed requests.
struct MeasuredSummary {
  std::optional<double> duration_s, request_throughput, output_throughput, total_token_throughput;
  std::optional<double> prompt_tokens, output_tokens;  ///< sums
  MeasuredLatency ttft, tpot, itl, e2el;
};

/// The load as the file states it.
struct StatedLoad {
  enum class Gaps { gamma, equal, unknown };  ///< unknown: a trace's, a ramp's, or none stated
  std::int64_t prompts = 0;                   ///< sent, or to be sent
  std::optional<double> rate_per_s;           ///< infinite: all at once
  Gaps gaps = Gaps::unknown;
  double burstiness = 1.0;  ///< shape of the gamma-distributed gaps; infinite: equal gaps
  /// The gaps are scaled so that the last request starts at prompts / rate, as vllm bench serve does.
  bool scaled = false;
  std::optional<std::int64_t> max_concurrency;  ///< requests in flight at most: the client holds others back
};

struct MeasuredRun {
  std::string tool;   ///< "vllm bench serve"
  std::string model;  ///< as the tool was told; may be empty
  StatedLoad load;
  std::int64_t completed = 0, failed = 0;  ///< as the file counts them
  /// Every request that was sent, by start (of equal starts, by position). Empty where the file has only a summary.
  std::vector<MeasuredRequest> requests;
  bool start_times = false;                   ///< MeasuredRequest::start_s are measured
  std::optional<std::int64_t> in_flight_max;  ///< most requests at once, by measured start times
  MeasuredSummary summary;
  std::vector<std::string> notes;  ///< what a reader of the result should know, in sentences
};

/// Reads the file, of at most 256 MB. `benchmark` picks one of a file that holds several, from 1; 0 is the only one.
[[nodiscard]] Result<MeasuredRun> read_measured_run(const std::string& path, int benchmark = 0);

/// The same from memory. `name` is what messages call the text.
[[nodiscard]] Result<MeasuredRun> parse_measured_run(std::string_view text, const std::string& name, int benchmark = 0);

}  // namespace plumb::workload
