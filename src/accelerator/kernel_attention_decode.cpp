#include "accelerator/kernel_attention_decode.h"

#include <algorithm>

namespace plumb::accelerator {
namespace {

constexpr double reading_bytes = 64e6;  ///< B_0

}  // namespace

AttentionShape attention_shape(const model::Attention& attention, double activation_bits) {
  const model::AttentionRates rates = model::attention_rates(attention, activation_bits);
  AttentionShape shape;
  shape.heads = static_cast<double>(attention.heads);
  shape.kv_heads = static_cast<double>(attention.kv_heads);
  shape.width = 0.5 * static_cast<double>(attention.key_width + attention.value_width);
  shape.operations_per_pair = rates.operations_per_pair;
  shape.key_bytes = rates.cache_bytes_per_key;
  shape.row_bytes = rates.activation_bytes_per_row;
  shape.windowed = attention.windowed;
  return shape;
}

DecodeAttentionParameters decode_attention_parameters(const catalog::KernelFamily& family,
                                                      std::span<const double> values) {
  DecodeAttentionParameters parameters;
  parameters.launch_s = family.value(values, "launch");
  parameters.width_launch_s = family.value(values, "width_launch");
  parameters.group_launch_s = family.value(values, "group_launch");
  parameters.window_launch_s = family.value(values, "window_launch");
  parameters.first_tiles = family.value(values, "first_tiles");
  parameters.tile_s = family.value(values, "tile");
  parameters.tile_width_s = family.value(values, "tile_width");
  parameters.row_s = family.value(values, "row");
  parameters.window_s = family.value(values, "window");
  parameters.key_s = family.value(values, "key");
  parameters.reading_s = family.value(values, "reading");
  parameters.bandwidth = family.value(values, "bandwidth");
  parameters.exposed = family.value(values, "exposed");
  parameters.chain_s = family.value(values, "chain");
  parameters.chain_single_s = family.value(values, "chain_single");
  parameters.share = family.value(values, "share");
  return parameters;
}

DecodeAttention::DecodeAttention(const DecodeAttentionParameters& parameters, const AttentionShape& shape,
                                 const AttentionMachine& machine)
    : shape_(shape) {
  const double h = shape.width / width_unit, group = shape.heads / shape.kv_heads;
  const bool is_grouped = group > 1.0;
  launch_s_ = parameters.launch_s + parameters.width_launch_s * h + (shape.windowed ? parameters.window_launch_s : 0.0);
  group_launch_s_ = is_grouped ? parameters.group_launch_s : 0.0;
  first_tiles_ = parameters.first_tiles;
  tile_s_ = parameters.tile_s + parameters.tile_width_s * h + parameters.row_s * group * h;
  window_s_ = shape.windowed ? shape.kv_heads * parameters.window_s : 0.0;
  key_s_ = shape.kv_heads * h * parameters.key_s;
  chain_s_ = h * (is_grouped ? parameters.chain_s : parameters.chain_single_s);
  reading_s_ = parameters.reading_s;
  exposed_ = parameters.exposed;
  cache_byte_s_ = machine.cache_byte_s(parameters.bandwidth);
  activation_byte_s_ = machine.activation_byte_s(parameters.bandwidth);
  pair_s_ = shape.operations_per_pair / (parameters.share * machine.peak_flops_per_s);
}

std::array<DecodeLine, decode_sides> DecodeAttention::lines(const DecodeWork& work) const {
  const double n = work.sequences, row_bytes = work.rows * shape_.row_bytes;
  const double tiles_s = std::max(0.0, n * shape_.kv_heads - first_tiles_) * tile_s_;
  const double begun_s = exposed_ * tiles_s + row_bytes * activation_byte_s_;
  const double key_s = shape_.key_bytes * cache_byte_s_;
  const double reading_byte_s = reading_s_ / reading_bytes;
  return {DecodeLine{tiles_s + n * window_s_, key_s_}, DecodeLine{0.0, chain_s_ / n},
          DecodeLine{work.more_pairs * pair_s_, pair_s_},
          DecodeLine{begun_s + row_bytes * reading_byte_s, key_s + shape_.key_bytes * reading_byte_s},
          DecodeLine{begun_s + reading_s_, key_s}};
}

double decode_seconds(std::span<const DecodeLine, decode_sides> lines, double keys) {
  const auto at = [&](DecodeSide side) { return lines[static_cast<std::size_t>(side)].at(keys); };
  return std::max({at(DecodeSide::multiprocessors), at(DecodeSide::chain), at(DecodeSide::compute),
                   std::min(at(DecodeSide::reading_little), at(DecodeSide::reading_much))});
}

double DecodeAttention::seconds(const DecodeWork& work, double keys) const {
  return launch_s(work) + decode_seconds(lines(work), keys);
}

}  // namespace plumb::accelerator
