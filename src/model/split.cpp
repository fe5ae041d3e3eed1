// How a model is cut over ranks and stages, and when it cannot be.

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "model/layer_parts.h"

namespace plumb::model {
namespace {

using Trouble = std::optional<std::string>;

Trouble indivisible(std::int64_t whole, const char* what, int tensor) {
  if (whole % tensor == 0) return std::nullopt;
  return fmt::format("{} {} do not divide over {} ranks", whole, what, tensor);
}

/// Heads that may be repeated: ranks must divide over them, or they over ranks.
Trouble unrepeatable(std::int64_t heads, const char* what, int tensor) {
  if (heads % tensor == 0 || (heads > 0 && tensor % heads == 0)) return std::nullopt;
  return fmt::format("{} {} neither divide over {} ranks nor can be repeated evenly on them", heads, what, tensor);
}

Trouble cannot_split(const Mixer& mixer, int tensor) {
  if (mixer.kind == Mixer::Kind::none) return std::nullopt;
  if (auto trouble = indivisible(mixer.heads, "heads", tensor)) return trouble;
  if (mixer.output_rank > 0) {
    if (auto trouble = indivisible(mixer.output_groups, "groups of the output projection", tensor)) return trouble;
  }
  switch (mixer.kind) {
    case Mixer::Kind::attention: return unrepeatable(mixer.kv_heads, "key-value heads", tensor);
    case Mixer::Kind::linear: return indivisible(mixer.kv_heads, "key heads", tensor);
    case Mixer::Kind::mamba: return unrepeatable(mixer.groups, "groups", tensor);
    case Mixer::Kind::latent:
    case Mixer::Kind::none: return std::nullopt;
  }
  return std::nullopt;
}

/// Why a layer's experts cannot be routed as stated.
Trouble misrouted(const FeedForward& part, const Parallelism& parallelism) {
  if (!parallelism.routing) return std::nullopt;
  const ExpertRouting& routing = *parallelism.routing;
  const auto shares = static_cast<std::int64_t>(routing.shares.size());
  if (shares > 0 && shares != part.experts) {
    return fmt::format("loads of {} experts are given, there are {}", shares, part.experts);
  }
  if (routing.redundant_experts == 0) return std::nullopt;
  if (!parallelism.expert) return "redundant experts need expert parallelism";
  const std::int64_t most = part.experts * (parallelism.expert_ranks() - 1);
  if (routing.redundant_experts <= most) return std::nullopt;
  return fmt::format("{} redundant experts are more than the {} that put each of {} on every rank",
                     routing.redundant_experts, most, part.experts);
}

Trouble cannot_split(const FeedForward& part, const Parallelism& parallelism) {
  const int tensor = parallelism.tensor;
  switch (part.kind) {
    case FeedForward::Kind::none: return std::nullopt;
    case FeedForward::Kind::dense: return indivisible(part.width, "columns of the feed-forward", tensor);
    case FeedForward::Kind::experts: break;
  }
  const int ranks = parallelism.expert_ranks();
  if (auto trouble = misrouted(part, parallelism)) return trouble;
  if (auto trouble = parallelism.expert ? indivisible(part.experts + parallelism.redundant_experts(), "experts", ranks)
                                        : indivisible(part.width, "columns of an expert", ranks)) {
    return trouble;
  }
  if (parallelism.exchanges_tokens()) return std::nullopt;
  if (auto trouble = indivisible(part.shared_width, "columns of the shared experts", tensor)) return trouble;
  return indivisible(part.dense_width, "columns of the feed-forward", tensor);
}

Trouble cannot_split(std::span<const Layer> layers, const Parallelism& parallelism) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    auto trouble = cannot_split(layers[i].mixer, parallelism.tensor);
    if (!trouble) trouble = cannot_split(layers[i].feed_forward, parallelism);
    if (trouble) return fmt::format("layer {}: {}", i, *trouble);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> cannot_split(const Model& model, const Parallelism& parallelism) {
  if (parallelism.tensor < 1 || parallelism.pipeline < 1) {
    return fmt::format("tensor parallelism of {} and {} pipeline stages: both must be at least 1", parallelism.tensor,
                       parallelism.pipeline);
  }
  if (parallelism.data < 1) return fmt::format("{} data-parallel ranks: must be at least 1", parallelism.data);
  const auto routed = [](const Layer& layer) { return layer.feed_forward.kind == FeedForward::Kind::experts; };
  if (parallelism.data > 1 && std::none_of(model.layers.begin(), model.layers.end(), routed)) {
    return fmt::format(
        "{} data-parallel ranks of a model without routed experts share nothing: they are replicas of their own",
        parallelism.data);
  }
  if (static_cast<std::size_t>(parallelism.pipeline) > model.layers.size()) {
    return fmt::format("{} pipeline stages are more than the model's {} layers", parallelism.pipeline,
                       model.layers.size());
  }
  if (auto trouble = cannot_split(model.layers, parallelism)) return trouble;
  if (auto trouble = cannot_split(drafter_layers(model), drafter_parallelism(model, parallelism))) {
    return "drafter: " + *trouble;
  }
  return std::nullopt;
}

std::int64_t share(std::int64_t whole, const Parallelism& parallelism) {
  assert(whole % parallelism.tensor == 0);
  return whole / parallelism.tensor;
}

std::int64_t repeated_share(std::int64_t heads, const Parallelism& parallelism) {
  return heads >= parallelism.tensor ? share(heads, parallelism) : 1;
}

LayerRange layers_of(const Model& model, const Parallelism& parallelism, int stage) {
  assert(0 <= stage && stage < parallelism.pipeline);
  const auto stages = static_cast<std::size_t>(parallelism.pipeline);
  const std::size_t each = model.layers.size() / stages, more = model.layers.size() % stages;
  // Stages stages - 1 - more ... stages - 2 have one layer more.
  const std::size_t longer_from = stages - 1 - more;
  const auto begin = [&](std::size_t s) {
    const std::size_t longer_before = s > longer_from ? s - longer_from : 0;
    return s * each + (longer_before < more ? longer_before : more);
  };
  const auto s = static_cast<std::size_t>(stage);
  return {begin(s), begin(s + 1)};
}

}  // namespace plumb::model
