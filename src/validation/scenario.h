#pragma once
// What a result's load was: which class of scenario, at what batch, concurrency or rate.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::validation {

enum class Scenario {
  static_batch,   ///< a batch given to an idle engine at once; its own latency
  offline,        ///< all requests at once, many more than fit; throughput
  rate,           ///< arrivals at a rate
  closed_loop,    ///< a fixed number of clients, each with one request under way
  kernel,         ///< no serving: one kernel, storage, a link
  disaggregated,  ///< prefill and decode on engines of their own
  power,          ///< power at a load
  other,
};
std::string_view scenario_name(Scenario scenario);

struct LoadWords {
  Scenario scenario = Scenario::other;
  std::optional<std::int64_t> batch;        ///< of a static batch
  std::optional<std::int64_t> concurrency;  ///< of a closed loop
  std::optional<double> rate_per_s;         ///< of the whole system
  bool constant_rate = false;               ///< arrivals at equal gaps; else Poisson
  bool prefill_only = false;                ///< prompt evaluation: no output beyond the first token
  bool shared_prefix = false;               ///< prompts that begin alike
  std::optional<std::int64_t> requests;     ///< how many were sent
};

/// From the columns scenario, concurrency_or_qps and notes. `rate_per_s` is that of the devices that the row is of:
/// "qps=0.25 (whole system); config 2DP4TP_0" is half of it.
LoadWords load_of(std::string_view scenario, std::string_view concurrency, std::string_view notes);

}  // namespace plumb::validation
