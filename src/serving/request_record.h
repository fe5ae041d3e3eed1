#pragma once
// What became of one request.

#include <cstdint>

#include "workload/request.h"

namespace plumb::serving {

using workload::never_s;

/// Why a request was not served at all.
enum class Rejection : std::uint8_t {
  none,
  too_long,   ///< prompt and output together exceed max_model_len
  never_fits  ///< no longer than that, but the scheduler's settings would never let it run
};

/// Times are seconds since the start; never_s where it did not get so far.
struct RequestRecord {
  std::int64_t id = 0;
  double arrival_s = 0.0;
  double scheduled_s = never_s;  ///< first part of a step
  double first_token_s = never_s;
  double finish_s = never_s;
  std::int64_t prompt_tokens = 0, output_tokens = 0;
  std::int64_t cached_tokens = 0;  ///< of the prompt, found in the prefix cache when it was first scheduled
  std::int64_t loaded_tokens = 0;  ///< of these, loaded from cache tiers for it
  std::int32_t replica = -1;
  std::int32_t preemptions = 0;
  double deadline_s = never_s;  ///< after arrival; later than that it is of no use
  bool rejected = false;        ///< when it arrived; `rejection` says why
  Rejection rejection = Rejection::none;
  bool cancelled = false;  ///< its client went away
  bool ended = false;      ///< completed, rejected or cancelled: nothing of this changes any more

  bool completed() const { return finish_s < never_s; }
  double ttft_s() const { return first_token_s - arrival_s; }
  /// Mean gap after the first token; 0 for a single token.
  double tpot_s() const {
    return output_tokens > 1 ? (finish_s - first_token_s) / static_cast<double>(output_tokens - 1) : 0.0;
  }
  double e2e_s() const { return finish_s - arrival_s; }
};

}  // namespace plumb::serving
