// Feed-forward parts: a dense MLP, or routed experts with what stands beside them.

#include "model/expert_loads.h"
#include "model/layer_parts.h"

namespace plumb::model {
namespace {

/// Gate and up, then down, of an MLP that ranks share by its width.
void add_mlp(const Model& model, const FeedForward& part, const std::string& prefix, std::int64_t whole_width,
             const Parallelism& parallelism, std::vector<Matrix>& matrices) {
  const std::int64_t width = share(whole_width, parallelism);
  const std::int64_t n = (part.gated ? 2 : 1) * width;
  matrices.push_back(
      {.name = prefix + (part.gated ? "gate and up" : "up"), .k = model.hidden, .n = n, .bias = part.bias ? n : 0});
  matrices.push_back(
      {.name = prefix + "down", .k = width, .n = model.hidden, .bias = part.bias ? model.hidden : 0, .after = true});
}

/// Experts of a layer as one rank has them: all of them cut by their width, or some of them whole.
struct RoutedShare {
  std::int64_t experts, width;
};
RoutedShare routed_share(const FeedForward& part, const Parallelism& parallelism) {
  const int ranks = parallelism.expert_ranks();
  if (parallelism.expert) return {(part.experts + parallelism.redundant_experts()) / ranks, part.width};
  return {part.experts, part.width / ranks};
}

void add_routed(const Model& model, const FeedForward& part, const Parallelism& parallelism,
                std::vector<Matrix>& matrices) {
  const auto [experts, width] = routed_share(part, parallelism);
  const std::int64_t outer = part.latent_width > 0 ? part.latent_width : model.hidden;
  const std::int64_t n = (part.gated ? 2 : 1) * width;
  matrices.push_back({.name = "router",
                      .part = Part::rest,
                      .k = model.hidden,
                      .n = part.experts,
                      .bias = part.router_bias ? part.experts : 0});
  if (part.latent_width > 0) {
    matrices.push_back({.name = "latent down", .k = model.hidden, .n = outer});
  }
  matrices.push_back({.name = part.gated ? "routed gate and up" : "routed up",
                      .part = Part::experts,
                      .k = outer,
                      .n = n,
                      .batch = experts,
                      .bias = part.bias ? experts * n : 0,
                      .experts_total = part.experts,
                      .per_token = part.experts_per_token});
  matrices.push_back({.name = "routed down",
                      .part = Part::experts,
                      .k = width,
                      .n = outer,
                      .batch = experts,
                      .bias = part.bias ? experts * outer : 0,
                      .after = true,
                      .experts_total = part.experts,
                      .per_token = part.experts_per_token});
  if (part.latent_width > 0) {
    matrices.push_back({.name = "latent up", .k = outer, .n = model.hidden, .after = true});
  }
}

/// Reads gate and up, writes their product; without a gate reads and writes once.
std::int64_t activation_numbers(const FeedForward& part, std::int64_t width) { return (part.gated ? 3 : 2) * width; }

/// Bytes of an activation on its way to its expert: where products run in fp8 it is quantised before it leaves, with an
/// fp32 scale per 128 numbers (DeepEP, vLLM's deepep backends); else, and on its way back, as it is.
double dispatched_bytes(const Setting& setting) {
  const bool narrow = setting.quantisation.activations_too && setting.format(Part::experts) == NumberFormat::fp8;
  return narrow ? 1.0 + 4.0 / 128.0 : setting.activation_bytes();
}

/// What the slowest rank has of the routed tokens, over the mean.
double imbalance(const Setting& setting, const FeedForward& part) {
  const auto loads = setting.loads_of(part.experts, part.experts_per_token);
  return loads && setting.parallelism.expert ? loads->imbalance() : 1.0;
}

/// Width of the space that routed experts work in.
std::int64_t outer_width(const Model& model, const FeedForward& part) {
  return part.latent_width > 0 ? part.latent_width : model.hidden;
}

/// Activations that one token sends to experts, in the traffic of the rank that gets most.
double routed_numbers(const Setting& setting, const FeedForward& part) {
  return static_cast<double>(part.experts_per_token * outer_width(setting.model, part)) * imbalance(setting, part);
}

/// Tokens on their way to the experts. A copy goes to each of per_token experts, whether or not some share a rank.
void add_tokens_out(const Setting& setting, const FeedForward& part, Operators& to) {
  const Parallelism& split = setting.parallelism;
  if (split.exchanges_tokens()) {
    const double numbers = routed_numbers(setting, part);
    add_collective_over(
        setting, "dispatch",
        {Collective::Kind::all_to_all, Rows::tokens, split.expert_ranks(), numbers * dispatched_bytes(setting),
         part.experts_per_token},
        split.expert_ranks(), to);
  } else {
    const double bytes = static_cast<double>(setting.model.hidden) * setting.activation_bytes();
    add_collective_over(setting, "gather tokens", {Collective::Kind::all_gather, Rows::tokens, split.data, bytes}, 1,
                        to);
  }
}

/// And back, after which every rank of a group has all tokens of its group.
void add_tokens_back(const Setting& setting, const FeedForward& part, Operators& to) {
  const Parallelism& split = setting.parallelism;
  const double token_bytes = static_cast<double>(setting.model.hidden) * setting.activation_bytes();
  if (split.exchanges_tokens()) {
    const double numbers = routed_numbers(setting, part);
    add_collective_over(
        setting, "combine",
        {Collective::Kind::all_to_all, Rows::tokens, split.expert_ranks(), numbers * setting.activation_bytes(),
         part.experts_per_token},
        split.expert_ranks(), to);
    add_collective_over(setting, "gather tokens",
                        {Collective::Kind::all_gather, Rows::tokens, split.tensor, token_bytes}, split.data, to);
  } else {
    add_collective_over(setting, "scatter sums",
                        {Collective::Kind::reduce_scatter, Rows::tokens, split.data, token_bytes}, 1, to);
    add_all_reduce(setting, to);
  }
}

}  // namespace

Parallelism feed_forward_parallelism(const FeedForward& part, const Parallelism& parallelism) {
  if (part.kind != FeedForward::Kind::experts || !parallelism.exchanges_tokens()) return parallelism;
  Parallelism by_tokens = parallelism;
  by_tokens.tensor = 1;
  by_tokens.data = parallelism.expert_ranks();
  return by_tokens;
}

Weights feed_forward_weights(const Model& model, const FeedForward& part, const Parallelism& of_layer) {
  const Parallelism parallelism = feed_forward_parallelism(part, of_layer);
  Weights weights;
  std::vector<Matrix>& matrices = weights.matrices;
  switch (part.kind) {
    case FeedForward::Kind::none: break;
    case FeedForward::Kind::dense: add_mlp(model, part, "", part.width, parallelism, matrices); break;
    case FeedForward::Kind::experts:
      if (part.dense_width > 0) add_mlp(model, part, "", part.dense_width, parallelism, matrices);
      if (part.shared_width > 0) add_mlp(model, part, "shared ", part.shared_width, parallelism, matrices);
      if (part.shared_gate) matrices.push_back({.name = "shared gate", .part = Part::rest, .k = model.hidden, .n = 1});
      add_routed(model, part, parallelism, matrices);
      break;
  }
  return weights;
}

void add_feed_forward(const Setting& of_layer, const FeedForward& part, Operators& to) {
  if (part.kind == FeedForward::Kind::none) return;
  Setting setting = of_layer;
  setting.parallelism = feed_forward_parallelism(part, of_layer.parallelism);
  const Parallelism& parallelism = setting.parallelism;
  const Weights weights = feed_forward_weights(setting.model, part, parallelism);
  const bool routed = part.kind == FeedForward::Kind::experts;
  if (routed) {
    // Reads the scores and writes the choice: which experts, and how much of each.
    add_elementwise(setting, "expert choice", part.experts + 2 * part.experts_per_token, to);
    add_tokens_out(of_layer, part, to);
  }
  add_matrices(setting, weights, false, to);
  const std::int64_t beside = routed ? part.dense_width + part.shared_width : part.width;
  if (beside > 0) add_elementwise(setting, "activation", activation_numbers(part, share(beside, parallelism)), to);
  if (routed) {
    // A rank has its share of the per_token copies of every token, cut or whole.
    const std::int64_t copies =
        activation_numbers(part, part.experts_per_token * part.width) / parallelism.expert_ranks();
    add_elementwise(setting, "routed activation", copies, to);
    to.back().spread = 1;
    std::get<Elementwise>(to.back().shape).bytes_per_token *= imbalance(of_layer, part);
  }
  add_matrices(setting, weights, true, to);
  if (!routed) return add_all_reduce(setting, to);
  // Adds the copies of each token up: on the rank that the token came from, if they travel.
  add_elementwise(setting, "expert sum", (part.experts_per_token + 1) * outer_width(setting.model, part), to);
  if (!parallelism.exchanges_tokens()) to.back().spread = 1;
  // Without data parallelism every rank has every token, whether its experts are cut or whole: what it computed is a
  // part of each token's sum.
  add_tokens_back(of_layer, part, to);
}

}  // namespace plumb::model
