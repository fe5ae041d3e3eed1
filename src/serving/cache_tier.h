#pragma once
// A tier of the cache of a replica below its accelerators' memory: what it holds of prompts, and the two links that it
// is written and read by. What is being written can be read when its transfer has ended, which is known when it begins,
// so a tier has no events: everything is asked with the time.
//
// It holds entries by content key, each from the piece's begin to where it was written. Room is made by evicting the
// entries whole that were used longest ago. If the first of them is being written or read, there is no room.
//
// Sums that hold after every call: bytes written = held + evicted + cut; held <= capacity.

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <unordered_map>
#include <vector>

#include "serving/cache_tier_plan.h"
#include "serving/transfer_link.h"

namespace plumb::serving {

/// Tokens of a prompt under a content key, in whole blocks.
struct TierPiece {
  std::uint64_t key = 0;
  std::int64_t begin = 0, end = 0;
};

struct CacheTierCounts {
  TransferLink::Counts reads, writes;
  std::int64_t tokens_loaded = 0;
  std::int64_t bytes_held = 0, bytes_held_peak = 0;
  std::int64_t bytes_evicted = 0;  ///< handed on or lost
  std::int64_t bytes_cut = 0;      ///< of sessions that went on otherwise
  void add(const CacheTierCounts& other);
};

/// A transfer over one of the links of a tier. When it ends is known when it is asked for.
struct TierTransfer {
  std::size_t tier = 0;  ///< in the order of the deployment
  bool read = false;     ///< else written
  TransferLink::Transfer transfer;
};

class TransferObserver {
 public:
  virtual ~TransferObserver() = default;
  /// Told when it is asked for; those of a link in order.
  virtual void transferred(const TierTransfer& transfer) = 0;
};

class CacheTier {
 public:
  /// `observer` is told of transfers as those of tier `number`; null: nobody.
  CacheTier(const CacheTierPlan& plan, std::int64_t block_size, std::size_t number = 0,
            TransferObserver* observer = nullptr);

  /// Whether it can hold a block at all.
  bool holds_any() const { return capacity_ >= block_bytes_; }
  std::int64_t load_threshold() const { return load_threshold_; }
  /// Up to which token the content that begins at `begin` can be read; `begin` if nothing can.
  std::int64_t readable(std::uint64_t key, std::int64_t begin, Time now) const;
  /// Whether a read would have to do without.
  bool reads_full(Time now) const { return reads_.full(now); }
  /// Reads what readable() said, as one transfer. Returns when it is there.
  Time read(std::span<const TierPiece> parts, Time now);
  /// Writes what it lacks of the pieces of a prompt, from the first on, as one transfer; less where there is no room,
  /// nothing where the queue is full. What has to go for it is added to `evicted`.
  void write(std::span<const TierPiece> pieces, Time now, std::vector<TierPiece>& evicted);
  /// Marks as used just now.
  void use(std::uint64_t key);
  /// Forgets what is beyond token `end`.
  void cut(std::uint64_t key, std::int64_t end);

  CacheTierCounts counts() const;

 private:
  struct Part {
    std::int64_t end = 0;
    Time written;
  };
  struct Entry {
    std::uint64_t key = 0;
    std::int64_t begin = 0, end = 0;
    std::int64_t written = 0;  ///< up to here without doubt
    std::vector<Part> parts;   ///< after that, the last of which may be under way
    Time read;                 ///< until then

    bool busy(Time now) const { return read > now || (!parts.empty() && parts.back().written > now); }
  };
  using Entries = std::list<Entry>;

  std::int64_t bytes_of(std::int64_t tokens) const { return tokens / block_size_ * block_bytes_; }
  bool grow(const TierPiece& piece, Time now, std::vector<TierPiece>& evicted);
  bool make_room(std::int64_t bytes, const Entry* keep, Time now, std::vector<TierPiece>& evicted);
  void erase(Entries::iterator entry);
  Time transfer(bool read, std::int64_t bytes, Time now);

  std::int64_t block_size_, block_bytes_, capacity_, load_threshold_;
  TransferLink reads_, writes_;
  std::size_t number_;
  TransferObserver* observer_;
  Entries entries_;  ///< the one used longest ago first
  std::unordered_map<std::uint64_t, Entries::iterator> by_key_;
  std::vector<Entry*> growing_;  ///< by the transfer that is being put together
  CacheTierCounts counts_;
};

}  // namespace plumb::serving
