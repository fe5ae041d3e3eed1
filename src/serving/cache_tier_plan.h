#pragma once
// What a deployment says of a tier of its cache below the accelerators' memory, and what follows from it.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/model.h"

namespace plumb::serving {

/// Where figures come from that are not stated.
enum class CacheTierKind { dram, cxl, nvme };
inline constexpr std::array<std::string_view, 3> cache_tier_kind_names{"dram", "cxl", "nvme"};

/// As stated. All figures are a replica's: bytes are summed over its ranks, and so is bandwidth.
struct CacheTierSettings {
  std::string name;
  CacheTierKind kind = CacheTierKind::dram;
  double capacity_bytes = 0.0;
  std::optional<double> read_bytes_per_s;   ///< to the accelerators. Absent: of the kind
  std::optional<double> write_bytes_per_s;  ///< from the accelerators, or the tier above. Absent: of the kind
  std::optional<double> latency_s;          ///< of each transfer. Absent: of the kind
  /// Transfers of one direction that wait or are under way. More lets bursts through and lets requests wait longer for
  /// what they could have computed.
  std::int64_t queue_depth = 256;
  /// Tokens of one request that are worth a transfer: fewer are computed. More spares the link short reads.
  std::int64_t load_threshold = 1;
};

/// Resolved.
struct CacheTierPlan {
  std::string name;
  CacheTierKind kind = CacheTierKind::dram;
  std::int64_t capacity_bytes = 0;
  double read_bytes_per_s = 0.0, write_bytes_per_s = 0.0, latency_s = 0.0;
  std::int64_t queue_depth = 1, load_threshold = 1;
  /// Bytes of a cache block of every layer, on all ranks that hold a share of it.
  std::int64_t block_bytes = 0;
  bool assumed = false;  ///< whether one of the figures is that of the kind
};

/// `block_bytes` as in the plan. What is not stated is for each accelerator of the replica:
///
///   kind   read       write      latency  of what
///   dram   48.6 GB/s  48.6 GB/s   10 us   PCI Express 5 x16, 64 GB/s, at the 0.76 of catalog/links/pcie5-x16.toml
///   cxl    24.3 GB/s  24.3 GB/s   10 us   CXL 2.0 over 8 lanes of PCI Express 5, 32 GB/s, at the same 0.76
///   nvme    7.0 GB/s   5.0 GB/s  100 us   a drive on 4 lanes of PCI Express 4: "tops out at ~7 GB/s" (LMCache's page
///   of
///                                         its GDS backend); writes and latency are rounded figures of data sheets
///
/// All of it counts as assumed: no measurement of a cache's transfers stands behind it.
CacheTierPlan resolve(const CacheTierSettings& settings, const model::Parallelism& parallelism,
                      std::int64_t block_bytes);

}  // namespace plumb::serving
