#include "calibration/attention_columns.h"

namespace plumb::calibration {
namespace {

constexpr double activation_bits = 16.0;
/// DeepSeek V2 and V3: kv_lora_rank, qk_rope_head_dim, qk_nope_head_dim, v_head_dim.
constexpr std::int64_t latent_rank = 512, rope = 64, key = 128, value = 128;

std::int64_t whole(double size) { return static_cast<std::int64_t>(size); }

}  // namespace

model::Attention attention_of(AttentionKind kind, std::string_view format, const KernelPoint& point) {
  model::Attention shape;
  shape.heads = whole(point.at[heads]);
  shape.cache_bits = format == "fp8" ? 8.0 : 16.0;
  switch (kind) {
    case AttentionKind::heads:
      shape.kv_heads = whole(point.at[kv_heads]);
      shape.key_width = shape.value_width = whole(point.at[width]);
      shape.windowed = point.at[window] > 0.0;
      break;
    case AttentionKind::absorbed:
      shape.key_width = latent_rank + rope;
      shape.value_width = latent_rank;
      shape.kept = model::Attention::Kept::together;
      shape.latent = true;
      break;
    case AttentionKind::expanded:
      shape.kv_heads = shape.heads;
      shape.key_width = key + rope;
      shape.value_width = value;
      shape.cache_bits = activation_bits;
      shape.kept = model::Attention::Kept::in_order;
      shape.latent = true;
      break;
  }
  // Latents are keys and values at once.
  const std::int64_t numbers =
      kind == AttentionKind::absorbed ? shape.key_width : shape.kv_heads * (shape.key_width + shape.value_width);
  shape.key_bytes = static_cast<double>(numbers) * shape.cache_bits / 8.0;
  return shape;
}

accelerator::AttentionMachine attention_machine(const Target& target, const model::Attention& shape) {
  using memory::Demand;
  const auto rate = target.machine.rate(NumberFormat::bf16);
  const double entries = static_cast<double>(accelerator::default_block_tokens);
  const double apart = shape.kept == model::Attention::Kept::apart ? 2.0 : 1.0;
  accelerator::OperatorDemands demands;
  if (shape.kept != model::Attention::Kept::in_order)
    demands.cache = {Demand::Kind::gathered, entries * shape.key_bytes / apart};
  return accelerator::attention_machine(target.machine, rate ? rate->flops_per_s : 1.0, demands);
}

model::Span span_of(double window) {
  if (window == 0.0) return {};
  return {.kind = model::Span::Kind::sliding, .window = whole(window)};
}

}  // namespace plumb::calibration
