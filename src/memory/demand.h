#pragma once
// What an operator asks of a memory, as streams that sustained bandwidth is measured with:
//
//   streamed          reads one address after another: weights
//   gathered(b)       blocks of b bytes at random multiples of 4 KiB, or of the power of two at or above b if that is
//                     less, each read from front to back: blocks of a paged cache, the weights of experts
//   mixed(w)          one stream of which a share w is written, at random: activations read and written

#include <memory>

#include "memory/access_source.h"
#include "memory/specification.h"

namespace plumb::memory {

struct Demand {
  enum class Kind { streamed, gathered, mixed };
  Kind kind = Kind::streamed;
  double parameter = 0;  ///< bytes of a block, or the share of writes
};

/// "streamed", "gathered", "mixed".
std::string_view demand_name(Demand::Kind kind);

/// An endless stream of it, from seed 1. A block is at least an access and a whole number of them.
std::unique_ptr<AccessSource> make_demand(const Demand& demand, const Specification& specification);

}  // namespace plumb::memory
