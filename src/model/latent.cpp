// Multi-head latent attention (MLA; DeepSeek-V2, arXiv 2405.04434, section 2.1): all heads' keys and values are made
// from one cached latent of kv_rank numbers by W_UK and W_UV, and one key of rope_width numbers carries the position.
//   decode   absorbed, cheap in bytes: q W_UK^T meets the latents themselves, the weighted latent goes through W_UV.
//   prefill  expanded, cheap in operations: W_UK and W_UV make keys and values of the whole context.
// vLLM splits a step this way (vllm/v1/attention/backends/mla/common.py): of a chunked prompt it expands the cached
// context again for every chunk, piece by piece, which is the same work. Its sparse form is absorbed throughout. Some
// of its kernels take short chunks with the decodes, up to 512 tokens (flashattn_mla.py, reorder_batch_threshold); that
// is not followed, but a model can be told to absorb all of prefill.

#include "model/layer_parts.h"

namespace plumb::model {

bool absorbed_always(const Model& model, const Mixer& mixer) {
  return model.spans[mixer.span].kind == Span::Kind::compressed;
}

bool absorbed_throughout(const Model& model, const Mixer& mixer) {
  return mixer.absorbed_prefill || absorbed_always(model, mixer);
}

bool absorb_prefill(Model& model) {
  bool any = false;
  const auto absorb = [&](Layer& layer) {
    if (layer.mixer.kind == Mixer::Kind::latent) any = layer.mixer.absorbed_prefill = true;
  };
  for (Layer& layer : model.layers) absorb(layer);
  for (Layer& layer : model.mtp_layers) absorb(layer);
  return any;
}

Weights latent_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism) {
  const std::int64_t heads = share(mixer.heads, parallelism);
  const std::int64_t q = heads * (mixer.key_width + mixer.rope_width);
  const std::int64_t latent = mixer.kv_rank + mixer.rope_width;

  Weights weights;
  std::vector<Matrix>& matrices = weights.matrices;
  if (mixer.q_rank > 0) {
    matrices.push_back({.name = "q, kv down",
                        .part = Part::attention,
                        .k = model.hidden,
                        .n = mixer.q_rank + latent,
                        .bias = mixer.bias ? mixer.q_rank + latent : 0});
    matrices.push_back({.name = "q up", .part = Part::attention, .k = mixer.q_rank, .n = q});
  } else {
    matrices.push_back({.name = "q", .part = Part::attention, .k = model.hidden, .n = q});
    matrices.push_back(
        {.name = "kv down", .part = Part::attention, .k = model.hidden, .n = latent, .bias = mixer.bias ? latent : 0});
  }
  if (mixer.output_gate) {
    matrices.push_back({.name = "gate", .part = Part::attention, .k = model.hidden, .n = heads * mixer.value_width});
  }
  add_indexer_weights(model, mixer, matrices);

  const bool absorbed = absorbed_throughout(model, mixer);
  const Rows absorbed_rows = absorbed ? Rows::tokens : Rows::decode;
  matrices.push_back({.name = "absorbed k up",
                      .part = Part::attention,
                      .k = mixer.key_width,
                      .n = mixer.kv_rank,
                      .batch = heads,
                      .rows = absorbed_rows,
                      .stored = absorbed,
                      .dequantised = true});
  if (!absorbed) {
    matrices.push_back({.name = "kv up",
                        .part = Part::attention,
                        .k = mixer.kv_rank,
                        .n = heads * (mixer.key_width + mixer.value_width),
                        .rows = Rows::prefill_context,
                        .span = mixer.span});
  }
  matrices.push_back({.name = "absorbed v up",
                      .part = Part::attention,
                      .k = mixer.kv_rank,
                      .n = mixer.value_width,
                      .batch = heads,
                      .after = true,
                      .rows = absorbed_rows,
                      .stored = absorbed,
                      .dequantised = true});
  add_output_weights(model, mixer, parallelism, matrices);
  return weights;
}

void add_latent(const Setting& setting, const Mixer& mixer, Operators& to) {
  const Weights weights = latent_weights(setting.model, mixer, setting.parallelism);
  const bool absorbed = absorbed_throughout(setting.model, mixer);
  const std::int64_t heads = share(mixer.heads, setting.parallelism);
  const std::int64_t latent = mixer.kv_rank + mixer.rope_width;
  const double key_bytes = entry_bytes(setting, mixer);

  add_matrices(setting, weights, false, to);
  add_elementwise(setting, "latent norms", 2 * (mixer.q_rank + mixer.kv_rank), to);
  add_elementwise(setting, "rotary embedding", 2 * (heads + 1) * mixer.rope_width, to);
  add_cache_write(setting, latent, key_bytes, to);
  add_indexer(setting, mixer, to);
  add_attention_over(setting, "absorbed attention",
                     {.phase = absorbed ? Attention::Phase::both : Attention::Phase::decode,
                      .span = mixer.span,
                      .heads = heads,
                      .key_width = latent,
                      .value_width = mixer.kv_rank,
                      .key_bytes = key_bytes,
                      .kept = Attention::Kept::together,
                      .latent = true},
                     to);
  if (!absorbed) {
    // Reads what "kv up" has just written: expanded keys and values in the activations' format.
    const std::int64_t key = mixer.key_width + mixer.rope_width;
    const double expanded = static_cast<double>(heads * (key + mixer.value_width)) * setting.activation_bytes();
    add_attention_over(setting, "expanded attention",
                       {.phase = Attention::Phase::prefill,
                        .span = mixer.span,
                        .heads = heads,
                        .key_width = key,
                        .value_width = mixer.value_width,
                        .key_bytes = expanded,
                        .kv_heads = heads,
                        .kept = Attention::Kept::in_order,
                        .latent = true},
                       to);
  }
  if (mixer.output_gate) add_elementwise(setting, "output gate", 3 * heads * mixer.value_width, to);
  add_matrices(setting, weights, true, to);
  add_all_reduce(setting, to);
}

}  // namespace plumb::model
