#pragma once
// A model as it comes: a Hugging Face config.json, turned into layers, from which follow parameters, weight bytes,
// cache bytes and the operators of a step. Knows nothing of hardware.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/document.h"
#include "base/document_edit.h"
#include "base/number_format.h"
#include "base/quantity.h"
#include "base/result.h"
#include "model/operator.h"
#include "model/step.h"

namespace plumb::model {

/// How a layer mixes tokens. Widths are of one head. Zero where a kind has no use for a field. The matrices that follow
/// (d hidden size; layer_parts.h has how ranks share them):
///   attention  q: d x heads key_width, or d x q_rank x heads key_width; twice as wide with output_gate
///              k, v: d x kv_heads (key_width + value_width), without v if keys_are_values; o: heads value_width x d
///              output_rank: o is output_groups of heads value_width / output_groups x output_rank, then x d
///   latent     q as above with key_width + rope_width; d x (kv_rank + rope_width);
///              kv_rank x heads (key_width + value_width); o as above; output_gate: d x heads value_width
///   linear     heads are those of the values and of the state, kv_heads those of q and k. d x (2 kv_heads key_width
///              + heads value_width), the latter twice with output_gate (z); d x 2 heads (b, a); o: heads
///              value_width x d; a convolution over q, k and v; A and dt bias: 2 heads. With gate_rank (KDA) the decay
///              is one per channel: d x gate_rank x heads key_width instead of a, and a dt bias as wide
///   mamba      value_width is the head's width, key_width the state's: d x (2 heads value_width + 2 groups key_width +
///              heads); o: heads value_width x d; a convolution with bias over x, B and C; A, D and dt bias: 3 heads
///   indexer    (index_heads > 0) q: q_rank (or d) x index_heads index_width; k: d x index_width, or its compressor;
///              weights: d x index_heads
/// Norms, query_key_norm's and the gated norms of linear and mamba among them, count in Layer::norm_weights.
struct Mixer {
  enum class Kind {
    attention,  ///< multi-head, grouped-query or multi-query: heads / kv_heads
    latent,     ///< multi-head latent attention (MLA), DeepSeek V2 onwards
    linear,     ///< gated linear attention (delta net, KDA): a state of value_heads x key_width x value_width
    mamba,      ///< Mamba-2 state-space layer
    none,       ///< the layer has no mixer (Nemotron-H, pruned layers)
  };
  Kind kind = Kind::attention;
  std::int64_t heads = 0, kv_heads = 0;
  std::int64_t key_width = 0, value_width = 0;      ///< attention: per head. latent: nope width, v width
  std::int64_t rope_width = 0;                      ///< latent: the part of a key that carries the position
  std::int64_t q_rank = 0, kv_rank = 0;             ///< latent: ranks of the compressions; q_rank 0 is no compression
  std::int64_t output_rank = 0, output_groups = 0;  ///< grouped low-rank output projection (DeepSeek V4); 0 is none
  std::int64_t conv_width = 0;                      ///< linear, mamba: kernel of the short convolution
  std::int64_t groups = 0;                        ///< mamba: groups that share B and C. linear: key heads are kv_heads
  std::int64_t index_heads = 0, index_width = 0;  ///< sparse attention's indexer; 0 is none
  bool bias = false;                              ///< of q, k, v
  bool output_bias = false;
  bool output_gate = false;  ///< q projection is twice as wide, half of it gates the output (Qwen 3.5)
  bool query_key_norm = false;
  bool keys_are_values = false;  ///< one projection serves as both (Gemma 4's global layers); both are still cached
  bool stored_once = false;      ///< the cached key is the value too (DeepSeek V4, with keys_are_values and kv_heads 1)
  std::int64_t compressor_width = 0;  ///< columns of the projections that make compressed entries: 2 key_width (values
                                      ///< and scores), 4 key_width if entries overlap (DeepSeek V4, ratio 4); 0 is none
  std::int64_t gate_rank = 0;         ///< linear: rank of a decay gate per channel (KDA); 0 is a gate per head
  bool absorbed_prefill = false;      ///< latent: prefill is absorbed too, as an engine may be told (absorb_prefill())
  bool shares_cache = false;          ///< reads an earlier layer's keys and values: has none of its own
  std::size_t span = 0;               ///< index into Model::spans
  std::size_t index_span = 0;         ///< span that the indexer looks over
  bool operator==(const Mixer&) const = default;
};

/// How a layer transforms tokens one by one.
struct FeedForward {
  enum class Kind { dense, experts, none };
  Kind kind = Kind::dense;
  std::int64_t width = 0;  ///< intermediate size; of one routed expert for experts
  bool gated = true;       ///< gate and up projections, or up alone
  bool bias = false;
  std::int64_t experts = 0, experts_per_token = 0;
  std::int64_t shared_width = 0;  ///< sum of the widths of the shared experts; 0 is none
  bool shared_gate = false;       ///< a gate on the shared expert's output (Qwen MoE)
  std::int64_t latent_width = 0;  ///< routed experts work in a narrower space of this width (Nemotron 3); 0 is hidden
  std::int64_t dense_width = 0;   ///< a dense MLP beside the experts in the same layer (Gemma 4); 0 is none
  bool router_bias = false;
  bool operator==(const FeedForward&) const = default;
};

struct Layer {
  Mixer mixer;
  FeedForward feed_forward;
  std::int64_t norm_weights = 0;   ///< parameters of all the layer's norms
  std::int64_t other_weights = 0;  ///< parameters that belong to none of the above (hyper-connections, gates)
  bool operator==(const Layer&) const = default;
};

/// What the checkpoint stores: set by a quantization_config, or by the dtype.
struct Quantisation {
  NumberFormat weights = NumberFormat::bf16;  ///< of the quantised linear layers
  double weight_bits = 16.0;                  ///< with scales
  NumberFormat experts = NumberFormat::bf16;  ///< routed experts may differ (gpt-oss, DeepSeek V4)
  double expert_bits = 16.0;
  NumberFormat rest = NumberFormat::bf16;  ///< embeddings, LM head, norms, what is excluded
  bool activations_too = false;            ///< products run in the weights' format, not only stored in it
  bool attention_excluded = false;         ///< attention projections keep `rest`
  std::optional<NumberFormat> cache;       ///< kv_cache_quant_algo, if the checkpoint fixes it
  std::string method = "none";             ///< quant_method as written
};

struct Model;

/// What proposes tokens that the model verifies in one step; speculation.h tells how, and makes it.
struct Speculation {
  enum class Method { mtp, draft, ngram };
  Method method = Method::ngram;
  int tokens = 0;                      ///< proposed in a step for each sequence that decodes, at least 1
  std::shared_ptr<const Model> draft;  ///< Method::draft alone: its spans are those of the model that verifies
};

struct Model {
  std::string name;          ///< from the path or "_name_or_path"
  std::string architecture;  ///< architectures[0]
  std::int64_t hidden = 0;
  std::int64_t vocabulary = 0;
  std::int64_t positions_max = 0;     ///< max_position_embeddings; 0 is not stated
  std::int64_t position_weights = 0;  ///< learned position embeddings (GPT-2)
  bool tied_embeddings = false;
  std::vector<Layer> layers;
  std::vector<Layer> mtp_layers;  ///< multi-token prediction, all modules': not part of a plain step
  std::int64_t mtp_modules = 0;   ///< each has equally many of the layers, and proposes one token
  std::int64_t mtp_extra_weights = 0;
  std::int64_t other_weights = 0;  ///< final norm, biases
  std::vector<Span> spans;
  std::optional<Speculation> speculation;
  Quantisation quantisation;
  std::vector<std::string> remarks;  ///< what the file does not say and was taken from the class's default, and what is
                                     ///< left out (a vision tower)
};

/// The model of a config.json: a file, or a folder that holds one (with hf_quant_config.json beside it, if there is
/// one). An architecture that is not known is an error that lists which fields were understood and which not.
/// `edits` are made to the config.json before it is read.
[[nodiscard]] Result<Model> read_model(const std::string& path, std::span<const Edit> edits = {});
[[nodiscard]] Result<Model> parse_model(const Document& config, const Document* quant_config = nullptr);

/// Formats to run a model in. Absent means as the checkpoint has it.
struct Precision {
  std::optional<NumberFormat> weights = std::nullopt;
  std::optional<NumberFormat> cache = std::nullopt;  ///< absent: the checkpoint's, else bf16
};

/// The quantisation that running `model` in `precision` means.
Quantisation effective(const Model& model, const Precision& precision);
NumberFormat cache_format(const Model& model, const Precision& precision);

/// How choices of experts spread over a layer's routed experts, and how these lie on ranks; expert_loads.h has the
/// equations. Every layer is taken alike.
struct ExpertRouting {
  enum class Placement {
    linear,       ///< as numbered: E / ranks each, in order (vLLM's default)
    round_robin,  ///< expert e on rank e mod ranks
    balanced,     ///< by load, with replicas of the most loaded experts, as DeepSeek's EPLB does
  };
  double zipf_exponent = 0.0;          ///< shares in proportion to number^-exponent; 0 is uniform
  std::vector<double> shares = {};     ///< of the experts in order, in place of Zipf's; empty is none
  std::int64_t redundant_experts = 0;  ///< replicas beside one of each expert, over all ranks
  Placement placement = Placement::linear;
  bool drawn = false;  ///< a step waits for the rank that its draw of choices fills most, not for the mean's fullest
  /// Nothing that a closed form does not tell: every expert alike, one of each, and their mean.
  bool uniform() const { return zipf_exponent == 0.0 && shares.empty() && redundant_experts == 0 && !drawn; }
};

struct Parallelism {
  int tensor = 1;       ///< TP: ranks that share every layer
  int pipeline = 1;     ///< PP: stages
  bool expert = false;  ///< EP: routed experts are spread whole over expert_ranks() instead of each being cut
  int data = 1;         ///< attention data parallelism: groups of TP ranks, each with its share of the tokens
  std::shared_ptr<const ExpertRouting> routing = nullptr;  ///< null: uniform, without replicas
  int ranks() const { return tensor * pipeline * data; }
  /// Ranks of a stage, all of which share its routed experts.
  int expert_ranks() const { return tensor * data; }
  /// Replicas of routed experts beside one of each; only whole experts have some.
  std::int64_t redundant_experts() const { return expert && routing ? routing->redundant_experts : 0; }
  /// Tokens travel to the ranks of their experts and back, by an all-to-all.
  bool exchanges_tokens() const { return expert && data > 1; }
};

/// Makes latent attention (MLA) absorbed in prefill too, instead of expanded. False if no layer has latents. It is
/// worth it for chunks that are short beside their context: expanding costs by the keys, absorbing by the pairs.
bool absorb_prefill(Model& model);

/// Why the model cannot be cut that way, or nothing: heads, widths and experts must divide, stages not exceed layers,
/// and data parallelism needs experts to share: without them its ranks are replicas of their own.
std::optional<std::string> cannot_split(const Model& model, const Parallelism& parallelism);

struct ParameterCount {
  double total = 0.0;   ///< without multi-token prediction
  double active = 0.0;  ///< used for one token; the embedding table not counted unless it is also the LM head
  double mtp = 0.0;
};
ParameterCount parameter_count(const Model& model);

/// Bytes of weights on one rank of a stage (0 <= stage < pipeline), those of a drafter on the last one.
Bytes weight_bytes(const Model& model, const Precision& precision, const Parallelism& parallelism, int stage);

/// What a sequence keeps in the cache of one rank of a stage: for each entry, `bytes` per key that `span` keeps cached.
struct CacheShare {
  std::size_t span = 0;
  double bytes_per_key = 0.0;
};
struct CacheLayout {
  std::vector<CacheShare> shares;  ///< at most one per span
  double state_bytes = 0.0;        ///< per sequence, of whatever length
};
CacheLayout cache_layout(const Model& model, const Precision& precision, const Parallelism& parallelism, int stage);

/// Cache bytes of a sequence of `context` tokens under a layout.
double cache_bytes(const Model& model, const CacheLayout& layout, std::int64_t context);

/// The operators of one step on one rank of a stage. Layers of the same shape are one operator with a count.
std::vector<Operator> operators(const Model& model, const Precision& precision, const Parallelism& parallelism,
                                int stage);

/// Adds a decode sequence whose context is `context` tokens, the new one included. A model with a drafter verifies the
/// tokens that it proposed beside.
void add_decode(const Model& model, Step& step, std::int64_t context);
/// Adds a prefill chunk of `tokens` new tokens after `context` computed ones; `sampled` if it completes the prompt.
void add_prefill(const Model& model, Step& step, std::int64_t tokens, std::int64_t context, bool sampled);

}  // namespace plumb::model
