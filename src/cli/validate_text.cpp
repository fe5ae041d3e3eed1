#include "cli/validate_output.h"
#include "cli/validate_tables.h"

namespace plumb::cli {

std::string validation_text(const ValidationResult& result, const report::Style& style) {
  const validation::Accuracy& accuracy = result.accuracy;
  std::string text = report::paragraph_text(scope_words(result), style) + "\n";
  text += report::render_text(summary_table(accuracy), style) + "\n";
  for (const std::string& words : {rank_words(result), coverage_words(result), knee_words(result)}) {
    if (!words.empty()) text += report::paragraph_text(words, style);
  }
  text += "\n";
  for (const validation::Grouping grouping : validation::groupings) {
    if (accuracy.groups.at(grouping).empty()) continue;
    text += report::render_text(group_table(accuracy, grouping), style) + "\n";
  }
  text += report::render_text(skipped_table(accuracy), style);
  return text;
}

}  // namespace plumb::cli
