#pragma once
// The load of a simulation, as the options --trace, --rate, --requests, --burstiness, --input-len and --output-len say
// it:
//   --trace alone         requests as they were: their times and lengths
//   --trace with --rate   made arrivals, lengths drawn in pairs from the trace
//   neither               the file's [load] or [sessions], unless --rate asks for others; else made arrivals, lengths
//   of
//                         --input-len and --output-len or the file; a service at its peak, a deployment with all
//                         requests at once, as `vllm bench serve` does
// --max-concurrency holds back what would be too many at a time.

#include <cstdint>
#include <optional>
#include <string>

#include "cli/command.h"
#include "cli/subject.h"
#include "workload/request.h"
#include "workload/trace.h"

namespace plumb::cli {

struct Load {
  workload::RequestSourcePtr source;
  std::optional<double> rate_per_s;  ///< of made arrivals, infinite for all at once; nothing for a trace's own times
  double burstiness = 1.0;
  std::int64_t requests = 0;                     ///< 0 where only the end of the trace will tell
  std::string words;                             ///< "1,000 requests, Poisson at 5 /s, lengths ..."
  const workload::TraceSource* trace = nullptr;  ///< `source`, where it is a trace
};

[[nodiscard]] Result<Load> make_load(const Arguments& arguments, const Subject& subject);

/// Lengths that --input-len and --output-len fix, either or both; the others are drawn from `base`, which may be null
/// where both are fixed.
workload::LengthSamplerPtr with_fixed_lengths(workload::LengthSamplerPtr base, std::int64_t prompt_tokens,
                                              std::int64_t output_tokens);

}  // namespace plumb::cli
