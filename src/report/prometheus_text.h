#pragma once
// Prometheus' text exposition format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/):
// what a server answers under /metrics, and what `promtool check metrics` reads.
//
//   PrometheusText text;
//   text.begin_family(MetricType::gauge, "vllm:num_requests_running", "Number of requests in model execution
//   batches."); text.sample({{"engine", "0"}}, 17); text.begin_family(MetricType::histogram,
//   "vllm:time_to_first_token_seconds", "..."); text.sample({{"engine", "0"}}, ttft);           // a Histogram: _bucket
//   with le, _sum, _count std::string page = text.take();
//
// Values have the shortest digits that read back to them. Bucket bounds are written as Prometheus stores them, "1.0"
// and "1e+06", so that a query by `le` finds them. The order is that of the calls; samples have no time of their own.
// Texts that are not UTF-8 are made so. Misuse, such as a name that Prometheus does not allow or a family twice, is an
// assertion. Thread rule: one thread.

#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "report/histogram.h"

namespace plumb::report {

enum class MetricType { gauge, counter, histogram };

struct Label {
  std::string_view name, value;
};

class PrometheusText {
 public:
  /// Begins a metric; its samples follow. `name` is of the letters, digits, "_" and ":", and begins with no digit.
  void begin_family(MetricType type, std::string_view name, std::string_view help);

  /// A sample of a gauge or a counter. Label names are of the letters, digits and "_"; no two samples of a family have
  /// the same labels.
  void sample(std::span<const Label> labels, double value);
  void sample(std::initializer_list<Label> labels, double value) {
    sample(std::span(labels.begin(), labels.size()), value);
  }
  /// A sample of a histogram.
  void sample(std::span<const Label> labels, const Histogram& histogram);
  void sample(std::initializer_list<Label> labels, const Histogram& histogram) {
    sample(std::span(labels.begin(), labels.size()), histogram);
  }

  /// The whole text. The writer is then empty again.
  std::string take();

 private:
  void line(std::string_view suffix, const std::string& labels, double value);

  std::string out_;
  std::string family_;
  MetricType type_ = MetricType::gauge;
  std::set<std::string, std::less<>> families_;
  std::set<std::string, std::less<>> labels_;  ///< of the samples of this family
};

}  // namespace plumb::report
