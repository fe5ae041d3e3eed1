#pragma once
// How many requests stand for a load: as many as the source sent where it says so, else enough for its steady state;
// bounded, because thousands of runs are simulated.

#include <cstdint>
#include <optional>

namespace plumb::validation {

struct LoadPlan;

/// For one engine. Offline: what trtllm-bench's tables use by length (3000 requests of up to 3000 tokens, half of that
/// for longer ones, more for short ones). Closed loop: ten a client, as InferenceX sends. Rate: five minutes of them.
std::int64_t request_count(const LoadPlan& load, std::optional<std::int64_t> stated);

}  // namespace plumb::validation
