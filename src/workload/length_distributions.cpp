#include "workload/length_distributions.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>

#include <fmt/format.h>

#include "workload/named_file.h"
#include "workload/number_columns.h"

namespace plumb::workload {
namespace {

constexpr Range tokens_range{1.0, static_cast<double>(tokens_max)};
constexpr Range percent_range{0.0, 100.0};
// Wide enough for any length that was ever measured, and narrow enough for the formulas below to stay finite.
constexpr Range cv_range{1e-3, 1e3};
constexpr Range shape_range{0.05, 1e3};

/// Makes a distribution out of a way to draw and a description.
template <class Draw>
LengthDistributionPtr distribution(Draw draw, std::string description) {
  struct Drawn : LengthDistribution {
    Drawn(Draw d, std::string t) : draw_(std::move(d)), text_(std::move(t)) {}
    double draw(Stream& stream) const override { return draw_(stream); }
    std::string description() const override { return text_; }
    Draw draw_;
    std::string text_;
  };
  return std::make_shared<const Drawn>(std::move(draw), std::move(description));
}

LengthDistributionPtr read_fixed(Reader& table) {
  const std::int64_t tokens = table.integer("tokens", tokens_range);
  return distribution([tokens](Stream&) { return static_cast<double>(tokens); }, fmt::format("fixed {}", tokens));
}

/// Each whole number from low to high with the same probability.
LengthDistributionPtr read_uniform(Reader& table) {
  const std::int64_t low = table.integer("low", tokens_range);
  const std::int64_t high = table.integer("high", tokens_range);
  if (low > high)
    table.reject("high", fmt::format("\"high\" is {}, under the low of {}", high, low), "high of at least low");
  if (!table.ok()) return nullptr;
  const auto count = static_cast<std::uint64_t>(high - low + 1);
  return distribution(
      [=](Stream& stream) { return static_cast<double>(low) + static_cast<double>(stream.below(count)); },
      fmt::format("uniform {} to {}", low, high));
}

LengthDistributionPtr read_exponential(Reader& table) {
  const double mean = table.number("mean", tokens_range);
  return distribution([mean](Stream& stream) { return stream.exponential(mean); },
                      fmt::format("exponential mean {}", mean));
}

LengthDistributionPtr lognormal(double mu, double sigma, std::string description) {
  return distribution([=](Stream& stream) { return stream.lognormal(mu, sigma); }, std::move(description));
}

/// With X = exp(N(mu, sigma)): median exp(mu), mean exp(mu + sigma^2 / 2), (deviation / mean)^2 = exp(sigma^2) - 1, and
/// the 90th percentile exp(mu + z sigma), z being that of the standard normal.
LengthDistributionPtr read_lognormal(Reader& table) {
  constexpr double z90 = 1.2815515655446004;
  const std::optional<double> mean = table.number_if("mean", tokens_range), p50 = table.number_if("p50", tokens_range);
  const std::optional<double> cv = table.number_if("cv", cv_range), p90 = table.number_if("p90", tokens_range);
  if (mean && p50 && !cv && !p90) {
    if (*mean >= *p50) {
      return lognormal(std::log(*p50), std::sqrt(2.0 * std::log(*mean / *p50)),
                       fmt::format("lognormal mean {} p50 {}", *mean, *p50));
    }
    table.reject("mean", fmt::format("\"mean\" is {}, under the p50 of {}", *mean, *p50),
                 "a mean of at least the p50, as every lognormal has");
  } else if (mean && cv && !p50 && !p90) {
    const double variance = std::log1p(*cv * *cv);
    return lognormal(std::log(*mean) - variance / 2.0, std::sqrt(variance),
                     fmt::format("lognormal mean {} cv {}", *mean, *cv));
  } else if (p50 && p90 && !mean && !cv) {
    if (*p90 >= *p50) {
      return lognormal(std::log(*p50), std::log(*p90 / *p50) / z90, fmt::format("lognormal p50 {} p90 {}", *p50, *p90));
    }
    table.reject("p90", fmt::format("\"p90\" is {}, under the p50 of {}", *p90, *p50), "a p90 of at least the p50");
  } else {
    table.reject("distribution", "a lognormal needs two figures", "mean and p50, mean and cv, or p50 and p90");
  }
  return nullptr;
}

/// Shape k and scale s: mean k s, cv 1 / sqrt(k).
LengthDistributionPtr read_gamma(Reader& table) {
  const double mean = table.number("mean", tokens_range), cv = table.number("cv", cv_range);
  const double shape = 1.0 / (cv * cv), scale = mean * cv * cv;
  return distribution([=](Stream& stream) { return stream.gamma(shape, scale); },
                      fmt::format("gamma mean {} cv {}", mean, cv));
}

/// Shape k and scale s: mean s Gamma(1 + 1 / k).
LengthDistributionPtr read_weibull(Reader& table) {
  const double mean = table.number("mean", tokens_range), shape = table.number("shape", shape_range);
  const double scale = mean / std::tgamma(1.0 + 1.0 / shape);
  return distribution([=](Stream& stream) { return stream.weibull(shape, scale); },
                      fmt::format("weibull mean {} shape {}", mean, shape));
}

LengthDistributionPtr read_zipf(Reader& table) {
  const std::int64_t max = table.integer("max", tokens_range);
  const double exponent = table.number("exponent", {0.0, 20.0});
  if (!table.ok()) return nullptr;
  return distribution([zipf = Zipf(static_cast<std::uint64_t>(max), exponent)](
                          Stream& stream) { return static_cast<double>(zipf.sample(stream)); },
                      fmt::format("zipf max {} exponent {}", max, exponent));
}

/// Whole numbers from 1 with a constant probability 1 / mean of ending at each: P(X > n) = (1 - 1 / mean)^n.
LengthDistributionPtr read_geometric(Reader& table) {
  const double mean = table.number("mean", tokens_range);
  const double log_continue = std::log1p(-1.0 / mean);  // minus infinity where the mean is 1, and X then 1
  return distribution([=](Stream& stream) { return 1.0 + std::floor(std::log(stream.uniform_open()) / log_continue); },
                      fmt::format("geometric mean {}", mean));
}

LengthDistributionPtr quantiles(std::vector<double> percent, std::vector<double> tokens, std::string description) {
  for (double& p : percent) p /= 100.0;
  return distribution([empirical = Empirical(std::move(tokens), std::move(percent))](
                          Stream& stream) { return empirical.sample(stream); },
                      std::move(description));
}

LengthDistributionPtr read_quantiles(Reader& table) {
  table.allow("file");
  std::vector<double> percent = table.numbers("percent", percent_range);
  std::vector<double> tokens = table.numbers("tokens", tokens_range);
  if (percent.size() < 2 || percent.front() != 0.0 || percent.back() != 100.0 ||
      std::adjacent_find(percent.begin(), percent.end(), std::greater_equal<>()) != percent.end()) {
    table.reject("percent", "\"percent\" does not rise from 0 to 100", "percentages such as [0, 50, 90, 100]");
  }
  if (tokens.size() != percent.size()) {
    table.reject("tokens", fmt::format("\"tokens\" has {} values", tokens.size()),
                 fmt::format("{}, one for each percentage", percent.size()));
  }
  if (!std::is_sorted(tokens.begin(), tokens.end())) {
    table.reject("tokens", "\"tokens\" decreases", "values that rise with their percentages");
  }
  if (!table.ok()) return nullptr;
  std::string description = "quantiles";
  for (std::size_t i = 0; i < percent.size(); ++i) description += fmt::format(" p{} {}", percent[i], tokens[i]);
  return quantiles(std::move(percent), std::move(tokens), std::move(description));
}

/// The same two lists as the columns `percent` and `tokens` of a CSV file.
Result<LengthDistributionPtr> read_quantile_file(Reader& table, const std::string& folder) {
  for (const std::string_view other : {"percent", "tokens"}) {
    if (!table.has(other)) continue;
    table.reject(other, fmt::format("\"{}\" stands beside \"file\"", other), "either a file, or percent and tokens");
  }
  const std::string name = table.text("file");
  PLUMB_TRY(table.first_error());
  const auto columns =
      NumberColumns::read(path_in(folder, name), {{"percent", percent_range}, {"tokens", tokens_range}});
  if (!columns) return fail(at_key(columns.error(), table, "file"));
  const std::vector<double>&percent = columns->values(0), &tokens = columns->values(1);
  for (std::size_t row = 0; row < columns->rows(); ++row) {
    const bool rises = row == 0 ? percent[row] == 0.0 : percent[row] > percent[row - 1];
    const bool ends = row + 1 < columns->rows() || (row > 0 && percent[row] == 100.0);
    if (!rises || !ends) {
      return fail(
          columns->error(row, fmt::format("percent is {}", percent[row]), "percentages that rise from 0 to 100"));
    }
    if (row > 0 && tokens[row] < tokens[row - 1]) {
      return fail(columns->error(row, fmt::format("tokens is {}, under the {} above it", tokens[row], tokens[row - 1]),
                                 "values that rise with their percentages"));
    }
  }
  std::string description = fmt::format("quantiles of {}", name);
  return quantiles(percent, tokens, std::move(description));
}

struct Registration {
  std::string_view name;
  LengthDistributionPtr (*read)(Reader& table);
};
constexpr Registration registrations[] = {
    {"fixed", read_fixed},         {"uniform", read_uniform},     {"exponential", read_exponential},
    {"lognormal", read_lognormal}, {"gamma", read_gamma},         {"weibull", read_weibull},
    {"zipf", read_zipf},           {"geometric", read_geometric}, {"quantiles", read_quantiles},
};

/// Null where something is wrong, which the reader then knows.
Result<LengthDistributionPtr> read_distribution(Reader& table, const std::string& folder) {
  const std::string name = table.text("distribution");
  if (!table.ok()) return nullptr;
  if (name == "quantiles" && table.has("file")) return read_quantile_file(table, folder);
  std::vector<std::string_view> names;
  for (const Registration& registration : registrations) {
    if (registration.name == name) return registration.read(table);
    names.push_back(registration.name);
  }
  table.reject("distribution", fmt::format("\"distribution\" is \"{}\"", name),
               fmt::format("one of {}", fmt::join(names, ", ")));
  return nullptr;
}

}  // namespace

Result<Length> read_length(Reader table, const std::string& folder) {
  Length length;
  PLUMB_ASSIGN(length.distribution, read_distribution(table, folder));
  length.min = table.integer_if("min", tokens_range).value_or(length.min);
  length.max = table.integer_if("max", tokens_range).value_or(length.max);
  if (length.min > length.max) {
    table.reject("max", fmt::format("\"max\" is {}, under the min of {}", length.max, length.min),
                 "a max of at least the min");
  }
  PLUMB_TRY(table.first_error());
  return length;
}

Length fixed_length(std::int64_t value) {
  const auto number = static_cast<double>(value);
  return {distribution([number](Stream&) { return number; }, fmt::format("fixed {}", value)), value, value};
}

}  // namespace plumb::workload
