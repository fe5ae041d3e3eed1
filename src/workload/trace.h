#pragma once
// Traces of requests in the formats people have, plain, .gz or .zst, streamed:
//   azure     CSV  TIMESTAMP,ContextTokens,GeneratedTokens            ("2023-11-16 18:17:03.9799600")
//   burstgpt  CSV  Timestamp[,Session ID][,Elapsed time],Model,Request tokens,Response tokens,Total tokens,Log Type
//   mooncake  JSONL {"timestamp": ms, "input_length": n, "output_length": n, "hash_ids": [...]}
//   plain     CSV  arrival_s,prompt_tokens,output_tokens[,session][,priority][,deadline_s][,cancel_s]
//                  (aliases: arrived_at,num_prefill_tokens,num_decode_tokens)
// The format is recognised from the header line or the first character. A new format is one file and one line in
// trace.cpp's table.
//
// What was recorded somewhere (azure, burstgpt, mooncake) is shifted so that its first request arrives at 0. The times
// of a plain trace are those of the simulation's clock and stay as they are: a first arrival at 5 s leaves the engines
// idle for 5 s, and results say when by the same clock. Requests out of order by time are an error at their line. No
// trace says what its prompts have in common with the turns before, other than by hashes. So of a turn whose prompt is
// at least as long as the prompt and output of its session's previous turn it is taken that it repeats them
// (history_tokens); of a shorter one, that it repeats nothing. A request without output tokens did not complete
// (BurstGPT's failures): it is skipped and counted.

#include <cstdint>
#include <string>
#include <vector>

#include "workload/request.h"

namespace plumb::workload {

struct TraceOptions {
  std::int64_t count_max = 0;  ///< stop after so many requests; 0 is no limit
  double time_scale = 1.0;     ///< arrivals are multiplied by it: 0.5 doubles the rate
};

struct TraceCounts {
  std::int64_t read = 0;  ///< requests with output tokens
  std::int64_t skipped_without_output = 0;
};

class TraceSource : public RequestSource {
 public:
  virtual const TraceCounts& counts() const = 0;
  virtual std::string_view format() const = 0;
};

[[nodiscard]] Result<std::unique_ptr<TraceSource>> open_trace(const std::string& path, TraceOptions options = {});

/// All requests of a trace. A trace without any is an error.
[[nodiscard]] Result<std::vector<Request>> read_trace(const std::string& path, TraceOptions options = {});

}  // namespace plumb::workload
