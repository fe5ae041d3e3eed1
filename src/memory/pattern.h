#pragma once
// Streams of addresses by which memories are compared. With tx the bytes of an access, cap those of the system, and x
// the next value of splitmix64 from the seed, the i-th access (from 0) is of the address
//
//   seq     i tx
//   rand    (x mod cap/tx) tx
//   gather  blocks of 4 KiB at (x mod cap/4096) 4096, each read from front to back in steps of tx
//   mixs    i tx; i = 2, 5, 8, ... are writes
//   mix     (i mod 3) cap/4 + floor(i/3) tx: three arrays, the third of which is written
//
// all of them modulo cap, and reads where nothing else is said. cap/4 is rounded down to a whole number of tx. Patterns
// do not end. A pattern is one file, a line in pattern_families.h and one in the table of pattern.cpp.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "memory/access_source.h"

namespace plumb::memory {

/// What a pattern has to know of the system, and its seed.
struct PatternSpace {
  std::uint64_t capacity = 0;      ///< bytes of the system: a whole number of accesses
  std::uint64_t access_bytes = 0;  ///< of one access, a burst
  std::uint64_t seed = 1;
};

/// The pattern of that name, or null.
std::unique_ptr<AccessSource> make_pattern(std::string_view name, const PatternSpace& space);

struct PatternName {
  std::string_view name;   ///< "seq"
  std::string_view title;  ///< "sequential reads"
};
std::vector<PatternName> pattern_names();

}  // namespace plumb::memory
