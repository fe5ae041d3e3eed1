#pragma once
// What the cache tiers of a deployment did in a simulation, as JSON and as lines of the table.

#include <string>
#include <utility>
#include <vector>

#include "cli/subject.h"
#include "report/json_writer.h"
#include "serving/engine.h"

namespace plumb::cli {

/// Members of the object that is open; none where the deployment has no tiers.
void write_cache_tiers(report::JsonWriter& json, const Subject& subject, const serving::EngineCounters& counters);

/// Labels and values; none where the deployment has no tiers.
std::vector<std::pair<std::string, std::string>> cache_tier_lines(const Subject& subject,
                                                                  const serving::EngineCounters& counters);

}  // namespace plumb::cli
