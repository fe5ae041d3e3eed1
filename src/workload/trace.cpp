#include "workload/trace.h"

#include <utility>

#include <fmt/format.h>

#include "base/line_reader.h"
#include "workload/trace_lines.h"

namespace plumb::workload {

TraceFormatPtr azure_trace_format();
TraceFormatPtr burstgpt_trace_format();
TraceFormatPtr mooncake_trace_format();
TraceFormatPtr plain_trace_format();

/// A line is tried in this order; no two formats recognise the same one.
std::span<const TraceFormatPtr> trace_formats() {
  static const TraceFormatPtr formats[] = {
      azure_trace_format(),
      burstgpt_trace_format(),
      mooncake_trace_format(),
      plain_trace_format(),
  };
  return formats;
}

namespace {

class TraceFile : public TraceSource {
 public:
  TraceFile(LineReader lines, TraceOptions options)
      : file_(std::move(lines)), lines_(file_.path(), options), options_(options) {}

  /// Reads up to where the format is known. Of a format without a header that is the first request, which is kept.
  Status start() {
    std::string_view line;
    while (lines_.format() == nullptr) {
      PLUMB_ASSIGN(const bool more, file_.next(line));
      if (!more) return fail(lines_.no_requests());
      Request request;
      PLUMB_ASSIGN(const bool found, lines_.take(line, request));
      if (found) first_ = std::move(request);
    }
    return {};
  }

  Result<std::optional<Request>> next() override {
    Result<std::optional<Request>> request = done_ ? std::nullopt : take_next();
    if (request && !*request && !done_ && given_ == 0) request = fail(lines_.no_requests());
    // After an error the place in the trace is lost.
    done_ = !request || !*request;
    if (!done_) ++given_;
    return request;
  }

  const TraceCounts& counts() const override { return lines_.counts(); }
  std::string_view format() const override { return lines_.format()->name(); }
  Error no_requests() const { return lines_.no_requests(); }

 private:
  Result<std::optional<Request>> take_next() {
    if (options_.count_max > 0 && given_ == options_.count_max) return std::nullopt;
    if (first_) return std::exchange(first_, std::nullopt);
    std::string_view line;
    for (;;) {
      PLUMB_ASSIGN(const bool more, file_.next(line));
      if (!more) return std::nullopt;
      Request request;
      PLUMB_ASSIGN(const bool found, lines_.take(line, request));
      if (found) return request;
    }
  }

  LineReader file_;
  TraceLines lines_;
  TraceOptions options_;
  std::optional<Request> first_;
  std::int64_t given_ = 0;
  bool done_ = false;
};

Result<std::unique_ptr<TraceFile>> open_file(const std::string& path, TraceOptions options) {
  constexpr double time_scale_max = 1e9;
  if (!(options.time_scale >= 0.0 && options.time_scale <= time_scale_max)) {
    return fail(input_error({path, 0, 0}, fmt::format("the time scale is {}", options.time_scale),
                            fmt::format("at least 0 and at most {}", time_scale_max)));
  }
  PLUMB_ASSIGN(LineReader lines, LineReader::open(path));
  auto file = std::make_unique<TraceFile>(std::move(lines), options);
  PLUMB_TRY(file->start());
  return file;
}

}  // namespace

Result<std::unique_ptr<TraceSource>> open_trace(const std::string& path, TraceOptions options) {
  return open_file(path, options);
}

Result<std::vector<Request>> read_trace(const std::string& path, TraceOptions options) {
  PLUMB_ASSIGN(const std::unique_ptr<TraceFile> file, open_file(path, options));
  std::vector<Request> requests;
  for (;;) {
    PLUMB_ASSIGN(std::optional<Request> request, file->next());
    if (!request) break;
    requests.push_back(std::move(*request));
  }
  if (requests.empty()) return fail(file->no_requests());
  return requests;
}

}  // namespace plumb::workload
