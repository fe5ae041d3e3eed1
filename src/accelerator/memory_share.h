#pragma once
// What share of its memory's peak bandwidth an accelerator gets for what an operator asks of it:
//
//   time of B_i bytes of kind i   t_i = B_i / (u_i W)      u_i = min(1, r s_i)      r = e_b / s_0
//
//   W    the memory's peak bandwidth
//   s_i  the share of it that the memory alone sustains for that demand, by the command-level model
//        (memory/sustained_table.h): refreshes, row misses, turnarounds of the bus
//   e_b  the share that the accelerator's class sustains of streamed weights, as measured
//   s_0  what the memory that e_b holds for sustains of streamed weights. A class was measured on accelerators with
//        their own memories, so s_0 is of the memory that the catalog has the accelerator with, before somebody swaps
//        or edits it
//   r    what is left of e_b when the memory's own losses are taken out: the residual. A loss is counted once
//
// So streamed weights take e_b W with the accelerator's own memory, exactly, and every other demand and every other
// memory differs from that by what the two memories sustain. Where a memory is not described command by command, all
// s_i of it are 1.

#include <cstdint>
#include <memory>

#include "memory/demand.h"
#include "memory/sustained_bandwidth.h"
#include "model/model.h"

namespace plumb::accelerator {

/// An accelerator's memory as the command-level model has it.
struct MemorySustains {
  std::shared_ptr<const memory::Specification> specification;  ///< null where it is not described command by command
  std::shared_ptr<const memory::SustainedBandwidth> own;       ///< the same
  double reference_share = 1.0;                                ///< s_0 of the equations above

  double share(const memory::Demand& demand) const { return own ? own->at(demand).share : 1.0; }  ///< s_i
  double residual(double measured_share) const { return measured_share / reference_share; }       ///< r, given e_b
  /// u_i, given e_b.
  double used_share(double measured_share, const memory::Demand& demand) const;
};

/// What an operator asks of the memory, by kind of bytes.
///   weights      streamed; of routed experts, which tokens pick at random, gathered by what one expert has on a rank
///   cache        gathered in blocks of a paged cache: as many keys, or values, of one layer on one rank as a block has
///                tokens; of a span that picks its keys at random, entry by entry; expanded keys and values, which were
///                just written in order, streamed; states, mixed
///   activations  mixed, half of them written
struct OperatorDemands {
  memory::Demand weights{memory::Demand::Kind::streamed, 0.0};
  memory::Demand cache{memory::Demand::Kind::streamed, 0.0};
  memory::Demand activations{memory::Demand::Kind::mixed, 0.5};
};
OperatorDemands demands_of(const model::Operator& op, const model::Model& model, std::int64_t block_tokens);

/// Tokens of a cache block where nobody says: vLLM's default.
inline constexpr std::int64_t default_block_tokens = 16;

}  // namespace plumb::accelerator
