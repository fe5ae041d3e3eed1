#pragma once
// The time of attention for n decode sequences over S keys in all, K heads of keys of width h (in units of 128 numbers
// below), each shared by g queries:
//
//   t = t_0 + t_h h + t_g [g > 1, n > 1] + t_w [window] + max(
//         T + n K a_w [window] + S K h c,                the multiprocessors: a tile for each sequence and head
//         r min(1, B / B_0) + B / (u W) + o T,           memory: B bytes of keys, values, queries, outputs
//         (S / n) h d,                                   the chain: the keys of one sequence, one after another
//         F / (e P))                                     compute
//   T = max(0, n K - f) (a + a_h h + a_q g h)
//
//   t_0 `launch`, t_h `width_launch`, t_g `group_launch`     what the smallest takes; more where queries of several
//                                                            sequences are packed by heads of keys
//   t_w `window_launch`, a_w `window`                        what a window that cuts the keys costs besides
//   f `first_tiles`                                          tiles that begin with the launch
//   a `tile`, a_h `tile_width`, a_q `row`                    one tile's share of the machine's time: begin, load the
//                                                            query, merge, store
//   c `key`                       a key as the multiprocessors work it off, data in on-chip memory
//   r `reading`, u `bandwidth`    what a read from memory costs besides, and the share of the peak that it sustains.
//   Reads
//                                 below some 64 MB were measured from on-chip memory only, where in a step they are
//                                 not: that r builds up evenly over B_0 = 64 MB is assumed
//   o `exposed`                   how much of the tiles' own time reading does not hide
//   d `chain`, `chain_single`     split-KV spreads a sequence over as many multiprocessors as it can; what is left is
//                                 one after another. `chain_single` where no queries share a head: FlashAttention-2
//                                 does not split those at all, which makes one long sequence slow
//   e `share`                     of the peak P of the activations' format; only absorbed MLA is ever bound by it
//
// For a fixed n every term is a line in S, but for memory's, which is the less of two: t is piecewise linear and grows
// with S. That is what lets a simulation jump over steps (step_timer.h). As u, e <= 1, no time is below
// max(F / P, B / W).
//
// A page of the KV cache (16 keys and more) leaves no trace in the tables, and neither do tiles in whole waves.
// Windows: S counts the keys within reach.

#include <array>
#include <span>

#include "accelerator/kernel_attention.h"
#include "catalog/kernel_fit.h"

namespace plumb::accelerator {

struct DecodeAttentionParameters {
  double launch_s = 0.0, width_launch_s = 0.0, group_launch_s = 0.0, window_launch_s = 0.0;
  double first_tiles = 0.0;
  double tile_s = 0.0, tile_width_s = 0.0, row_s = 0.0, window_s = 0.0;
  double key_s = 0.0;
  double reading_s = 0.0, bandwidth = 1.0, exposed = 0.0;
  double chain_s = 0.0, chain_single_s = 0.0;
  double share = 1.0;
};
/// Of values of the family "attention_decode" or "mla_decode", in its order.
DecodeAttentionParameters decode_attention_parameters(const catalog::KernelFamily& family,
                                                      std::span<const double> values);

/// The terms of the maximum; memory's is the less of `reading_little` and `reading_much`.
enum class DecodeSide { multiprocessors, chain, compute, reading_little, reading_much };
inline constexpr std::size_t decode_sides = 5;

/// A term as a line: fixed_s + S key_s.
struct DecodeLine {
  double fixed_s = 0.0, key_s = 0.0;
  double at(double keys) const { return fixed_s + keys * key_s; }
};

/// The maximum.
double decode_seconds(std::span<const DecodeLine, decode_sides> lines, double keys);

/// What a step has of decode sequences: `rows` queries, S = `keys` and so many scored pairs beyond one for each key.
struct DecodeWork {
  double sequences = 0.0, rows = 0.0;
  double more_pairs = 0.0;
};

class DecodeAttention {
 public:
  DecodeAttention(const DecodeAttentionParameters& parameters, const AttentionShape& shape,
                  const AttentionMachine& machine);

  double launch_s(const DecodeWork& work) const { return launch_s_ + (work.sequences > 1.0 ? group_launch_s_ : 0.0); }
  /// By DecodeSide. `work` has at least one sequence.
  std::array<DecodeLine, decode_sides> lines(const DecodeWork& work) const;
  double seconds(const DecodeWork& work, double keys) const;

 private:
  AttentionShape shape_;
  double launch_s_, group_launch_s_, first_tiles_, tile_s_, window_s_, key_s_, chain_s_;
  double reading_s_, exposed_, cache_byte_s_, activation_byte_s_;
  double pair_s_;
};

}  // namespace plumb::accelerator
