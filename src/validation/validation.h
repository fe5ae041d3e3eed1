#pragma once
// Published measurements against the simulation of the same: every row with what Plumb says of it, or why it says
// nothing.
//
//   e = ln(simulated / measured)
//
// A cell is device x model x kind, kind being scenario class x metric family. Rows whose words leave something open
// that was assumed (lengths of a data set, parallelism, precision) have cells of their own. Rows of trust C have none.

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/catalog.h"
#include "validation/measured_row.h"
#include "validation/metric.h"
#include "validation/model_name.h"
#include "validation/run_plan.h"

namespace plumb::validation {

/// What became of one row of the input.
struct RowResult {
  std::size_t run = 0;  ///< index of Validation::runs
  std::optional<Metric> metric;
  std::optional<double> simulated, error;
  std::optional<double> low, high;  ///< a band that holds 80 % of such rows (bands.h)
  std::string skipped;              ///< why it has no simulated value, or why it has one that is not scored; or empty
  bool scored() const { return skipped.empty() && error.has_value(); }
};

struct RunResult {
  Run run;
  std::optional<RunPlan> plan;
  std::string reason;  ///< why it was not simulated; empty: it was
  bool assumed() const { return plan && !plan->assumptions.empty(); }
  bool simulated() const { return reason.empty(); }
};

struct Validation {
  std::vector<MeasuredRow> rows;
  std::vector<RowResult> results;  ///< of the rows, in their order
  std::vector<RunResult> runs;     ///< by run_id
};

struct ValidationOptions {
  int jobs = 0;  ///< threads; 0 is all processors; the outcome does not depend on it
};

/// Thread rule: reads the catalog and the shelf only.
Validation validate(std::vector<MeasuredRow> rows, const catalog::Catalog& catalog, const ModelShelf& shelf,
                    const ValidationOptions& options = {});

}  // namespace plumb::validation
