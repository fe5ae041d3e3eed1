#pragma once
// The lines of a trace, one after another, into requests: recognition of the format, order, where time begins, counts.
// Knows no files, so that anything that has lines can be read, and fuzzed.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "workload/recent_map.h"
#include "workload/trace.h"
#include "workload/trace_format.h"

namespace plumb::workload {

/// Thread rule: one thread.
class TraceLines {
 public:
  /// `name` is what messages call the trace.
  TraceLines(std::string name, TraceOptions options, std::size_t sessions = sessions_remembered)
      : name_(std::move(name)), options_(options), contexts_(sessions) {}

  /// Takes the next line. True where it holds a request, which is put into `request`.
  [[nodiscard]] Result<bool> take(std::string_view line, Request& request);

  /// The format, or null before the first line that is not blank.
  const TraceFormat* format() const { return format_; }
  const TraceCounts& counts() const { return counts_; }
  std::size_t sessions_kept() const { return contexts_.size(); }
  /// Says that no request was found and why.
  Error no_requests() const;

 private:
  [[nodiscard]] Status recognise(std::string_view first_line);
  [[nodiscard]] Result<bool> take_row(std::string_view line, Request& request);
  /// Notes the context that a turn leaves, and tells the turn how much it repeats of the one before it.
  void take_context(Request& request);
  Error at_line(Error error, std::string_view line) const;

  std::string name_;
  TraceOptions options_;
  const TraceFormat* format_ = nullptr;
  std::unique_ptr<TraceParser> parser_;
  TraceRow row_;
  TraceCounts counts_;
  struct Context {
    std::int64_t id = -1, tokens = 0;  ///< Request::context; prompt and output of the session's last turn
  };
  RecentMap<std::int64_t, Context> contexts_;  ///< by session
  int line_number_ = 0;
  std::optional<double> ticks_before_, ticks_first_;
};

}  // namespace plumb::workload
