#pragma once
// The table [experts] of a deployment: how tokens spread over routed experts, and how experts lie on ranks.

#include <memory>
#include <string>

#include "base/reader.h"
#include "base/result.h"
#include "model/model.h"

namespace plumb::serving {

/// A file of loads is relative to `folder`. An error of the table itself stays in its reader.
[[nodiscard]] Result<std::shared_ptr<const model::ExpertRouting>> read_expert_routing(Reader& table,
                                                                                      const std::string& folder);

/// Loads of experts 0, 1, ... from a file of comma-separated values with a header: `expert` and `load`, a line for each
/// expert in any order. A load is a share or a count of tokens; only their proportions matter.
[[nodiscard]] Result<std::vector<double>> read_expert_loads(const std::string& path);

}  // namespace plumb::serving
