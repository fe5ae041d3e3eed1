#include "validation/precision.h"

#include <algorithm>
#include <array>

#include "validation/words.h"

namespace plumb::validation {
namespace {

struct Named {
  std::string_view name;
  WeightFormat format;
};

/// Bits of GGUF types are those of llama.cpp's tables of model sizes (ggml-org/llama.cpp, tools/quantize/README.md,
/// bits per weight of Llama 3.1 8B); embeddings and LM head are then 6 to 8 bits wide. int4 is AWQ or GPTQ in groups of
/// 128; NVFP4 has an fp8 scale per 16 weights, MXFP4 an 8-bit one per 32.
constexpr std::array named_formats{
    Named{"fp32", {NumberFormat::fp32, 32.0}},
    Named{"f32", {NumberFormat::fp32, 32.0}},
    Named{"bf16", {NumberFormat::bf16, 16.0}},
    Named{"bfloat16", {NumberFormat::bf16, 16.0}},
    Named{"fp16", {NumberFormat::fp16, 16.0}},
    Named{"float16", {NumberFormat::fp16, 16.0}},
    Named{"f16", {NumberFormat::fp16, 16.0}},
    Named{"half", {NumberFormat::fp16, 16.0}},
    Named{"fp8", {NumberFormat::fp8, 8.0, true}},
    Named{"fp8block", {NumberFormat::fp8, 8.0, true}},
    Named{"fp8static", {NumberFormat::fp8, 8.0, true}},
    Named{"fp8e4m3", {NumberFormat::fp8, 8.0, true}},
    Named{"mxfp8", {NumberFormat::fp8, 8.25, true}},
    Named{"w8a8", {NumberFormat::int8, 8.0, true}},
    Named{"sq", {NumberFormat::int8, 8.0, true}},
    Named{"int8", {NumberFormat::int8, 8.0, true}},
    Named{"int8wo", {NumberFormat::int8, 8.0, false}},
    Named{"fp4", {NumberFormat::fp4, 4.5, true}},
    Named{"nvfp4", {NumberFormat::fp4, 4.5, true}},
    Named{"mxfp4", {NumberFormat::fp4, 4.25, false}},
    Named{"w4a16mxfp4", {NumberFormat::fp4, 4.25, false}},
    Named{"w4a8mxfp4mxfp8", {NumberFormat::fp4, 4.25, true}},
    Named{"int4", {NumberFormat::int4, 4.0 + 20.0 / 128.0, false}},
    Named{"int4wo", {NumberFormat::int4, 4.0 + 20.0 / 128.0, false}},
    Named{"w4a16", {NumberFormat::int4, 4.0 + 20.0 / 128.0, false}},
    Named{"w4a8", {NumberFormat::int4, 4.0 + 20.0 / 128.0, false}},
    Named{"awq", {NumberFormat::int4, 4.0 + 20.0 / 128.0, false}},
    Named{"gptq", {NumberFormat::int4, 4.0 + 20.0 / 128.0, false}},
    Named{"q2k", {NumberFormat::int4, 3.16, false, NumberFormat::int8}},
    Named{"q3km", {NumberFormat::int4, 4.0, false, NumberFormat::int8}},
    Named{"q4k", {NumberFormat::int4, 4.89, false, NumberFormat::int8}},
    Named{"q4km", {NumberFormat::int4, 4.89, false, NumberFormat::int8}},
    Named{"q4ks", {NumberFormat::int4, 4.67, false, NumberFormat::int8}},
    Named{"q40", {NumberFormat::int4, 4.64, false, NumberFormat::int8}},
    Named{"q41", {NumberFormat::int4, 5.11, false, NumberFormat::int8}},
    Named{"iq4xs", {NumberFormat::int4, 4.46, false, NumberFormat::int8}},
    Named{"q50", {NumberFormat::int8, 5.6, false, NumberFormat::int8}},
    Named{"q5km", {NumberFormat::int8, 5.7, false, NumberFormat::int8}},
    Named{"q6k", {NumberFormat::int8, 6.56, false, NumberFormat::int8}},
    Named{"q80", {NumberFormat::int8, 8.5, false, NumberFormat::int8}},
};

const WeightFormat* format_of(std::string_view name) {
  const std::string plain = squeezed(name);
  for (const Named& named : named_formats) {
    if (named.name == plain) return &named.format;
  }
  return nullptr;
}

/// The word that follows the mark, up to a blank or a sign that closes it.
std::optional<std::string_view> word_after(std::string_view text, std::string_view mark) {
  const std::string lowered = lower_case(text);
  const std::size_t at = lowered.find(mark);
  if (at == std::string::npos) return std::nullopt;
  std::string_view rest = text.substr(at + mark.size());
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  return rest.substr(0, rest.find_first_of(" ,;)("));
}

bool unstated(std::string_view word) {
  const std::string plain = squeezed(word);
  return plain.empty() || plain == "unset" || plain == "notstated" || plain == "notrecorded" || plain == "auto" ||
         plain == "default" || plain == "see" || plain == "not" || plain == "unknown";
}

bool is_wide(NumberFormat format) { return format_bits(format) >= 16.0; }

/// A list of wide formats, such as "fp16/bf16": 16 bits, whichever.
const WeightFormat* format_of_list(std::string_view word) {
  const WeightFormat* first = nullptr;
  for (const std::string_view part : parts_of(word, "/|")) {
    const WeightFormat* format = format_of(part);
    if (format == nullptr || (first != nullptr && format->bits != first->bits)) return nullptr;
    if (first == nullptr) first = format;
  }
  return first;
}

}  // namespace

std::optional<PrecisionWords> precision_of(std::string_view text) {
  PrecisionWords words;
  words.presumed = says(text, "presumed");
  std::string_view weights = text.substr(0, text.find_first_of(" ,;(")), experts;
  if (const auto marked = word_after(text, "w:")) weights = *marked;
  // What the engine is said to have run counts more than what was declared.
  if (const auto engine = word_after(text, "(engine ")) weights = *engine;
  if (const auto gemm = word_after(text, "(gemm ")) weights = *gemm;
  if (const auto moe = word_after(text, "moe ")) experts = *moe;

  if (unstated(weights)) {
    // "w: (gemm , moe )" leaves the checkpoint's; "not stated" says nothing.
    words.stated = says(text, "gemm");
  } else {
    const WeightFormat* format = format_of_list(weights);
    if (format == nullptr) return std::nullopt;
    words.weights = *format;
    // "w:int8 compute Matmult-BF16": stored in int8, multiplied in bf16.
    if (const auto compute = word_after(text, "matmult-")) {
      if (const WeightFormat* products = format_of(*compute)) words.weights->activations = !is_wide(products->format);
    }
  }
  if (!unstated(experts)) {
    const WeightFormat* format = format_of_list(experts);
    if (format == nullptr) return std::nullopt;
    words.experts = *format;
  }
  if (const auto cache = word_after(text, "kv:"); cache && !unstated(*cache)) {
    const WeightFormat* format = format_of_list(*cache);
    if (format == nullptr) return std::nullopt;
    words.cache = format->format;
  } else if (says(text, "fp8 KV")) {
    words.cache = NumberFormat::fp8;
  }
  return words;
}

std::shared_ptr<const model::Model> model_in(const std::shared_ptr<const model::Model>& checkpoint,
                                             const PrecisionWords& words) {
  if (!words.weights && !words.experts) return checkpoint;
  const model::Quantisation& own = checkpoint->quantisation;
  const WeightFormat asked = words.weights.value_or(*words.experts);
  const bool has_experts = std::any_of(checkpoint->layers.begin(), checkpoint->layers.end(), [](const auto& layer) {
    return layer.feed_forward.kind == model::FeedForward::Kind::experts;
  });
  const double wanted = format_bits(asked.format), weights = format_bits(own.weights);
  const double most = has_experts ? format_bits(own.experts) : weights;  // where most bytes are
  // A checkpoint that stores most of its bytes as asked for is what was run: its exclusions are known.
  if (most == wanted && (!is_wide(asked.format) || weights == wanted)) return checkpoint;
  model::Model made = *checkpoint;
  model::Quantisation& quantisation = made.quantisation;
  const WeightFormat experts = words.experts.value_or(asked);
  quantisation.weights = asked.format;
  quantisation.weight_bits = asked.bits;
  quantisation.experts = experts.format;
  quantisation.expert_bits = experts.bits;
  if (is_wide(asked.format)) quantisation.rest = asked.format;
  if (!is_wide(quantisation.rest)) quantisation.rest = NumberFormat::bf16;
  if (asked.rest) quantisation.rest = *asked.rest;
  quantisation.activations_too = asked.activations;
  quantisation.attention_excluded = false;
  quantisation.method = number_format_name(asked.format);
  return std::make_shared<const model::Model>(std::move(made));
}

std::optional<NumberFormat> cache_of(const PrecisionWords& words, const model::Model& model,
                                     const model::Model& published, const Software& software) {
  if (words.cache) return words.cache;
  if (model.quantisation.cache) return std::nullopt;
  const bool narrow = !is_wide(model.quantisation.weights) && model.quantisation.activations_too;
  if (software.engine == Engine::tensorrt_llm && narrow) return NumberFormat::fp8;
  const bool by_third_party = model.quantisation.weights != published.quantisation.weights;
  const bool reads_it = software.engine == Engine::vllm || software.engine == Engine::sglang;
  if (reads_it && narrow && by_third_party && software.since({0, 8, 0}, 2025)) return NumberFormat::fp8;
  return std::nullopt;
}

}  // namespace plumb::validation
