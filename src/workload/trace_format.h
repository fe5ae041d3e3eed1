#pragma once
// What a trace format has to provide. A format is one file that makes a TraceFormat, and its line in trace.cpp's table.

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "workload/recent_map.h"
#include "workload/request.h"

namespace plumb::workload {

/// Three centuries: times beyond it are in another unit than the format says.
inline constexpr double time_s_max = 1e10;

/// A request as the line has it; `output_tokens` of 0 is one that did not complete.
struct TraceRow {
  double ticks = 0.0;  ///< time in the format's unit, so that differences of whole ticks are exact
  std::int64_t prompt_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t session = -1;
  std::vector<std::uint64_t> prefix_hashes;
  int priority = 0;
  double deadline_s = std::numeric_limits<double>::infinity();
  double cancel_s = std::numeric_limits<double>::infinity();
};

/// Reads the lines of one trace. Its errors know their column; the caller adds the file, the line and the excerpt.
class TraceParser {
 public:
  virtual ~TraceParser() = default;
  [[nodiscard]] virtual Status parse(std::string_view line, TraceRow& row) = 0;
  /// That the time of the line last parsed is before the one of the line before it.
  virtual Error out_of_order(std::string_view line) const = 0;
};

class TraceFormat {
 public:
  virtual ~TraceFormat() = default;
  virtual std::string_view name() const = 0;
  /// The header, or a line, as messages show it.
  virtual std::string_view example() const = 0;
  virtual double ticks_per_s() const = 0;
  /// Whether times count from the start of the simulation, so that none is negative; else from the first request.
  virtual bool counts_from_start() const = 0;
  /// Whether the first line is a header, which holds no request.
  virtual bool has_header() const = 0;
  /// Whether the first line shows that the trace is meant to be of this format.
  virtual bool recognises(std::string_view first_line) const = 0;
  /// A parser for the trace that starts with that line, or what its header lacks.
  [[nodiscard]] virtual Result<std::unique_ptr<TraceParser>> parser(std::string_view first_line) const = 0;
};

using TraceFormatPtr = std::unique_ptr<const TraceFormat>;
/// All that are known: the table in trace.cpp.
std::span<const TraceFormatPtr> trace_formats();

/// Numbers for the names of sessions, in the order in which they appear. A name that was not heard for long is a new
/// session (recent_map.h), so that memory does not grow with a trace.
class SessionNumbers {
 public:
  explicit SessionNumbers(std::size_t remembered = sessions_remembered) : numbers_(remembered) {}
  std::int64_t number(std::string_view name) {
    return numbers_.get(std::string(name), [this] { return next_++; });
  }
  std::size_t remembered() const { return numbers_.size(); }

 private:
  RecentMap<std::string, std::int64_t> numbers_;
  std::int64_t next_ = 0;
};

}  // namespace plumb::workload
