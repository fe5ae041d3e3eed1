#include "serving/vllm_rules.h"

#include <fmt/format.h>

namespace plumb::serving {

std::optional<Refusal> vllm_refusal(const EngineSettings& settings, bool whole_prompts) {
  const std::int64_t tokens = settings.max_num_batched_tokens;
  if (tokens < settings.max_num_seqs) {
    return Refusal{"max_num_batched_tokens",
                   fmt::format("max_num_batched_tokens is {}, less than the {} of max_num_seqs: vLLM does not start",
                               tokens, settings.max_num_seqs),
                   fmt::format("{} or more", settings.max_num_seqs)};
  }
  if (whole_prompts && tokens < settings.max_model_len) {
    return Refusal{"max_num_batched_tokens",
                   fmt::format("max_num_batched_tokens is {}, less than the {} of max_model_len, and prompts are not "
                               "cut: vLLM does not start",
                               tokens, settings.max_model_len),
                   fmt::format("{} or more", settings.max_model_len)};
  }
  return std::nullopt;
}

}  // namespace plumb::serving
