// Sparse attention's indexer (DeepSeek V3.2 and V4, GLM 5, MiniMax M3): a small attention of its own that scores all
// keys and picks those that the layer's attention reads. Every rank scores alike, so nothing of it is cut. V4's keys
// are entries that a compressor makes out of several tokens, for the indexer as for the attention.

#include "model/layer_parts.h"

namespace plumb::model {

void add_indexer_weights(const Model& model, const Mixer& mixer, std::vector<Matrix>& matrices) {
  if (mixer.compressor_width > 0) {
    matrices.push_back({.name = "compressor", .part = Part::rest, .k = model.hidden, .n = mixer.compressor_width});
  }
  if (mixer.index_heads == 0) return;
  matrices.push_back({.name = "indexer q",
                      .part = Part::attention,
                      .k = mixer.q_rank > 0 ? mixer.q_rank : model.hidden,
                      .n = mixer.index_heads * mixer.index_width});
  // The indexer's compressor has the shape of the attention's, over its own narrower keys.
  const std::int64_t key =
      mixer.compressor_width > 0 ? mixer.compressor_width / mixer.key_width * mixer.index_width : mixer.index_width;
  matrices.push_back(
      {.name = "indexer k, weights", .part = Part::attention, .k = model.hidden, .n = key + mixer.index_heads});
}

void add_indexer(const Setting& setting, const Mixer& mixer, Operators& to) {
  if (mixer.index_heads == 0) return;
  // Scores alone: there is no value. Products run in fp8, as the keys are kept.
  to.push_back({.name = "indexer",
                .family = Family::attention,
                .count = 1.0,
                .compute = NumberFormat::fp8,
                .activation_bits = format_bits(setting.activation),
                .spread = setting.parallelism.data,
                .shape = Attention{.span = mixer.index_span,
                                   .heads = mixer.index_heads,
                                   .key_width = mixer.index_width,
                                   .key_bytes = index_entry_bytes(mixer),
                                   .kept = Attention::Kept::together}});
}

double index_entry_bytes(const Mixer& mixer) {
  if (mixer.index_heads == 0) return 0.0;
  const std::int64_t scales = (mixer.index_width + 127) / 128;
  return static_cast<double>(mixer.index_width + 4 * scales);
}

}  // namespace plumb::model
