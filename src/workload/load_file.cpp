#include "workload/load_file.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "workload/concurrency.h"
#include "workload/named_file.h"
#include "workload/number_columns.h"

namespace plumb::workload {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr Range rate_range{1e-9, 1e9};
constexpr Range count_range{1.0, 1e12};
constexpr Range burstiness_range{1e-3, 1e6};
constexpr Range load_range{0.0, 1e12};
constexpr double years_30_s = 30 * 365 * 86400.0;
constexpr Range duration_range{1e-3, years_30_s};
constexpr Range period_range{1.0, years_30_s};
/// Less than that of a load in [0, 1e12] is none: the ratios of what is smaller would not be finite.
constexpr double load_least = 1e-9;
constexpr Range concurrency_range{1.0, 1e9};

/// Requests a second, "inf", or nothing where the key is absent.
std::optional<double> read_rate(Reader& table) {
  if (table.kind("rate") != NodeKind::string) return table.number_if("rate", rate_range);
  if (table.text("rate") != "inf") {
    table.reject("rate", "\"rate\" is a text", "a number of requests a second, or \"inf\" for all at the start");
  }
  return infinite;
}

/// Reads rate, count and duration, of which two say the third.
void read_extent(Reader& table, GeneratorOptions& arrivals, bool& has_count) {
  const std::optional<double> rate = read_rate(table);
  const std::optional<std::int64_t> count = table.integer_if("count", count_range);
  const std::optional<Seconds> duration = table.quantity_if<Seconds>("duration", duration_range);
  has_count = count.has_value();
  arrivals.count = count.value_or(arrivals.count);
  arrivals.rate_per_s = rate.value_or(infinite);  // as vllm bench serve, without --request-rate
  if (!duration) return;
  if (rate && count) {
    table.reject("duration", "\"duration\" stands beside \"rate\" and \"count\"", "two of the three");
  } else if (count) {
    arrivals.rate_per_s = static_cast<double>(*count) / duration->value();
  } else if (arrivals.rate_per_s == infinite) {
    table.reject("duration", "\"duration\" stands alone", "a finite rate or a count beside it");
  } else {
    arrivals.count = std::numeric_limits<std::int64_t>::max();
    arrivals.duration_s = duration->value();
  }
}

/// A curve given as a list of weights.
LoadCurve read_weights(Reader& table) {
  std::vector<double> weights = table.numbers("curve", load_range);
  const double period_s =
      table.quantity_if<Seconds>("curve_period", period_range).value_or(Seconds::of(LoadCurve::day_s)).value();
  if (!table.ok()) return {};
  if (weights.empty() || *std::max_element(weights.begin(), weights.end()) < load_least) {
    table.reject("curve", "\"curve\" has no load in it", "relative loads of equal parts of the period");
    return {};
  }
  return LoadCurve(std::move(weights), period_s);
}

Status read_curve_key(Reader& table, const std::string& folder, LoadCurve& curve, std::string& name) {
  if (!table.has("curve")) {
    if (table.has("curve_period")) table.reject("curve_period", "there is no \"curve\"", "a list beside it");
    table.allow("curve");
    table.allow("curve_period");
    return {};
  }
  if (table.kind("curve") != NodeKind::string) {
    curve = read_weights(table);
    return {};
  }
  name = table.text("curve");
  if (table.has("curve_period")) {
    table.reject("curve_period", "\"curve_period\" stands beside a file",
                 "the times of the file, which say the period");
    return {};
  }
  Result<LoadCurve> read = read_curve(path_in(folder, name));
  if (!read) return fail(at_key(std::move(read).error(), table, "curve"));
  curve = std::move(*read);
  return {};
}

/// What both tables say.
Status read_arrivals(Reader& table, const std::string& folder, LoadTable& load) {
  read_extent(table, load.arrivals, load.has_count);
  load.arrivals.burstiness = table.number_if("burstiness", burstiness_range).value_or(1.0);
  load.arrivals.terms = read_request_terms(table);
  load.max_concurrency = table.integer_if("max_concurrency", concurrency_range).value_or(0);
  PLUMB_TRY(read_curve_key(table, folder, load.arrivals.curve, load.curve_name));
  if (table.has("curve") && load.arrivals.rate_per_s == infinite) {
    table.reject("curve", "\"curve\" has no rate to shape", "a finite rate, or a count and a duration");
  }
  return table.first_error();
}

/// A whole number, or a distribution of them.
Status read_number_if(Reader& table, std::string_view key, Range range, const std::string& folder, Length& number) {
  if (!table.has(key)) {
    table.allow(key);
    return {};
  }
  if (table.kind(key) != NodeKind::table) {
    number = fixed_length(table.integer(key, range));
    return {};
  }
  PLUMB_ASSIGN(number, read_length(table.table(key), folder));
  number.max = std::min(number.max, static_cast<std::int64_t>(range.high));
  number.min = std::min(number.min, number.max);
  return {};
}

RequestSourcePtr limited(RequestSourcePtr source, std::int64_t max_concurrency) {
  return max_concurrency > 0 ? limit_concurrency(std::move(source), max_concurrency) : std::move(source);
}

}  // namespace

