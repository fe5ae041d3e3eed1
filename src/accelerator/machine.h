#pragma once
// An accelerator's figures, resolved from the catalog into what the roofline needs. A figure that is not known is not
// guessed: resolving says which ones are missing and how a user can state them.

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "accelerator/memory_share.h"
#include "base/evidence.h"
#include "base/number_format.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "catalog/kernel_fit.h"
#include "catalog/kernel_grid.h"

namespace plumb::accelerator {

/// A network between scale-up domains, for pipeline stages that do not fit in one.
struct Network {
  double bandwidth_bytes_per_s = 50e9;  ///< per accelerator and direction: a 400 Gb/s port for each
  double latency_s = 10e-6;
  double efficiency = 0.9;
};

class PimMemory;

struct Machine {
  std::string name;
  std::array<std::optional<double>, number_format_names.size()> peak_flops_per_s;  ///< by NumberFormat, dense
  double memory_bytes = 0.0;
  double memory_bytes_per_s = 0.0;
  std::string memory_specification;  ///< "hbm3:5200"; a memory's name where nothing else is said
  MemorySustains memory_sustains;
  std::shared_ptr<const PimMemory> pim;  ///< memory that computes, where there is some (pim_memory.h)
  double link_bytes_per_s = 0.0;         ///< per direction; 0 where the accelerator has no known link
  double link_latency_s = 0.0;
  std::optional<double> exchange_latency_s;  ///< of an all-to-all; absent: that of a hop
  double link_efficiency = 1.0;
  bool link_ring_only = false;
  int domain_ranks = 1;
  double power_w = 0.0;
  Network network;
  catalog::EfficiencyClass efficiency;
  catalog::KernelFits kernels;  ///< the class's, overridden by the accelerator's own
  /// What measurements of this accelerator say beyond its own fits; null: none.
  std::shared_ptr<const catalog::KernelGrids> grids;
  Evidence evidence = Evidence::datasheet;  ///< the worst among the figures above

  /// u of memory_share.h: the share of peak bandwidth for such a demand.
  double bandwidth_share(const memory::Demand& demand) const {
    return memory_sustains.used_share(efficiency.bandwidth.value, demand);
  }

  /// The format that a product asked for in `wanted` runs in, and its peak: `wanted` itself, else the next wider format
  /// that this accelerator multiplies in (narrow weights are expanded on the way).
  struct Rate {
    NumberFormat format;
    double flops_per_s;
  };
  std::optional<Rate> rate(NumberFormat wanted) const;

  /// The fit of a family for what multiplies in `format`, weights of `weight_bits` each with their scales; null: none.
  const catalog::KernelFit* fit(std::string_view family, NumberFormat format, double weight_bits) const;
  /// The grid that belongs to that fit, or null.
  const catalog::KernelGrid* grid(const catalog::KernelFit& fit) const;
};

/// The machine of that name. Fault::unmet names the missing figures; the caller knows the file that asked. Fault::input
/// is of a memory whose description contradicts itself. What its memory sustains is measured when it is asked for and
/// kept in the catalog's cache folder, where the program does not carry it.
[[nodiscard]] Result<Machine> resolve(const catalog::Catalog& catalog, const catalog::Accelerator& accelerator);

}  // namespace plumb::accelerator
