#pragma once
// The engine's settings that a result ran with: what its words state, and for the rest the defaults of that software
// and version.

#include <cstdint>
#include <string_view>

#include "serving/deployment.h"
#include "validation/scenario.h"
#include "validation/software.h"

namespace plumb::validation {

struct SettingsContext {
  const Software& software;
  const LoadWords& load;
  std::string_view software_words, notes;
  double prompt_tokens_max = 0.0, sequence_tokens_max = 0.0;  ///< of a request, output included
  std::int64_t sequences = 0;  ///< that the load may have under way at once, on one engine; 0: no bound
  int data_ranks = 1;
};

/// Which scheduler stands for which engine, and what follows from its version:
///   vLLM          vllm-v1 since 0.8 (2025), before it vllm-v0: prompts whole and first, 256 sequences
///                 and before 0.2.6 (2023) without CUDA graphs; with chunked prefill stated, sarathi
///   SGLang        sglang, chunks of 8192 tokens
///   TensorRT-LLM  trtllm-guaranteed-no-evict with at most 2048 sequences and 8192 tokens a step; a static batch of a
///                 version before 0.10 (gptSessionBenchmark) one static batch
///   llama.cpp, NeuronX   static
///   others        vllm-v1
/// Stated settings count: max_num_seqs, max_batch, max_num_batched_tokens, max_num_tokens, chunked-prefill=FALSE,
/// gpu_mem_util, max_model_len, enforce-eager, a KV pool of so many blocks.
serving::EngineSettings settings_of(const SettingsContext& context);

}  // namespace plumb::validation
