#include "serving/trtllm_tokens.h"

#include <algorithm>

namespace plumb::serving {

TrtllmTokens::TrtllmTokens(const EngineState& state)
    : chunked_(state.settings().enable_chunked_prefill),
      // A budget of less than a block would never begin a prompt.
      unit_(std::min(state.settings().block_size, state.settings().max_num_batched_tokens)),
      left_(state.settings().max_num_batched_tokens - state.decoding()),
      places_(state.settings().max_num_seqs - state.decoding()) {}

std::int64_t TrtllmTokens::give(std::int64_t lacking, std::int64_t decodes_behind) {
  if (over()) return 0;
  --places_;
  if (!chunked_) {
    over_ = lacking > left_ + decodes_behind;
    if (over_) return 0;
    left_ -= lacking;
    return lacking;
  }
  const std::int64_t tokens = lacking <= left_ ? lacking : left_ / unit_ * unit_;
  left_ -= tokens;
  return tokens;
}

}  // namespace plumb::serving
