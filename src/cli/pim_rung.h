#pragma once
// The rung of a memory that computes: for each operator of an explanation's decode steps what it takes on the host and
// in memory, where it runs, and the batches for which it does; or why it stays with the host.

#include "cli/explanation.h"
#include "report/json_writer.h"
#include "report/table.h"

namespace plumb::cli {

/// Of a subject whose machine has memory that computes.
report::Table pim_table(const Subject& subject, const Explanation& explanation);
/// The member "compute_in_memory".
void write_pim(report::JsonWriter& json, const Subject& subject, const Explanation& explanation);

}  // namespace plumb::cli
