// The number formats that a model is run in.

#include "model/expert_loads.h"
#include "model/layer_parts.h"

namespace plumb::model {
namespace {

/// Stored bits of a weight when an engine quantises to `format`, scales included: fp8 and int8 have a scale per tensor
/// or column, which is nothing beside it; fp4 is NVFP4, an fp8 scale per 16 weights; int4 is AWQ or GPTQ in groups of
/// 128, an fp16 scale and a 4-bit zero point each.
double stored_bits(NumberFormat format) {
  const double bits = format_bits(format);
  switch (format) {
    case NumberFormat::fp4: return bits + 8.0 / 16.0;
    case NumberFormat::int4: return bits + (16.0 + 4.0) / 128.0;
    default: return bits;
  }
}

/// int4 is a format for storage; fp8, int8 and fp4 have products of their own.
bool quantises_activations(NumberFormat format) {
  return format == NumberFormat::fp8 || format == NumberFormat::int8 || format == NumberFormat::fp4;
}

}  // namespace

Quantisation effective(const Model& model, const Precision& precision) {
  const Quantisation& own = model.quantisation;
  if (!precision.weights) return own;
  const NumberFormat format = *precision.weights;
  if (format == own.weights && format == own.experts) return own;  // the checkpoint's scales are known better

  Quantisation asked;
  asked.weights = asked.experts = format;
  asked.weight_bits = asked.expert_bits = stored_bits(format);
  // Quantising leaves embeddings, LM head and norms; a wide format is cast to throughout.
  asked.rest = format_bits(format) >= 16.0 ? format : own.rest;
  asked.activations_too = quantises_activations(format);
  asked.cache = own.cache;
  asked.method = number_format_name(format);
  return asked;
}

NumberFormat cache_format(const Model& model, const Precision& precision) {
  if (precision.cache) return *precision.cache;
  return model.quantisation.cache.value_or(NumberFormat::bf16);
}

Setting::Setting(const Model& of, const Precision& precision, const Parallelism& split)
    : model(of),
      parallelism(split),
      quantisation(effective(of, precision)),
      cache(cache_format(of, precision)),
      activation(format_bits(quantisation.rest) >= 16.0 ? quantisation.rest : NumberFormat::bf16) {
  if (parallelism.routing == nullptr || parallelism.routing->uniform()) return;
  // Ranks that cut every expert have all of them.
  const int ranks = parallelism.expert ? parallelism.expert_ranks() : 1;
  const auto add = [&](const Layer& layer) {
    const FeedForward& part = layer.feed_forward;
    if (part.kind != FeedForward::Kind::experts) return;
    std::shared_ptr<const ExpertLoads>& known = loads[{part.experts, part.experts_per_token}];
    if (known) return;
    known = std::make_shared<const ExpertLoads>(*parallelism.routing, part.experts, part.experts_per_token, ranks);
  };
  for (const Layer& layer : model.layers) add(layer);
  for (const Layer& layer : model.mtp_layers) add(layer);
}

std::shared_ptr<const ExpertLoads> Setting::loads_of(std::int64_t experts, std::int64_t per_token) const {
  const auto found = loads.find({experts, per_token});
  return found == loads.end() ? nullptr : found->second;
}

NumberFormat Setting::format(Part part) const {
  switch (part) {
    case Part::linear: return quantisation.weights;
    case Part::attention: return quantisation.attention_excluded ? quantisation.rest : quantisation.weights;
    case Part::experts: return quantisation.experts;
    case Part::rest: return quantisation.rest;
  }
  return quantisation.rest;
}

double Setting::bits(Part part) const {
  switch (part) {
    case Part::linear: return quantisation.weight_bits;
    case Part::attention:
      return quantisation.attention_excluded ? format_bits(quantisation.rest) : quantisation.weight_bits;
    case Part::experts: return quantisation.expert_bits;
    case Part::rest: return format_bits(quantisation.rest);
  }
  return format_bits(quantisation.rest);
}

}  // namespace plumb::model
