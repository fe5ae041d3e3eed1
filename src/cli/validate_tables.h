#pragma once
// The tables of `plumb validate`, for the terminal and the page.

#include <string>

#include "cli/validate_output.h"
#include "report/table.h"

namespace plumb::cli {

/// How much was read, simulated and scored, in a sentence or two.
std::string scope_words(const ValidationResult& result);
std::string rank_words(const ValidationResult& result);      ///< empty where there is nothing to say
std::string coverage_words(const ValidationResult& result);  ///< the same
std::string knee_words(const ValidationResult& result);      ///< the same
report::Table summary_table(const validation::Accuracy& accuracy);
report::Table group_table(const validation::Accuracy& accuracy, validation::Grouping grouping);
report::Table skipped_table(const validation::Accuracy& accuracy);
report::Table worst_table(const validation::Validation& validation);
/// The median of e by sequences at once (rows) and length (columns), of rows that assume nothing.
report::Table bias_table(const validation::Validation& validation);

}  // namespace plumb::cli
