// How many parameters a model has, and how many of them one token uses.

#include "model/layer_parts.h"

namespace plumb::model {
namespace {

struct Sum {
  double total = 0.0, active = 0.0;

  void add(double numbers) {
    total += numbers;
    active += numbers;
  }

  void add(const Weights& weights) {
    for (const Matrix& matrix : weights.matrices) {
      if (!matrix.stored) continue;
      const double numbers = matrix.numbers() + static_cast<double>(matrix.bias);
      total += numbers;
      // Of routed experts a token uses per_token; the list is that of a single rank, so batch is all of them.
      active += matrix.per_token > 0
                    ? numbers * static_cast<double>(matrix.per_token) / static_cast<double>(matrix.batch)
                    : numbers;
    }
    add(static_cast<double>(weights.vectors));
  }

  void add(const Model& model, const Layer& layer) {
    add(mixer_weights(model, layer.mixer, {}));
    add(feed_forward_weights(model, layer.feed_forward, {}));
    add(static_cast<double>(layer.norm_weights + layer.other_weights));
  }
};

}  // namespace

Weights mixer_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism) {
  switch (mixer.kind) {
    case Mixer::Kind::attention: return attention_weights(model, mixer, parallelism);
    case Mixer::Kind::latent: return latent_weights(model, mixer, parallelism);
    case Mixer::Kind::linear: return linear_weights(model, mixer, parallelism);
    case Mixer::Kind::mamba: return mamba_weights(model, mixer, parallelism);
    case Mixer::Kind::none: return {};
  }
  return {};
}

ParameterCount parameter_count(const Model& model) {
  Sum sum, mtp;
  for (const Layer& layer : model.layers) sum.add(model, layer);
  for (const Layer& layer : model.mtp_layers) mtp.add(model, layer);

  const double embedding = static_cast<double>(model.vocabulary) * static_cast<double>(model.hidden);
  sum.add(embedding);  // the LM head, or the table that is one
  if (!model.tied_embeddings) sum.total += embedding;
  sum.total += static_cast<double>(model.position_weights);
  sum.add(static_cast<double>(model.other_weights));
  return {sum.total, sum.active, mtp.total + static_cast<double>(model.mtp_extra_weights)};
}

}  // namespace plumb::model
