#pragma once
// An accelerator with another memory: what it would be if its stacks (chips, modules) were of that kind.
//
//   capacity, bandwidth   stacks x those of the new memory's specification
//   sustained share       f = sustained by the new / sustained by the old, each by the command-level model
//                         (memory/sustained_bandwidth.h): weights streamed, cache gathered in blocks of 32 KiB (16
//                         tokens of 8 heads of 128 at two bytes), activations half read and half written. What the
//                         class's bandwidth loses besides (e_b) stays as it is, so no loss is counted twice: a memory
//                         put in for itself changes nothing
//   power                 + P_new - P_old, P = 8 W e, energies per bit of streams, where both are known; of a memory
//                         that computes the power of its units at work if that is more (a matrix of 8192 x 8192)
//   purchase              + C_new p_new - C_old p_old         the latest prices per byte, where both are known; rents
//                         stay. A memory that computes and has no price of its own costs a stack of the memory that
//                         names it as its `pim`, times its price_premium, with the premium's band; the capacity that
//                         units displace is in its specification and makes nothing cheaper
//
// Evidence of what is changed is `assumed`: nobody sells that accelerator.

#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/catalog.h"

namespace plumb::accelerator {

/// How the accelerator runs its memory: "hbm3:5200", or the memory's name where nothing else is said.
std::string specification_of(const catalog::Accelerator& accelerator);

/// Fault::unmet where the accelerator's stacks are not known or either memory is not described command by command.
/// `cache_folder` as in memory/sustained_table.h.
[[nodiscard]] Result<catalog::Accelerator> with_memory(const catalog::Catalog& catalog,
                                                       const catalog::Accelerator& accelerator,
                                                       std::string_view specification, const std::string& cache_folder);

/// "OLD->NEW" (or with the arrow U+2192) done to every accelerator of the catalog whose memory is OLD: a memory's name
/// or a specification. NEW is a specification. Or "+pim": every accelerator of known stacks whose memory names one with
/// units gets that. It is an error if there is none.
[[nodiscard]] Status swap_memory(catalog::Catalog& catalog, std::string_view swap, const std::string& cache_folder);

}  // namespace plumb::accelerator
