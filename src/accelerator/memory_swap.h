#pragma once
// An accelerator with another memory: what it would be if its stacks (chips, modules) were of that kind.
//
//   capacity, bandwidth   stacks x those of the new memory's specification
//   share of the peak     min(1, r s_i) as ever (memory_share.h): s_i is that of the new memory, and the residual r
//   stays
//                         that of the memory which the accelerator was sold with, so no loss is counted twice: a memory
//                         put in for itself changes nothing
//   power                 + P_new - P_old, P = 8 W e, energies per bit of streams, where both are known; of a memory
//                         that computes the power of its units at work if that is more (a matrix of 8192 x 8192)
//   purchase              + C_new p_new - C_old p_old         the latest prices per byte, where both are known; rents
//                         stay. A memory that computes and has no price of its own costs a stack of the memory that
//                         names it as its `pim`, times its price_premium, with the premium's band; the capacity that
//                         units displace is in its specification and makes nothing cheaper
//
// The same where the memory's own file is edited, as by a study's axis, but that capacity and bandwidth are what the
// accelerator has, times what the edit does to those of a stack.
//
// Evidence of what is changed is `assumed`: nobody sells that accelerator.

#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/catalog.h"

namespace plumb::accelerator {

/// Fault::unmet where the accelerator's stacks are not known or either memory is not described command by command.
/// `cache_folder` as in memory/sustained_table.h.
[[nodiscard]] Result<catalog::Accelerator> with_memory(const catalog::Catalog& catalog,
                                                       const catalog::Accelerator& accelerator,
                                                       std::string_view specification, const std::string& cache_folder);

/// "OLD->NEW" (or with the arrow U+2192) done to every accelerator of the catalog whose memory is OLD: a memory's name
/// or a specification. NEW is a specification. Or "+pim": every accelerator of known stacks whose memory names one with
/// units gets that. It is an error if there is none.
[[nodiscard]] Status swap_memory(catalog::Catalog& catalog, std::string_view swap, const std::string& cache_folder);

/// What the edited memories of the catalog (catalog::Memory::unedited) do to the accelerators that have them.
[[nodiscard]] Status follow_memory_edits(catalog::Catalog& catalog, const std::string& cache_folder);

}  // namespace plumb::accelerator
