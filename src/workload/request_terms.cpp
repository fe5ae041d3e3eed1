#include "workload/request_terms.h"

#include <algorithm>
#include <climits>
#include <cmath>

#include <fmt/format.h>

namespace plumb::workload {
namespace {

// What is longer is an error of units, and what is shorter than a nanosecond would vanish beside an arrival.
constexpr Range time_range{1e-9, 30 * 365 * 86400.0};

template <class Draw>
TimeDistributionPtr distribution(Draw draw, std::string description) {
  struct Drawn : TimeDistribution {
    Drawn(Draw d, std::string t) : draw_(std::move(d)), text_(std::move(t)) {}
    double draw_s(Stream& stream) const override { return std::min(draw_(stream), time_range.high); }
    std::string description() const override { return text_; }
    Draw draw_;
    std::string text_;
  };
  return std::make_shared<const Drawn>(std::move(draw), std::move(description));
}

double seconds(Reader& table, std::string_view key) { return table.quantity<Seconds>(key, time_range).value(); }

std::optional<double> seconds_if(Reader& table, std::string_view key) {
  const std::optional<Seconds> time = table.quantity_if<Seconds>(key, time_range);
  return time ? std::optional(time->value()) : std::nullopt;
}

TimeDistributionPtr read_uniform(Reader& table) {
  const double low_s = seconds(table, "low"), high_s = seconds(table, "high");
  if (low_s > high_s) table.reject("high", "\"high\" is less than \"low\"", "high of at least low");
  return distribution([=](Stream& stream) { return stream.uniform(low_s, high_s); },
                      fmt::format("uniform {} s to {} s", low_s, high_s));
}

TimeDistributionPtr read_exponential(Reader& table) {
  const double mean_s = seconds(table, "mean");
  return distribution([=](Stream& stream) { return stream.exponential(mean_s); },
                      fmt::format("exponential mean {} s", mean_s));
}

/// As of lengths (length_distributions.cpp): median exp(mu), mean exp(mu + sigma^2 / 2).
TimeDistributionPtr read_lognormal(Reader& table) {
  constexpr double z90 = 1.2815515655446004;
  const double p50_s = seconds(table, "p50");
  const std::optional<double> mean_s = seconds_if(table, "mean"), p90_s = seconds_if(table, "p90");
  if (mean_s.has_value() == p90_s.has_value()) {
    table.reject("distribution", "a lognormal needs two figures", "p50 and mean, or p50 and p90");
    return nullptr;
  }
  const std::string_view other = mean_s ? "mean" : "p90";
  const double other_s = mean_s.value_or(p90_s.value_or(0.0));
  if (other_s < p50_s) {
    table.reject(other, fmt::format("\"{}\" is less than the p50", other), "at least the p50");
    return nullptr;
  }
  if (!table.ok()) return nullptr;
  const double log_ratio = std::log(other_s / p50_s);
  const double sigma = mean_s ? std::sqrt(2.0 * log_ratio) : log_ratio / z90;
  return distribution([mu = std::log(p50_s), sigma](Stream& stream) { return stream.lognormal(mu, sigma); },
                      fmt::format("lognormal p50 {} s {} {} s", p50_s, other, other_s));
}

TimeDistributionPtr read_distribution(Reader table) {
  constexpr std::string_view names[] = {"uniform", "exponential", "lognormal"};
  constexpr TimeDistributionPtr (*readers[])(Reader&) = {read_uniform, read_exponential, read_lognormal};
  if (!table.has("distribution")) table.text("distribution");
  const std::size_t which = table.choice("distribution", names, std::size(names));
  if (which == std::size(names)) return nullptr;
  TimeDistributionPtr read = readers[which](table);
  return table.ok() ? std::move(read) : nullptr;
}

}  // namespace

TimeDistributionPtr fixed_time(double time_s) {
  return distribution([=](Stream&) { return time_s; }, fmt::format("{} s", time_s));
}

TimeDistributionPtr read_time_if(Reader& table, std::string_view key) {
  if (table.kind(key) == NodeKind::table) return read_distribution(table.table(key));
  const std::optional<double> time_s = seconds_if(table, key);
  return time_s ? fixed_time(*time_s) : nullptr;
}

RequestTerms read_request_terms(Reader& table) {
  RequestTerms terms;
  terms.priority = static_cast<int>(table.integer_if("priority", {INT_MIN, INT_MAX}).value_or(0));
  terms.deadline_s = seconds_if(table, "deadline").value_or(terms.deadline_s);
  terms.cancel_after = read_time_if(table, "cancel_after");
  return terms;
}

}  // namespace plumb::workload
