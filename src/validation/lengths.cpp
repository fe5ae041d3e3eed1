#include "validation/lengths.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "validation/words.h"

namespace plumb::validation {
namespace {

/// No request is longer.
constexpr double tokens_most = 1e8;

/// Spread of the lengths of people's prompts and of answers, where only the mean is told: between that of ShareGPT's
/// (about 1.3 and 0.9) and that of summaries and of synthetic sets (0.3).
constexpr double prompt_variation = 1.0, output_variation = 0.8;

// Longer names first: a name may hold another. Means of MLPerf's sets: the figures that MLCommons gives of them
// (mlcommons.org/2025/04/llm-inference-v5, mlcommons.org/2025/09/small-llm-inference-5-1) where there are any; the rest
// are estimates, which is why rows of these sets have cells of their own.
constexpr std::array data_sets{
    DataSet{"OpenOrca+GSM8K+MBXP", 260.0, 0.9, 145.9, 0.9, "estimate: OpenOrca and two sets of shorter prompts"},
    DataSet{"LongBench/RULER/GovReport", 9400.0, 0.6, 680.0, 0.4, "mlcommons.org/2025/04/llm-inference-v5"},
    DataSet{
        "CNN-DailyMail", 870.0, 0.5, 70.0, 0.3,
        "mlcommons.org/2025/09/small-llm-inference-5-1: 778 in the tokens of Llama 3, 870 in between it and GPT-J's"},
    DataSet{"OpenOrca", 290.0, 0.9, 294.45, 0.7, "estimate; the mean output is MLPerf's"},
    DataSet{"MLPerf reasoning set", 800.0, 1.0, 3880.0, 0.9,
            "mlcommons.org/2025/09: the mean output; the mean prompt is an estimate"},
    DataSet{"MLPerf gpt-oss perf set", 1000.0, 1.0, 1278.2, 0.9, "estimate"},
    DataSet{"ShareGPT", 220.0, 1.3, 200.0, 0.9, "the means that rows of this set state lie between 213 and 215"},
};

std::optional<double> cap_in(std::string_view words) {
  for (const char* mark : {"<=", "limit", "max_new_tokens", "max"}) {
    const auto cap = number_after(words, mark);
    if (cap && *cap >= 1.0) return std::min(*cap, tokens_most);
  }
  return std::nullopt;
}

bool is_plain_number(std::string_view words) {
  return !words.empty() && words.find_first_not_of("0123456789") == std::string_view::npos;
}

LengthWords around(double mean, double variation, std::optional<double> cap, double context_max) {
  const double high = cap.value_or(context_max);
  // What ends at its cap does so almost always.
  if (cap && mean >= 0.97 * *cap) return fixed_tokens(std::round(mean));
  LengthWords lengths{LengthWords::Shape::lognormal, mean, 1.0, std::max(high, mean), variation, true};
  return lengths;
}

/// What both columns have in common; `own_variation` is of people's texts.
std::optional<LengthWords> lengths_in(std::string_view words, std::string_view notes, double own_variation,
                                      double context_max) {
  if (is_plain_number(words)) {
    const double tokens = first_number(words).value_or(0.0);
    if (tokens < 1.0 || tokens > tokens_most) return std::nullopt;
    // "each length uniform in [0.8L,L]"
    if (const auto share = number_after(notes, "uniform in ["); share && *share > 0.0 && *share < 1.0) {
      const double low = std::max(1.0, std::floor(*share * tokens));
      return LengthWords{LengthWords::Shape::uniform, 0.5 * (low + tokens), low, tokens, 0.0, false};
    }
    return fixed_tokens(tokens);
  }
  std::optional<double> mean = number_after(words, "mean");
  const bool has_mean = mean || says_word(words, "mean") || words.starts_with('~') || says(words, "first turn");
  const DataSet* set = find_data_set(words);
  if (!mean && (has_mean || set == nullptr)) {
    const std::size_t first = words.find_first_not_of(" ~");
    if (first != std::string_view::npos && words[first] >= '0' && words[first] <= '9') mean = first_number(words);
  }
  if (!mean || *mean < 1.0 || *mean > tokens_most) return std::nullopt;
  // Texts of a generator with a target vary little.
  const bool made = says_word(words, "target") || says(words, "first-turn") || says(words, "first turn");
  if (made) {
    LengthWords lengths = fixed_tokens(std::round(*mean));
    lengths.assumed = true;
    return lengths;
  }
  return around(*mean, set != nullptr ? set->prompt_variation : own_variation, cap_in(words), context_max);
}

}  // namespace

std::int64_t LengthWords::sample(Stream& stream) const {
  double drawn = mean;
  if (shape == Shape::uniform) {
    return static_cast<std::int64_t>(low) +
           static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(high - low) + 1));
  }
  if (shape == Shape::lognormal) {
    // mean = exp(mu + sigma^2 / 2) and variation^2 = exp(sigma^2) - 1.
    const double variance = std::log1p(variation * variation);
    drawn = stream.lognormal(std::log(mean) - 0.5 * variance, std::sqrt(variance));
  }
  return std::llround(std::clamp(drawn, 1.0, std::max(high, 1.0)));
}

LengthWords fixed_tokens(double tokens) { return {LengthWords::Shape::fixed, tokens, tokens, tokens, 0.0, false}; }

const DataSet* find_data_set(std::string_view words) {
  for (const DataSet& set : data_sets) {
    if (says(words, set.name)) return &set;
  }
  return nullptr;
}

std::optional<LengthWords> prompt_lengths(std::string_view words, std::string_view notes, double context_max) {
  if (says_word(words, "short")) return fixed_tokens(1.0);  // a decode benchmark without a prompt to speak of
  if (auto lengths = lengths_in(words, notes, prompt_variation, context_max)) return lengths;
  const DataSet* set = find_data_set(words);
  if (set == nullptr) return std::nullopt;
  return around(set->prompt_mean, set->prompt_variation, cap_in(words), context_max);
}

std::optional<LengthWords> output_lengths(std::string_view words, std::string_view prompts, std::string_view notes,
                                          double context_max) {
  const DataSet* set = find_data_set(prompts);
  const double variation = set != nullptr ? set->output_variation : output_variation;
  if (auto lengths = lengths_in(words, notes, variation, context_max)) return lengths;
  if (set == nullptr || (!words.empty() && !says(words, "as in"))) return std::nullopt;
  return around(set->output_mean, variation, std::nullopt, context_max);
}

}  // namespace plumb::validation
