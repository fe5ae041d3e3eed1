#pragma once
// What `plumb validate` prints and writes.

#include <map>
#include <string>

#include "report/table.h"
#include "validation/accuracy.h"
#include "validation/knee.h"
#include "validation/validation.h"

namespace plumb::cli {

struct ValidationResult {
  std::string file;  ///< as the user named it, or what the program carries
  validation::Validation validation;
  validation::Accuracy accuracy;
  validation::KneeFigures knees;    ///< of runs whose limits are told
  std::map<bool, double> coverage;  ///< of the bands, by whether something was assumed
};

std::string validation_text(const ValidationResult& result, const report::Style& style);
/// docs/validate.schema.json
std::string validation_json(const ValidationResult& result);
/// run_id,metric,measured,simulated,error,low,high,skipped: a row for each that was read, in the order of the file.
std::string validation_rows(const ValidationResult& result);
std::string validation_report(const ValidationResult& result, const std::string& command_line);

}  // namespace plumb::cli
