#pragma once
// Where the accesses of a simulated system come from: a pattern (pattern.h) or a trace (access_trace.h).
// Thread rule: one thread at a time.

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "memory/access.h"

namespace plumb::memory {

/// A read or write of the system: of the access that holds the address.
struct AddressedAccess {
  std::uint64_t address = 0;      ///< in bytes, below the capacity of the system
  Tick arrival = always_waiting;  ///< not before that of the access before it
  bool write = false;
};

class AccessSource {
 public:
  virtual ~AccessSource() = default;
  /// Fills the front of `into`, which is not empty; returns how many, fewer only at the end, where it is 0 from then
  /// on.
  [[nodiscard]] virtual Result<std::size_t> next(std::span<AddressedAccess> into) = 0;
};

}  // namespace plumb::memory
