#pragma once
// Traces of memory accesses in the formats of other simulators, plain, .gz or .zst, streamed. One access a line:
//
//   load/store   LD 0x12340 | ST 4096           Ramulator 2: addresses in hexadecimal with 0x, else decimal
//   read/write   R 0,0,1,2,345,6                Ramulator 2: the access's place, from the channel down (below)
//                R 0x12340 | W 4096
//   address R/W  0x12340 R                      Ramulator 1
//   cycles       0x12340 READ 1200              DRAMsim3: address in hexadecimal, READ or WRITE, and the clock at which
//                                               it comes to the memory
//
// A place is channel, pseudo-channel, rank, bank group, bank, row and column, the column in accesses. A level that this
// memory has once may be left out, with the one exception that six numbers leave out the pseudo-channel if there is
// only one, as Ramulator's DDR does, and the rank otherwise, as its HBM does.
//
// Accesses without a clock are always waiting: there when there is room for them. Clocks are those of the
// specification and must not go back. The format is recognised by the first line; blank lines and those that begin with
// # hold nothing. An address that the system does not have is refused: a line is never moved to another place.

#include <memory>
#include <string>

#include "memory/access_source.h"
#include "memory/address_mapping.h"

namespace plumb::memory {

/// What the reader has to know of the system. Both must outlive it.
struct TraceSystem {
  const Specification& specification;
  const AddressMapping& mapping;
};

/// The accesses of a file. Its errors have file, line and column. A trace without any access is one.
[[nodiscard]] Result<std::unique_ptr<AccessSource>> open_access_trace(const std::string& path,
                                                                      const TraceSystem& system);

}  // namespace plumb::memory
