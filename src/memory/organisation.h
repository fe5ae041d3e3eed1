#pragma once
// How a memory is built: a system of channels that share nothing, each with one command bus (or one for rows and one
// for columns) for all its pseudo-channels; a pseudo-channel has a data bus of its own, and ranks (stack IDs, where
// dies are stacked) of bank groups of banks. Where a standard lacks a level, its count is 1.
//
// Banks of a channel are numbered flat, the bank in its group running fastest:
//   bank = ((pseudo_channel * ranks + rank) * bank_groups + group) * banks_per_group + bank_in_group

#include <cstdint>

namespace plumb::memory {

/// The levels that a constraint or a command may cover, from the widest to the narrowest.
enum class Level : std::uint8_t { channel, pseudo_channel, rank, bank_group, bank };
inline constexpr int level_count = 5;

struct Organisation {
  int channels = 1;         ///< of the simulated system: of a stack, a chip or a module
  int pseudo_channels = 1;  ///< of a channel
  int ranks = 1;            ///< of a pseudo-channel; stack IDs count as ranks
  int bank_groups = 1;      ///< of a rank
  int banks_per_group = 1;
  std::int64_t rows = 1;       ///< of a bank
  std::int64_t row_bytes = 0;  ///< what one activation opens, over all devices of a rank
  int access_bytes = 0;        ///< what one read or write moves: the burst over the data bus of a pseudo-channel

  int columns() const { return static_cast<int>(row_bytes / access_bytes); }
  int banks_per_rank() const { return bank_groups * banks_per_group; }
  int banks_per_pseudo_channel() const { return ranks * banks_per_rank(); }
  /// Banks of a channel.
  int banks() const { return pseudo_channels * banks_per_pseudo_channel(); }
  /// Nodes of a channel at a level: 1, pseudo-channels, ranks of all of these, ...
  int nodes(Level level) const;
  /// The node at `level` in which a bank of the channel lies.
  int node_of(Level level, int bank) const;
  std::int64_t channel_bytes() const { return rows * row_bytes * banks(); }
  std::int64_t capacity_bytes() const { return channel_bytes() * channels; }
};

}  // namespace plumb::memory
