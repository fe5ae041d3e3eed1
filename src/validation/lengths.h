#pragma once
// Prompt and output lengths of a result: "1024", "~547 (first turn; multi-turn history adds)", "mean 246 (target 248)",
// "OpenOrca<=1024", "697 (mean; limit 2048)", "ShareGPT (mean 213)".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace plumb::validation {

/// A distribution of whole tokens. Fixed: low = high = mean. Uniform in [low, high]. Lognormal with that mean and
/// coefficient of variation, clamped to [1, high]; the mean is that of the draws before they are clamped.
struct LengthWords {
  enum class Shape { fixed, uniform, lognormal };
  Shape shape = Shape::fixed;
  double mean = 0.0, low = 0.0, high = 0.0;
  double variation = 0.0;
  bool assumed = false;  ///< the shape, or even the mean, is not what the row says
  std::int64_t sample(Stream& stream) const;
  bool operator==(const LengthWords&) const = default;
};

LengthWords fixed_tokens(double tokens);

/// Prompts of a row; nothing where they are not told. `notes` may say that each is uniform in a share of the length.
/// `context_max` clamps data sets that state no cap.
std::optional<LengthWords> prompt_lengths(std::string_view words, std::string_view notes, double context_max);
/// Outputs of a row whose prompts are `prompts`, which may name the data set that the outputs are of.
std::optional<LengthWords> output_lengths(std::string_view words, std::string_view prompts, std::string_view notes,
                                          double context_max);

/// What is known of a public data set's lengths, in tokens.
struct DataSet {
  std::string_view name;
  double prompt_mean, prompt_variation, output_mean, output_variation;
  std::string_view source;
};
const DataSet* find_data_set(std::string_view words);

}  // namespace plumb::validation
