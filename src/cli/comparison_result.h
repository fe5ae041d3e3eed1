#pragma once
// A comparison with all that is told of it: on the terminal, as JSON, as a page and as a CSV of its requests.

#include <string>
#include <vector>

#include "cli/comparison.h"
#include "cli/subject.h"
#include "report/table.h"

namespace plumb::cli {

struct ComparisonResult {
  Subject subject;
  std::string result_file;  ///< as the user named it
  workload::MeasuredRun run;
  std::string load;  ///< MeasuredLoad::words
  Comparison comparison;
};

// Tables and sentences that terminal and page share.
report::Table figure_table(const Comparison& comparison);
report::Table cause_table(const Attribution& attribution);
report::Table worst_table(const Comparison& comparison);
/// "vllm bench serve, meta-llama/Llama-3.1-8B: 300 requests completed, ..."
std::string run_words(const ComparisonResult& result);
/// The errors over requests, in a sentence; empty without requests.
std::string error_words(const Comparison& comparison);
/// What a cause means here and which setting or figure to look at, for causes that cause_table() has.
std::string cause_words(Cause cause, const ComparisonResult& result);
/// Causes with a hundredth of the error or more, by share.
std::vector<CauseShare> shown_causes(const Attribution& attribution);

std::string comparison_text(const ComparisonResult& result, const report::Style& style);
/// docs/compare.md names every field.
std::string comparison_json(const ComparisonResult& result);
std::string comparison_report(const ComparisonResult& result, const std::string& command_line);
/// One row a request compared, by start.
std::string comparison_csv(const Comparison& comparison);

}  // namespace plumb::cli
