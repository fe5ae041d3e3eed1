#pragma once
// Where the accesses of a run of a memory come from: a pattern, or a trace.

#include <memory>
#include <string>

#include "base/result.h"
#include "memory/access_source.h"
#include "memory/address_mapping.h"
#include "memory/specification.h"

namespace plumb::cli {

/// How many accesses a run has where nobody says and the pattern has no end.
inline constexpr std::int64_t requests_default = 1'000'000;

/// A source, and what it needs while it is read.
struct MemoryAccesses {
  std::unique_ptr<memory::AccessSource> source;
  bool endless = true;
  memory::AddressMapping mapping;
};

/// `name` is that of a pattern or the path of a trace. `accesses` must stay where it is while they are read.
[[nodiscard]] Status open_accesses(const std::string& name, const memory::Specification& of, std::uint64_t seed,
                                   MemoryAccesses& accesses);

}  // namespace plumb::cli
