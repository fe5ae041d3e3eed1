#include "validation/engine_settings.h"

#include <algorithm>
#include <cmath>

#include "validation/words.h"

namespace plumb::validation {
namespace {

std::optional<std::int64_t> setting(std::string_view notes, std::initializer_list<std::string_view> names) {
  constexpr double most = 1e7;
  for (const std::string_view name : names) {
    const auto value = number_after(notes, name);
    if (value && *value >= 1.0 && *value <= most) return std::llround(*value);
  }
  return std::nullopt;
}

std::int64_t tokens_of(double length) { return static_cast<std::int64_t>(std::ceil(length)); }

void set_vllm(const SettingsContext& context, serving::EngineSettings& settings) {
  const bool first_engine = !context.software.since({0, 8, 0}, 2025);
  if (first_engine) {
    settings.scheduler = "vllm-v0";
    settings.max_num_seqs = 256;
    settings.enable_chunked_prefill = false;
    settings.enable_prefix_caching = false;
    // CUDA graphs came with 0.2.6, in December 2023.
    settings.enforce_eager = !context.software.since({0, 2, 6}, 2024);
    // A step holds the longest sequence that the engine is started for, and at least 2048 tokens.
    settings.max_num_batched_tokens = std::max<std::int64_t>(2048, tokens_of(context.sequence_tokens_max));
    return;
  }
  settings.scheduler = "vllm-v1";
  settings.max_num_seqs = context.software.since({0, 8, 3}, 2025) ? 1024 : 256;
  settings.max_num_batched_tokens = 8192;
}

void set_tensorrt_llm(const SettingsContext& context, serving::EngineSettings& settings) {
  const bool sessions = context.load.scenario == Scenario::static_batch && !context.software.since({0, 10, 0}, 2025);
  settings.scheduler = sessions ? "static" : "trtllm-guaranteed-no-evict";
  settings.max_num_seqs = 2048;
  settings.enable_chunked_prefill = false;
  settings.enable_prefix_caching = false;
  settings.max_num_batched_tokens = std::max<std::int64_t>(8192, tokens_of(context.prompt_tokens_max));
}

/// One batch, prefilled in one step.
void set_static(const SettingsContext& context, serving::EngineSettings& settings) {
  settings.scheduler = "static";
  settings.enable_chunked_prefill = false;
  settings.enable_prefix_caching = false;
  settings.max_num_seqs = std::max<std::int64_t>(context.sequences, 1);
}

void set_defaults(const SettingsContext& context, serving::EngineSettings& settings) {
  switch (context.software.engine) {
    case Engine::vllm: return set_vllm(context, settings);
    case Engine::tensorrt_llm: return set_tensorrt_llm(context, settings);
    case Engine::llama_cpp:
    case Engine::neuron: return set_static(context, settings);
    case Engine::sglang:
      settings.scheduler = "sglang";
      settings.max_num_seqs = 4096;
      settings.max_num_batched_tokens = 8192;
      return;
    case Engine::deepspeed_mii:
      settings.scheduler = "sarathi";
      settings.max_num_batched_tokens = 2048;
      settings.enable_prefix_caching = false;
      return;
    case Engine::other: settings.max_num_seqs = 1024; return;
  }
}

void take_stated(const SettingsContext& context, serving::EngineSettings& settings) {
  const std::string_view notes = context.notes;
  if (const auto sequences = setting(notes, {"max_num_seqs", "max-num-seqs", "max_batch"}))
    settings.max_num_seqs = *sequences;
  if (const auto tokens = setting(notes, {"max_num_batched_tokens", "max-num-batched-tokens", "max_num_tokens"})) {
    settings.max_num_batched_tokens = *tokens;
  }
  if (says(notes, "chunked-prefill=FALSE")) settings.enable_chunked_prefill = false;
  if (says(notes, "chunked-prefill=TRUE")) {
    settings.enable_chunked_prefill = true;
    if (settings.scheduler == "vllm-v0") settings.scheduler = "sarathi";
  }
  if (const auto share = number_after(notes, "gpu_mem_util"); share && *share > 0.1 && *share <= 1.0) {
    settings.gpu_memory_utilization = *share;
  }
  if (const auto blocks = number_before(notes, "blocks"); blocks && *blocks >= 1.0 && *blocks < 1e9) {
    settings.num_gpu_blocks_override = std::llround(*blocks);
  }
  if (const auto length = setting(notes, {"max_model_len"})) settings.max_model_len = *length;
  settings.enforce_eager =
      settings.enforce_eager || says(notes, "enforce-eager") || says(context.software_words, "enforce-eager");
}

}  // namespace

serving::EngineSettings settings_of(const SettingsContext& context) {
  serving::EngineSettings settings;
  set_defaults(context, settings);
  take_stated(context, settings);
  // What is counted on one rank counts for all of them here.
  settings.max_num_seqs *= context.data_ranks;
  settings.max_num_batched_tokens *= context.data_ranks;
  // More sequences than ever come need no place, and graphs are captured for those that do.
  if (context.sequences > 0) {
    settings.max_num_seqs = std::clamp<std::int64_t>(settings.max_num_seqs, 1,
                                                     std::max<std::int64_t>(context.sequences, context.data_ranks));
  }
  // "prompt_time = prefill of the whole batch": in one step.
  if (settings.scheduler == "static" || says(context.notes, "prefill of the whole batch")) {
    settings.max_num_batched_tokens =
        std::max(settings.max_num_batched_tokens, settings.max_num_seqs * tokens_of(context.prompt_tokens_max));
  }
  // Without chunks a step has to hold what may have to be computed again: a sequence at its longest.
  const std::int64_t longest = tokens_of(context.sequence_tokens_max);
  if (!settings.enable_chunked_prefill) {
    settings.max_num_batched_tokens = std::max(settings.max_num_batched_tokens, longest);
  }
  // It was measured, so the engine admitted it, whatever positions the configuration states.
  settings.max_model_len = std::max(settings.max_model_len, longest);
  settings.max_num_batched_tokens = std::max(settings.max_num_batched_tokens, settings.max_num_seqs);
  return settings;
}

}  // namespace plumb::validation
