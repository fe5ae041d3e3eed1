#include "cli/validate_output.h"
#include "report/csv_writer.h"

namespace plumb::cli {

std::string validation_rows(const ValidationResult& result) {
  report::CsvWriter csv({"run_id", "metric", "measured", "simulated", "error", "low", "high", "skipped"});
  const validation::Validation& all = result.validation;
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    const validation::RowResult& row = all.results[i];
    csv.row(all.rows[i].run_id, all.rows[i].metric, all.rows[i].value, row.simulated, row.error, row.low, row.high,
            row.skipped);
  }
  return csv.take();
}

}  // namespace plumb::cli
