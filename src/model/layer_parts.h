#pragma once
// What a layer is made of on one rank: the matrices that it multiplies with, and the operators in between. One list of
// matrices serves parameter counts, weight bytes and operators, so the three cannot disagree.
//
// How `tensor` ranks share a layer, as vLLM does it (its parallel linear layers, vllm/model_executor/layers/linear.py):
//   first matrices (q, k, v, gate, up) are cut by columns, that is by heads or width; last ones (o, down) by rows,
//   after which ranks add up their parts. Heads of keys and values that are fewer than ranks are repeated. The
//   downward halves of compressions (MLA), the projections around latent experts, routers, indexers and norms are
//   repeated on every rank.
// Data-parallel groups of ranks hold the same weights, routed experts apart, and have different tokens. Experts are
// shared by all ranks of all groups:
//   cut whole (EP)  each rank sends its tokens to the ranks of their experts and gets them back (all-to-all), so what
//                   stands beside the experts in the layer works by tokens too: repeated, not cut (vLLM's sequence
//                   parallel MoE, SGLang's DP attention with DeepEP)
//   cut by width    the groups gather each other's tokens, and scatter the sums (vLLM without EP)
// Inside this room only.

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/model.h"

namespace plumb::model {

/// Which of a Quantisation's formats a matrix is stored in.
enum class Part { linear, attention, experts, rest };

struct Matrix {
  std::string name;
  Part part = Part::linear;
  std::int64_t k = 0, n = 0;  ///< on this rank
  std::int64_t batch = 1;     ///< matrices of that shape: heads of MLA's absorbed products, experts on this rank
  std::int64_t bias = 0;      ///< parameters of the bias on this rank, all `batch` together
  bool after = false;         ///< comes after the attention, state update or activation of the layer
  Rows rows = Rows::tokens;
  std::size_t span = 0;      ///< for Rows::prefill_context
  bool stored = true;        ///< false: a second use of numbers that another matrix of the list stores
  bool dequantised = false;  ///< multiplied in the activations' format whatever it is stored in
  std::int64_t experts_total = 0, per_token = 0;  ///< routed experts: `batch` of `experts_total` are on this rank

  double numbers() const { return static_cast<double>(k) * static_cast<double>(n) * static_cast<double>(batch); }
};

/// Weights of a mixer or a feed-forward on one rank.
struct Weights {
  std::vector<Matrix> matrices;
  std::int64_t vectors = 0;  ///< parameters of convolutions, decays and the like
};

/// Precondition of all that takes a Parallelism: cannot_split() has nothing to say.
Weights mixer_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism);
Weights attention_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism);
Weights latent_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism);
Weights linear_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism);
Weights mamba_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism);
Weights feed_forward_weights(const Model& model, const FeedForward& feed_forward, const Parallelism& parallelism);
/// The matrices of a sparse attention's indexer and of the compressor of a compressed span, repeated on every rank.
void add_indexer_weights(const Model& model, const Mixer& mixer, std::vector<Matrix>& matrices);
/// The output projection of attention, plain or grouped and low-rank.
void add_output_weights(const Model& model, const Mixer& mixer, const Parallelism& parallelism,
                        std::vector<Matrix>& matrices);

/// The parallelism of a layer's feed-forward: that of the layer, but where tokens travel to their experts every rank is
/// a data-parallel group of its own.
Parallelism feed_forward_parallelism(const FeedForward& feed_forward, const Parallelism& parallelism);

/// A rank's part of `whole`, which divides.
std::int64_t share(std::int64_t whole, const Parallelism& parallelism);
/// A rank's part of heads that are repeated when there are fewer of them than ranks.
std::int64_t repeated_share(std::int64_t heads, const Parallelism& parallelism);
/// Whether MLA runs absorbed for prefill as well: sparse attention picks latents, which are not worth expanding.
bool absorbed_always(const Model& model, const Mixer& mixer);
/// The same, or because the engine is told to.
bool absorbed_throughout(const Model& model, const Mixer& mixer);

/// Layers [first, last) of a stage. Stages have equally many; a remainder goes one each to the stages before the last,
/// nearest first (vLLM, vllm/distributed/utils.py get_pp_indices: the last stage has the LM head to do).
struct LayerRange {
  std::size_t first = 0, last = 0;
};
LayerRange layers_of(const Model& model, const Parallelism& parallelism, int stage);

