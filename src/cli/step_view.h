#pragma once
// The steps that an explanation looks at, profiled.

#include "cli/explanation.h"

namespace plumb::cli {

/// The prompt of a request alone, in chunks as the engine cuts it.
StepView view_prefill(const serving::CompiledDeployment& deployment, std::int64_t prompt_tokens);
/// One decode step of `sequences` requests whose context is `context` tokens, the new one included.
StepView view_decode(const serving::CompiledDeployment& deployment, std::int64_t sequences, std::int64_t context);

/// In which decode steps operators run in memory, for batches from 1 to `batch_max`.
std::vector<BatchesInMemory> batches_in_memory(const serving::CompiledDeployment& deployment, std::int64_t batch_max,
                                               std::int64_t context);

/// Seconds of decode steps with `sequences` requests in each, from the second output token to the last.
double decode_time_s(const serving::CompiledDeployment& deployment, std::int64_t sequences, std::int64_t prompt_tokens,
                     std::int64_t output_tokens);

}  // namespace plumb::cli
