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

double layer_weight_bytes(const Setting& setting, const Layer& layer) {
  const Parallelism& parallelism = setting.parallelism;
  return bytes_of(setting, mixer_weights(setting.model, layer.mixer, parallelism)) +
         bytes_of(setting, feed_forward_weights(setting.model, layer.feed_forward, parallelism)) +
         static_cast<double>(layer.norm_weights + layer.other_weights) * setting.bits(Part::rest) / 8.0;
}

double vocabulary_bytes(const Setting& setting) {
  // The vocabulary is cut over the ranks, the last of which may have fewer rows (vLLM pads it).
  const int tensor = setting.parallelism.tensor;
  const std::int64_t words = (setting.model.vocabulary + tensor - 1) / tensor;
  return static_cast<double>(words) * static_cast<double>(setting.model.hidden) * setting.bits(Part::rest) / 8.0;
}

Bytes weight_bytes(const Model& model, const Precision& precision, const Parallelism& parallelism, int stage) {
  const Setting setting(model, precision, parallelism);
  const double rest_bytes = setting.bits(Part::rest) / 8.0;
  const LayerRange range = layers_of(model, parallelism, stage);
  double bytes = 0.0;
  for (std::size_t i = range.first; i < range.last; ++i) bytes += layer_weight_bytes(setting, model.layers[i]);

  const bool first = stage == 0, last = stage == parallelism.pipeline - 1;
  if (first) bytes += vocabulary_bytes(setting) + static_cast<double>(model.position_weights) * rest_bytes;
  if (last) {
    // A tied head is the table itself, of which a last stage that is not the first needs a copy.
    if (!model.tied_embeddings || !first) bytes += vocabulary_bytes(setting);
    bytes += static_cast<double>(model.other_weights) * rest_bytes + drafter_weight_bytes(setting, first);
  }
  return Bytes::of(bytes);
}

}  // namespace plumb::model