/// A model as it is run: what all parts of a layer need to know.
struct Setting {
  const Model& model;
  Parallelism parallelism;
  Quantisation quantisation;
  NumberFormat cache;
  NumberFormat activation;
  /// Of each (experts, experts a token) of the model, if routing is not uniform.
  std::map<std::pair<std::int64_t, std::int64_t>, std::shared_ptr<const ExpertLoads>> loads;

  Setting(const Model& of, const Precision& precision, const Parallelism& split);
  double activation_bytes() const { return format_bits(activation) / 8.0; }
  NumberFormat format(Part part) const;
  double bits(Part part) const;
  /// Null if experts of a layer are reached uniformly.
  std::shared_ptr<const ExpertLoads> loads_of(std::int64_t experts, std::int64_t per_token) const;
};

/// Bytes that a rank caches per key of a layer, 0 for a layer without keys.
double entry_bytes(const Setting& setting, const Mixer& mixer);
/// Bytes of an indexer's key, which is kept in fp8 with an fp32 scale per 128 numbers.
double index_entry_bytes(const Mixer& mixer);
/// Bytes of a layer's state for one sequence: recurrent state, convolution window, a compressor's open entry.
double state_bytes(const Setting& setting, const Mixer& mixer);

using Operators = std::vector<Operator>;
void add_mixer(const Setting& setting, const Mixer& mixer, Operators& to);
void add_attention(const Setting& setting, const Mixer& mixer, Operators& to);
void add_latent(const Setting& setting, const Mixer& mixer, Operators& to);
void add_linear(const Setting& setting, const Mixer& mixer, Operators& to);
void add_mamba(const Setting& setting, const Mixer& mixer, Operators& to);
void add_feed_forward(const Setting& setting, const FeedForward& feed_forward, Operators& to);
/// The indexer's look over its keys, if the mixer has one.
void add_indexer(const Setting& setting, const Mixer& mixer, Operators& to);

/// A whole layer with its norms.
void add_layer(const Setting& setting, const Layer& layer, Operators& to);
/// Every rank looks up the words it has and the ranks add up, which is a sum with zeros.
void add_embedding(const Setting& setting, Operators& to);
/// The last norm and the LM head over `rows`.
void add_head(const Setting& setting, Rows rows, Operators& to);

/// Layers that the model's drafter runs: none without one.
std::span<const Layer> drafter_layers(const Model& model);
/// How they are cut: a draft model as one stage, its experts as numbered and reached uniformly.
Parallelism drafter_parallelism(const Model& model, const Parallelism& parallelism);
/// The setting of these layers. Precondition: there are some.
Setting drafter_setting(const Setting& setting);
/// All passes of the drafter in a step.
void add_drafter(const Setting& setting, Operators& to);
/// Bytes of a drafter's weights on a rank of the last stage, which has the model's embedding or not.
double drafter_weight_bytes(const Setting& setting, bool has_embedding);
/// Bytes of a layer's weights on a rank.
double layer_weight_bytes(const Setting& setting, const Layer& layer);
/// Bytes of a rank's part of the embedding table, or of the LM head.
double vocabulary_bytes(const Setting& setting);

/// Operators of the matrices that come before or after the middle of a part.
void add_matrices(const Setting& setting, const Weights& weights, bool after, Operators& to);
void add_attention_over(const Setting& setting, std::string name, Attention shape, Operators& to);
/// `numbers_per_token` activations moved, and `bytes_per_token` of something else.
/// Writes keys of `key_bytes` into the cache, made of so many numbers a token.
void add_cache_write(const Setting& setting, std::int64_t numbers_per_token, double key_bytes, Operators& to);
void add_elementwise(const Setting& setting, std::string name, std::int64_t numbers_per_token, Operators& to,
                     double bytes_per_token = 0.0);
void add_collective(const Setting& setting, std::string name, Collective::Kind kind, Rows rows, int ranks,
                    double numbers_per_token, Operators& to);
/// The sum over ranks after a part whose last matrix is cut by rows.
void add_all_reduce(const Setting& setting, Operators& to);
/// The same with the collective's rows shared over `spread` ranks instead of the data-parallel groups.
void add_collective_over(const Setting& setting, std::string name, Collective shape, int spread, Operators& to);

}  // namespace plumb::model