Result<LoadTable> read_load(Reader table, const std::string& folder) {
  LoadTable load;
  PLUMB_TRY(read_arrivals(table, folder, load));
  return load;
}

Result<SessionsTable> read_sessions(Reader table, const std::string& folder) {
  // A hundred million tokens: enough for any prompt, and sums of a few stay under tokens_max.
  constexpr Range prompt_range{1.0, 1e8}, memory_range{0.0, 1e8}, turns_range{1.0, 1e6}, prompts_range{1.0, 1e9},
      exponent_range{0.0, 20.0};
  LoadTable load;
  PLUMB_TRY(read_arrivals(table, folder, load));
  SessionsTable read;
  read.has_count = load.has_count;
  read.max_concurrency = load.max_concurrency;
  read.curve_name = load.curve_name;
  SessionOptions& sessions = read.sessions;
  sessions.starts = std::move(load.arrivals);
  PLUMB_TRY(read_number_if(table, "turns", turns_range, folder, sessions.turns));
  sessions.think_time = read_time_if(table, "think_time");
  PLUMB_TRY(read_number_if(table, "memory", memory_range, folder, sessions.memory));
  sessions.system_prompt_tokens = table.integer_if("system_prompt_tokens", memory_range).value_or(0);
  sessions.system_prompts = table.integer_if("system_prompts", prompts_range).value_or(1);
  sessions.system_prompt_exponent = table.number_if("system_prompt_exponent", exponent_range).value_or(0.0);
  sessions.max_prompt_tokens = table.integer_if("max_prompt_tokens", prompt_range).value_or(tokens_max);
  sessions.keep_prompt_tokens =
      table.integer_if("keep_prompt_tokens", prompt_range).value_or(sessions.max_prompt_tokens);
  if (sessions.keep_prompt_tokens > sessions.max_prompt_tokens) {
    table.reject("keep_prompt_tokens", "\"keep_prompt_tokens\" is more than \"max_prompt_tokens\"", "at most as many");
  }
  if (!table.has("lengths")) {
    table.reject("lengths", "the lengths of the turns are not known",
                 "a table [sessions.lengths] with prompt (the new tokens of a turn) and output");
  }
  PLUMB_TRY(table.first_error());
  Reader lengths = table.table("lengths");
  PLUMB_ASSIGN(sessions.lengths, read_lengths(lengths, folder));
  return read;
}

Result<LoadCurve> read_curve(const std::string& path) {
  PLUMB_ASSIGN(const NumberColumns columns,
               NumberColumns::read(path, {{"time_s", not_negative}, {"load", load_range}}));
  const std::vector<double>&times_s = columns.values(0), &loads = columns.values(1);
  if (times_s.size() < 2) return fail(columns.error(0, "the curve has one row", "at least two, which say its period"));
  const double step_s = times_s[1] - times_s[0];
  for (std::size_t row = 0; row < times_s.size(); ++row) {
    const double expected_s = static_cast<double>(row) * step_s;
    if (step_s <= 0.0 || std::abs(times_s[row] - expected_s) > 1e-6 * step_s) {
      return fail(columns.error(row, fmt::format("time_s is {}", times_s[row]), "times from 0 in equal steps"));
    }
  }
  const double period_s = static_cast<double>(times_s.size()) * step_s;
  if (period_s < period_range.low || period_s > period_range.high) {
    return fail(
        columns.error(times_s.size() - 1, fmt::format("the curve's period is {} s", period_s), "a second to 30 years"));
  }
  if (*std::max_element(loads.begin(), loads.end()) < load_least) {
    return fail(columns.error(0, "the curve has no load in it", "one row at least with a load above 0"));
  }
  return LoadCurve(loads, period_s);
}

RequestSourcePtr requests_of(const LoadTable& load, LengthSamplerPtr lengths) {
  return limited(generate_requests(load.arrivals, std::move(lengths)), load.max_concurrency);
}

RequestSourcePtr requests_of(const SessionsTable& sessions) {
  return limited(session_requests(sessions.sessions), sessions.max_concurrency);
}

}  // namespace plumb::workload
