#pragma once
// Traces given as text, for tests that need no file.

#include <string>
#include <string_view>
#include <vector>

#include "workload/trace_lines.h"

namespace plumb::workload {

struct TraceText {
  std::vector<Request> requests;
  TraceCounts counts;
  std::string format;
};

inline Result<TraceText> read_trace_text(std::string_view text, TraceOptions options = {}) {
  TraceLines lines("trace.csv", options);
  TraceText trace;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    Request request;
    PLUMB_ASSIGN(const bool found, lines.take(text.substr(0, end), request));
    if (found) trace.requests.push_back(request);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  if (trace.requests.empty()) return fail(lines.no_requests());
  trace.counts = lines.counts();
  trace.format = lines.format()->name();
  return trace;
}

/// The error of a text as one line, or "no error".
inline std::string trace_error(std::string_view text) {
  const Result<TraceText> trace = read_trace_text(text);
  return trace ? "no error" : one_line(trace.error());
}

}  // namespace plumb::workload
