#pragma once
// What a deployment says of a tier of its cache below the accelerators' memory, and what follows from it.

#include <cstdint>
#include <optional>
#include <string>

#include "catalog/accelerator.h"
#include "model/model.h"

namespace plumb::serving {

/// As stated. All figures are a replica's: bytes are summed over its ranks, and so is bandwidth.
struct CacheTierSettings {
  std::string name;
  catalog::Tier kind;  ///< where figures come from that are not stated
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
  std::string kind;  ///< a name of the catalog
  std::int64_t capacity_bytes = 0;
  double read_bytes_per_s = 0.0, write_bytes_per_s = 0.0, latency_s = 0.0;
  std::int64_t queue_depth = 1, load_threshold = 1;
  /// Bytes of a cache block of every layer, on all ranks that hold a share of it.
  std::int64_t block_bytes = 0;
  bool assumed = false;  ///< whether one of the figures is the kind's, and assumed there
};

/// `block_bytes` as in the plan. What is not stated is that of the kind, for each accelerator of the replica.
CacheTierPlan resolve(const CacheTierSettings& settings, const model::Parallelism& parallelism,
                      std::int64_t block_bytes);

}  // namespace plumb::serving
