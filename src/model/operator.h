#pragma once
// The operators of one step on one rank, as shapes. What is given: a model, its precision, its parallelism. What
// follows for any Step: floating-point operations, bytes of weights, cache and activations, bytes sent. How long that
// takes is for the accelerator room.
//
// Notation: T tokens of the step, R rows of an operator, b_w, b_a, b_c bytes of a weight, an activation, a cache
// element.
//
// With D data-parallel ranks a Step is that of the whole replica, and the work is that of the fullest rank. Load is
// taken as balanced: of n tokens, sequences or chunks the fullest rank has ceil(n / D); its sequences are like the
// others, so of the keys and pairs of n decode sequences it has the share ceil(n / D) / n, and likewise of those of
// n prefill tokens.

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/number_format.h"
#include "base/quantity.h"
#include "model/step.h"

namespace plumb::model {

class ExpertLoads;

/// A family is what the accelerator room has parameters for, and what reports add up by.
enum class Family { gemm, attention, expert, state, elementwise, collective };

constexpr std::string_view family_name(Family family) {
  switch (family) {
    case Family::gemm: return "gemm";
    case Family::attention: return "attention";
    case Family::expert: return "expert";
    case Family::state: return "state";
    case Family::elementwise: return "elementwise";
    case Family::collective: return "collective";
  }
  return "gemm";
}
inline constexpr std::size_t families = 6;

enum class Rows {
  tokens,           ///< every new token, and those that fill the step up
  sampled,          ///< tokens whose logits are needed
  drafting,         ///< sequences that get an output token, for each of which a drafter proposes one
  decode,           ///< tokens of decode sequences (MLA's absorbed products)
  prefill_context,  ///< keys read by prefill chunks (MLA expands the cached latents of the whole context)
};

/// Rows that an operator over `rows` has in a step, on the fullest of `spread` ranks.
double rows_of(Rows rows, std::size_t span, const Step& step, int spread = 1);

/// Y[R, n] = X[R, k] W[k, n]: 2 R k n operations; k n b_w weight bytes; R (k + n) b_a activation bytes.
struct Gemm {
  Rows rows = Rows::tokens;
  std::size_t span = 0;  ///< for Rows::prefill_context
  std::int64_t k = 0, n = 0;
  std::int64_t batch = 1;  ///< independent products of that shape, such as one per head
  bool operator==(const Gemm&) const = default;
};

/// The routed experts of one layer that live on one rank, one projection [k, n] of each. Each token goes to
/// `per_token` of `experts_total`; this rank holds `experts`. Rows on the rank: T per_token experts / experts_total,
/// whatever ranks the tokens are on before and after.
/// Weight bytes: distinct experts reached x k n b_w, with uniform routing in expectation
///   E_d = experts (1 - (1 - per_token / experts_total)^T).
/// Under another routing rows and E_d are those of `loads` (expert_loads.h), `experts` counting replicas too.
struct ExpertGemm {
  std::int64_t experts = 0, experts_total = 0, per_token = 0;
  std::int64_t k = 0, n = 0;
  std::shared_ptr<const ExpertLoads> loads = nullptr;  ///< null: uniform
  bool operator==(const ExpertGemm&) const = default;
};

/// Attention over the cache on one rank: 2 heads (key_width + value_width) operations per scored pair, `key_bytes` per
/// key read, and 2 heads (key_width + value_width) b_a / 2 activation bytes per query token.
/// MLA reads latents when decoding (absorbed: key_width = kv_lora_rank + rope, value_width = kv_lora_rank, one shared
/// key) and expands them when prefilling, so both phases have shapes of their own.
struct Attention {
  enum class Phase { both, decode, prefill };
  Phase phase = Phase::both;
  std::size_t span = 0;  ///< index into Model::spans
  std::int64_t heads = 0;
  std::int64_t key_width = 0, value_width = 0;
  double key_bytes = 0.0;  ///< of one cached key and its value, on this rank
  std::int64_t kv_heads = 1;  ///< of keys and values on this rank, which `heads` share evenly
  enum class Kept {
    apart,     ///< keys and values in blocks of their own
    together,  ///< one entry is both, or there is no value: latents, keys of an indexer
    in_order,  ///< not in the cache's blocks: expanded from it just before
  };
  Kept kept = Kept::apart;
  double cache_bits = 16.0;   ///< of a cached number
  bool windowed = false;      ///< the span looks back over a window
  bool latent = false;        ///< MLA, absorbed or expanded
  bool operator==(const Attention&) const = default;
};

/// Linear attention or a state-space layer: a state of `state_bytes` is read once and written once for every sequence
/// of the step (2 state_bytes moved), and once more for each proposed token, which may be rejected; and
/// `operations_per_token`.
struct StateUpdate {
  double state_bytes = 0.0;
  double operations_per_token = 0.0;
  bool operator==(const StateUpdate&) const = default;
};

/// Norms, activations, residuals, embeddings: `bytes_per_token` moved (read and written together) by each of `kernels`
/// launches.
struct Elementwise {
  double bytes_per_token = 0.0;
  double kernels = 1.0;
  bool with_attention = false;  ///< writes the cache, which measured times of attention hold
  bool operator==(const Elementwise&) const = default;
};

/// Ranks exchange activations. `bytes_per_token` is the size of the full message for one token:
/// hidden size x b_a for an all-reduce, an all-gather, a reduce-scatter and a send; per_token x hidden x b_a for an
/// all-to-all, whose message is what one rank sends in all, or gets if that is more.
struct Collective {
  enum class Kind { all_reduce, all_gather, reduce_scatter, all_to_all, send };
  Kind kind = Kind::all_reduce;
  Rows rows = Rows::tokens;
  int ranks = 1;
  double bytes_per_token = 0.0;
  std::int64_t copies = 1;  ///< of an all-to-all: experts that a token goes to, a copy to each
  bool operator==(const Collective&) const = default;
};

struct Operator {
  std::string name;  ///< "q, k, v", "down", "routed gate and up"
  Family family = Family::gemm;
  double count = 0.0;                         ///< times it runs in one step: layers that have it
  NumberFormat compute = NumberFormat::bf16;  ///< format of the multiplication that the precision asks for
  double weight_bits = 16.0;                  ///< stored bits of a weight, scales included
  double activation_bits = 16.0;
  bool of_mixer = false;  ///< a product of the layer's attention: q, k, v, output and the like
  bool again = false;     ///< a drafter's further pass: sees one token of each sequence that gets output
  int spread = 1;         ///< ranks that share the step's rows by tokens; routed experts have all of them
  std::variant<Gemm, ExpertGemm, Attention, StateUpdate, Elementwise, Collective> shape;
};

/// What one operator does in one step on one rank, all `count` runs together.
struct Work {
  double operations = 0.0;
  double weight_bytes = 0.0;
  double cache_bytes = 0.0;
  double activation_bytes = 0.0;
  double sent_bytes = 0.0;  ///< of the full messages, before the algorithm of the collective
  double launches = 0.0;
  double rows = 0.0;  ///< of one run: rows of a product, queries of attention; 0 if the step has nothing for it

  double bytes() const { return weight_bytes + cache_bytes + activation_bytes; }
};

/// What a drafter's further pass sees of a step: every sequence that gets output as one that decodes.
Step step_again(const Step& step);

/// Nothing at all, launches and weights included, when the step has no rows for it.
Work work_of(const Operator& op, const Step& step);

/// What one run of attention takes for each scored pair, each key read and each query row: its work is linear in them.
struct AttentionRates {
  double operations_per_pair = 0.0, cache_bytes_per_key = 0.0, activation_bytes_per_row = 0.0;
};
AttentionRates attention_rates(const Attention& shape, double activation_bits);
/// The pairs and keys of a step that it works on, the share of them that the fullest of the ranks has, and its rows.
struct AttentionCounts {
  double decode_share = 0.0, decode_pairs = 0.0, decode_keys = 0.0;
  double prefill_share = 0.0, prefill_pairs = 0.0, prefill_keys = 0.0;
  double rows = 0.0;
  double decode_sequences = 0.0, decode_rows = 0.0;        ///< of the fullest rank
  double chunks = 0.0, prefill_rows = 0.0;                 ///< of the fullest rank
};
AttentionCounts attention_counts(const Attention& shape, int spread, const Step& step);

}  // namespace plumb::model
