#pragma once
// What all requests of one source have in common beside their lengths: how soon they want to be served, and for how
// long their clients wait.

#include <limits>
#include <memory>
#include <string>

#include "base/random.h"
#include "base/reader.h"
#include "workload/request.h"

namespace plumb::workload {

/// A distribution of times. Thread rule: immutable.
class TimeDistribution {
 public:
  virtual ~TimeDistribution() = default;
  virtual double draw_s(Stream& stream) const = 0;  ///< finite and not negative
  virtual std::string description() const = 0;      ///< "exponential mean 20 s"
};
using TimeDistributionPtr = std::shared_ptr<const TimeDistribution>;

/// Always the same.
TimeDistributionPtr fixed_time(double time_s);

/// Reads `key` of a table: a time such as "20 s", or a table
///   { distribution = "uniform", low = "5 s", high = "1 min" }
///   { distribution = "exponential", mean = "20 s" }
///   { distribution = "lognormal", mean = "40 s", p50 = "20 s" }    or p50 and p90
/// Times are at most 30 years; draws are clamped to that. Null where the key is absent, or wrong, which the reader then
/// knows.
TimeDistributionPtr read_time_if(Reader& table, std::string_view key);

struct RequestTerms {
  int priority = 0;
  double deadline_s = std::numeric_limits<double>::infinity();
  TimeDistributionPtr cancel_after;  ///< null: clients never go away

  /// Draws from the stream only where cancel_after is given.
  void put_on(Request& request, Stream& stream) const {
    request.priority = priority;
    request.deadline_s = deadline_s;
    if (cancel_after != nullptr) request.cancel_s = cancel_after->draw_s(stream);
  }
};

/// Reads `priority`, `deadline` and `cancel_after` of a table, all of which may be absent.
RequestTerms read_request_terms(Reader& table);

}  // namespace plumb::workload
