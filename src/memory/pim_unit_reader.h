#pragma once
// Reads [dram.pim].

#include <map>
#include <string>

#include "base/reader.h"
#include "base/result.h"
#include "memory/pim_unit.h"
#include "memory/specification.h"

namespace plumb::memory {

/// Replaces what the table gives; `sources` are the file's.
void read_pim_unit(Reader& table, const std::map<std::string, std::string, std::less<>>& sources, PimUnit& unit);

/// That the commands which the unit's kernels need are there, and that its sizes fit the organisation.
[[nodiscard]] Status check_pim(const Specification& of, const Place& place);

}  // namespace plumb::memory
