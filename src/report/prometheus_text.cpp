#include "report/prometheus_text.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "report/text.h"

namespace plumb::report {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// [a-zA-Z_][a-zA-Z0-9_]*, and ":" too where `colons` are allowed.
[[maybe_unused]] bool is_name(std::string_view name, bool colons) {
  return !name.empty() && !is_digit(name.front()) && std::all_of(name.begin(), name.end(), [colons](char c) {
    return is_letter(c) || is_digit(c) || (colons && c == ':');
  });
}

std::string_view type_name(MetricType type) {
  constexpr std::array<std::string_view, 3> names{"gauge", "counter", "histogram"};
  return names[static_cast<std::size_t>(type)];
}

/// Backslashes and line ends are escaped, and quotes where the text stands in some.
std::string escaped(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : valid_utf8(text)) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || (c == '"' && quotes)) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0.0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

/// As Prometheus writes a bound when it stores a bucket: Go's shortest form, with ".0" behind whole numbers.
std::string bound_text(double bound) {
  constexpr double exponents_from = 1e6, exponents_below = 1e-4;
  const double size = std::abs(bound);
  const bool exponent = bound != 0.0 && (size >= exponents_from || size < exponents_below);
  std::array<char, 64> digits;
  const auto format = exponent ? std::chars_format::scientific : std::chars_format::fixed;
  const auto [end, code] = std::to_chars(digits.data(), digits.data() + digits.size(), bound, format);
  assert(code == std::errc{} && "a double takes fewer digits");
  std::string text(digits.data(), end);
  if (!exponent && text.find('.') == std::string::npos) text += ".0";
  return text;
}

/// `name="value",...` without the braces.
std::string label_text(std::span<const Label> labels) {
  std::string out;
  for (const Label& label : labels) {
    assert(is_name(label.name, false) && !label.name.starts_with("__") && "not the name of a label");
    if (!out.empty()) out += ',';
    out += fmt::format("{}=\"{}\"", label.name, escaped(label.value, true));
  }
  return out;
}

}  // namespace

void PrometheusText::begin_family(MetricType type, std::string_view name, std::string_view help) {
  assert(is_name(name, true) && "not the name of a metric");
  [[maybe_unused]] const bool fresh = families_.emplace(name).second;
  assert(fresh && "a metric is told of once");
  family_ = name;
  type_ = type;
  labels_.clear();
  out_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(help, false), name, type_name(type));
}

void PrometheusText::sample(std::span<const Label> labels, double value) {
  assert(!family_.empty() && type_ != MetricType::histogram && "a number is of a gauge or counter");
  const std::string text = label_text(labels);
  [[maybe_unused]] const bool fresh = labels_.insert(text).second;
  assert(fresh && "two samples with the same labels");
  line("", text, value);
}

void PrometheusText::sample(std::span<const Label> labels, const Histogram& histogram) {
  assert(!family_.empty() && type_ == MetricType::histogram && "counts in buckets are of a histogram");
  const std::string text = label_text(labels);
  [[maybe_unused]] const bool fresh = labels_.insert(text).second;
  assert(fresh && "two samples with the same labels");
  const std::string before = text.empty() ? "" : text + ",";
  std::int64_t cumulative = 0;
  for (std::size_t i = 0; i < histogram.bounds().size(); ++i) {
    cumulative += histogram.counts()[i];
    line("_bucket", fmt::format("{}le=\"{}\"", before, bound_text(histogram.bounds()[i])),
         static_cast<double>(cumulative));
  }
  line("_bucket", before + "le=\"+Inf\"", static_cast<double>(histogram.count()));
  line("_sum", text, histogram.sum());
  line("_count", text, static_cast<double>(histogram.count()));
}

void PrometheusText::line(std::string_view suffix, const std::string& labels, double value) {
  out_ += family_;
  out_ += suffix;
  if (!labels.empty()) out_ += fmt::format("{{{}}}", labels);
  out_ += fmt::format(" {}\n", number(value));
}

std::string PrometheusText::take() {
  families_.clear();
  labels_.clear();
  family_.clear();
  return std::exchange(out_, {});
}

}  // namespace plumb::report
