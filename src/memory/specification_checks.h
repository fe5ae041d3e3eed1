#pragma once
// What must fit together in a specification before anything is simulated with it.

#include "base/result.h"
#include "memory/specification.h"

namespace plumb::memory {

/// Refuses what could not be simulated: a command that is missing, an address mapping that is not one to one, settings
/// without a queue. `place` is that of the [dram] table.
[[nodiscard]] Status check_possible(const Specification& of, const Place& place);

/// What contradicts itself though it could be simulated (tRAS longer than tRC), with its place.
std::vector<Error> find_inconsistencies(const Specification& of);

/// Whether anything depends on that timing: a constraint, a latency, the refresh.
bool uses_timing(const Specification& of, std::string_view name);

}  // namespace plumb::memory
