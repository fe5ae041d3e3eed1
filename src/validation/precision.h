#pragma once
// The number formats that a result was run in, from words such as
//   w:fp8 (gemm fp8_block, moe fp8_block)     w:fp4 (engine fp4) kv:fp8     w:fp16 as declared (engine fp8 presumed)
//   w:Q4_K_M kv:f16     w:int8 compute Matmult-BF16     fp16/bf16 (framework default; not stated)     w: (gemm , moe )

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/number_format.h"
#include "model/model.h"
#include "validation/software.h"

namespace plumb::validation {

/// How weights are stored and multiplied.
struct WeightFormat {
  NumberFormat format = NumberFormat::bf16;
  double bits = 16.0;                               ///< with scales
  bool activations = false;                         ///< products run in it too
  std::optional<NumberFormat> rest = std::nullopt;  ///< embeddings and LM head, where they are stored narrower as well
};

struct PrecisionWords {
  std::optional<WeightFormat> weights;  ///< absent: as the checkpoint has them
  std::optional<WeightFormat> experts;  ///< where they differ from `weights`
  std::optional<NumberFormat> cache;    ///< absent: not told
  bool presumed = false;                ///< by those who wrote the row down
  bool stated = true;                   ///< false: "not stated", "UNSET", nothing
};

/// Nothing where a format is written that is not known.
std::optional<PrecisionWords> precision_of(std::string_view words);

/// The model in those formats, as an engine would load it: `checkpoint` if that is what is asked for.
std::shared_ptr<const model::Model> model_in(const std::shared_ptr<const model::Model>& checkpoint,
                                             const PrecisionWords& words);

/// The cache's format: what is told; else fp8 where TensorRT-LLM runs products in eight bits or less, whose checkpoints
/// carry scales for the cache, or where vLLM or SGLang of 2025 or later run a checkpoint that somebody else than the
/// model's maker has quantised to eight bits or less (NVIDIA's carry scales for the cache, which these engines take
/// up); else the checkpoint's, which is bf16 where it says nothing. `published` is the model as its maker stores it.
std::optional<NumberFormat> cache_of(const PrecisionWords& words, const model::Model& model,
                                     const model::Model& published, const Software& software);

}  // namespace plumb::validation
