// Bytes of weights on a rank.

#include "model/layer_parts.h"

namespace plumb::model {
namespace {

/// Biases and vectors are never quantised.
double bytes_of(const Setting& setting, const Weights& weights) {
  double bits = static_cast<double>(weights.vectors) * setting.bits(Part::rest);
  for (const Matrix& matrix : weights.matrices) {
    if (!matrix.stored) continue;
    bits += matrix.numbers() * setting.bits(matrix.part) + static_cast<double>(matrix.bias) * setting.bits(Part::rest);
  }
  return bits / 8.0;
}

}  // namespace

Bytes weight_bytes(const Model& model, const Precision& precision, const Parallelism& parallelism, int stage) {
  const Setting setting(model, precision, parallelism);
  const double rest_bytes = setting.bits(Part::rest) / 8.0;
  const LayerRange range = layers_of(model, parallelism, stage);
  double bytes = 0.0;
  for (std::size_t i = range.first; i < range.last; ++i) {
    const Layer& layer = model.layers[i];
    bytes += bytes_of(setting, mixer_weights(model, layer.mixer, parallelism));
    bytes += bytes_of(setting, feed_forward_weights(model, layer.feed_forward, parallelism));
    bytes += static_cast<double>(layer.norm_weights + layer.other_weights) * rest_bytes;
  }

  // The vocabulary is cut over the ranks, the last of which may have fewer rows (vLLM pads it).
  const std::int64_t words = (model.vocabulary + parallelism.tensor - 1) / parallelism.tensor;
  const double table = static_cast<double>(words) * static_cast<double>(model.hidden) * rest_bytes;
  const bool first = stage == 0, last = stage == parallelism.pipeline - 1;
  if (first) bytes += table + static_cast<double>(model.position_weights) * rest_bytes;
  if (last) {
    // A tied head is the table itself, of which a last stage that is not the first needs a copy.
    if (!model.tied_embeddings || !first) bytes += table;
    bytes += static_cast<double>(model.other_weights) * rest_bytes;
  }
  return Bytes::of(bytes);
}

}  // namespace plumb::model
