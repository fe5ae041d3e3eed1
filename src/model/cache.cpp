// What a sequence keeps between steps on one rank: keys and values, latents, indexer keys, states.

#include "model/layer_parts.h"

namespace plumb::model {
namespace {

/// An entry that is part content and part rotary key, as the sparse kernels of vLLM keep it in fp8: content in fp8 with
/// its scales, the rotary part in bf16 ("fp8_ds_mla": 512 + 4 x 4 + 128 = 656 bytes for DeepSeek V3.2).
double mixed_entry(std::int64_t content, double scale_bytes, std::int64_t rotary) {
  return static_cast<double>(content) + scale_bytes + 2.0 * static_cast<double>(rotary);
}

double latent_entry(const Setting& setting, const Mixer& mixer) {
  if (setting.cache == NumberFormat::fp8 && absorbed_always(setting.model, mixer)) {
    return mixed_entry(mixer.kv_rank, 4.0 * static_cast<double>(mixer.kv_rank) / 128.0, mixer.rope_width);
  }
  return static_cast<double>(mixer.kv_rank + mixer.rope_width) * format_bits(setting.cache) / 8.0;
}

double attention_entry(const Setting& setting, const Mixer& mixer) {
  const std::int64_t heads = repeated_share(mixer.kv_heads, setting.parallelism);
  if (mixer.stored_once && setting.cache == NumberFormat::fp8) {
    // DeepSeek V4: a scale byte per 64 numbers and one to spare, 448 + 8 + 128 = 584 bytes.
    const std::int64_t content = mixer.key_width - mixer.rope_width;
    return static_cast<double>(heads) * mixed_entry(content, static_cast<double>(content / 64 + 1), mixer.rope_width);
  }
  // Keys that come from the same projection as values still differ from them (norm, rotation), so both are kept.
  const std::int64_t width = mixer.key_width + (mixer.stored_once ? 0 : mixer.value_width);
  return static_cast<double>(heads * width) * format_bits(setting.cache) / 8.0;
}

/// The last conv_width - 1 inputs of a short convolution, and a state in fp32, which checkpoints that say ask for
/// ("mamba_ssm_cache_dtype" of Nemotron 3, "mamba_ssm_dtype" of Qwen 3.5): errors of a narrower one add up.
double recurrent_state(const Setting& setting, const Mixer& mixer, std::int64_t channels) {
  const std::int64_t heads = share(mixer.heads, setting.parallelism);
  return static_cast<double>(channels * (mixer.conv_width - 1)) * setting.activation_bytes() +
         4.0 * static_cast<double>(heads * mixer.key_width * mixer.value_width);
}

/// A compressor keeps, in fp32, values and scores of the tokens of its open entry; of the one before as well, if
/// entries overlap.
double compressor_state(const Setting& setting, const Mixer& mixer) {
  if (mixer.compressor_width == 0) return 0.0;
  const std::int64_t tokens = setting.model.spans[mixer.span].ratio * (mixer.compressor_width / (2 * mixer.key_width));
  const std::int64_t index_width =
      mixer.index_heads > 0 ? mixer.compressor_width / mixer.key_width * mixer.index_width : 0;
  return 4.0 * static_cast<double>(tokens * (mixer.compressor_width + index_width));
}

void add_share(CacheLayout& layout, std::size_t span, double bytes) {
  if (bytes == 0.0) return;
  for (CacheShare& share_of : layout.shares) {
    if (share_of.span == span) {
      share_of.bytes_per_key += bytes;
      return;
    }
  }
  layout.shares.push_back({span, bytes});
}

/// One recurrent state a sequence, and one for each proposed token that may be rejected.
double states_of(const Model& model, const Mixer& mixer) {
  const bool recurrent = mixer.kind == Mixer::Kind::linear || mixer.kind == Mixer::Kind::mamba;
  return recurrent && model.speculation ? 1.0 + model.speculation->tokens : 1.0;
}

void add_layer(CacheLayout& layout, const Setting& setting, const Mixer& mixer) {
  layout.state_bytes += states_of(setting.model, mixer) * state_bytes(setting, mixer);
  if (mixer.shares_cache) return;
  add_share(layout, mixer.span, entry_bytes(setting, mixer));
  add_share(layout, mixer.index_span, index_entry_bytes(mixer));
}

}  // namespace

double entry_bytes(const Setting& setting, const Mixer& mixer) {
  switch (mixer.kind) {
    case Mixer::Kind::attention: return attention_entry(setting, mixer);
    case Mixer::Kind::latent: return latent_entry(setting, mixer);
    case Mixer::Kind::linear:
    case Mixer::Kind::mamba:
    case Mixer::Kind::none: return 0.0;
  }
  return 0.0;
}

double state_bytes(const Setting& setting, const Mixer& mixer) {
  const Parallelism& split = setting.parallelism;
  switch (mixer.kind) {
    case Mixer::Kind::linear:
      return recurrent_state(
          setting, mixer,
          2 * share(mixer.kv_heads, split) * mixer.key_width + share(mixer.heads, split) * mixer.value_width);
    case Mixer::Kind::mamba:
      return recurrent_state(
          setting, mixer,
          share(mixer.heads, split) * mixer.value_width + 2 * repeated_share(mixer.groups, split) * mixer.key_width);
    case Mixer::Kind::attention:
    case Mixer::Kind::latent: return compressor_state(setting, mixer);
    case Mixer::Kind::none: return 0.0;
  }
  return 0.0;
}

CacheLayout cache_layout(const Model& model, const Precision& precision, const Parallelism& parallelism, int stage) {
  const Setting setting(model, precision, parallelism);
  const LayerRange range = layers_of(model, parallelism, stage);
  CacheLayout layout;
  for (std::size_t i = range.first; i < range.last; ++i) add_layer(layout, setting, model.layers[i].mixer);
  const std::span<const Layer> drafter = drafter_layers(model);
  if (stage == parallelism.pipeline - 1 && !drafter.empty()) {
    const Setting drafting = drafter_setting(setting);
    for (const Layer& layer : drafter) add_layer(layout, drafting, layer.mixer);
  }
  return layout;
}

double cache_bytes(const Model& model, const CacheLayout& layout, std::int64_t context) {
  double bytes = layout.state_bytes;
  for (const CacheShare& part : layout.shares) bytes += part.bytes_per_key * model.spans[part.span].cached(context);
  return bytes;
}

}  // namespace plumb::model
