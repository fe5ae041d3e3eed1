#pragma once
// The same operators by ordinary reads and writes: a host that is bound by the memory alone. It knows all addresses
// from the beginning, computes in no time and keeps what it has read, so that a batch costs one reading of the matrix.
// It goes through the channels' controllers (simulation.h) with the specification's mapping and policies: operands lie
// one behind the other and are read and written in turns of eight rows of every bank, which its cache holds, so that
// the bus turns seldom.

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "memory/simulation.h"

namespace plumb::memory {

/// Bytes of each operand in the order in which a kernel takes them; the last ones are written.
struct HostTraffic {
  std::vector<std::int64_t> read, written;
  std::int64_t bytes() const;
};

HostTraffic host_gemv(std::int64_t outputs, std::int64_t inputs, int batch);
HostTraffic host_elementwise(std::int64_t elements, int operands_read);

/// What one of `stacks` equal memories takes for its share.
[[nodiscard]] Result<MemoryReport> run_host(const Specification& of, const HostTraffic& traffic, int stacks,
                                            const SimulationOptions& options = {});

}  // namespace plumb::memory
