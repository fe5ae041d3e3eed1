#include "workload/trace_lines.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "workload/csv.h"

namespace plumb::workload {
namespace {

std::string known_formats() {
  std::string text;
  for (const TraceFormatPtr& format : trace_formats()) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", format->name(), format->example());
  }
  return text;
}

std::string_view without_byte_order_mark(std::string_view line) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  return line.starts_with(mark) ? line.substr(mark.size()) : line;
}

}  // namespace

Result<bool> TraceLines::take(std::string_view line, Request& request) {
  ++line_number_;
  if (line_number_ == 1) line = without_byte_order_mark(line);
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return false;
  if (format_ != nullptr) return take_row(line, request);
  PLUMB_TRY(recognise(line));
  return format_->has_header() ? false : take_row(line, request);
}

Status TraceLines::recognise(std::string_view first_line) {
  for (const TraceFormatPtr& format : trace_formats()) {
    if (!format->recognises(first_line)) continue;
    auto parser = format->parser(first_line);
    if (!parser) return fail(at_line(std::move(parser).error(), first_line));
    parser_ = std::move(*parser);
    format_ = format.get();
    return {};
  }
  return fail(at_line(input_error({{}, 0, 1}, fmt::format("no known trace starts with {}", quoted(first_line)),
                                  "one of " + known_formats()),
                      first_line));
}

Result<bool> TraceLines::take_row(std::string_view line, Request& request) {
  if (Status status = parser_->parse(line, row_); !status) return fail(at_line(std::move(status).error(), line));
  if (ticks_before_ && row_.ticks < *ticks_before_) return fail(at_line(parser_->out_of_order(line), line));
  ticks_before_ = row_.ticks;
  if (row_.output_tokens == 0) {
    ++counts_.skipped_without_output;
    return false;
  }
  if (!ticks_first_) ticks_first_ = format_->counts_from_start() ? 0.0 : row_.ticks;
  request.id = counts_.read++;
  request.arrival_s = (row_.ticks - *ticks_first_) / format_->ticks_per_s() * options_.time_scale;
  request.prompt_tokens = row_.prompt_tokens;
  request.output_tokens = row_.output_tokens;
  request.session = row_.session;
  request.prefix_hashes = std::move(row_.prefix_hashes);
  take_context(request);
  request.priority = row_.priority;
  request.deadline_s = row_.deadline_s;
  request.cancel_s = row_.cancel_s;
  return true;
}

void TraceLines::take_context(Request& request) {
  request.history_tokens = 0;
  request.context = -1;
  if (request.session < 0) return;
  Context& context = contexts_.get(request.session, [] { return Context(); });
  const bool repeats = context.tokens > 0 && request.prompt_tokens >= context.tokens;
  if (repeats) request.history_tokens = context.tokens;
  if (!repeats) context.id = request.id;
  context.tokens = request.prompt_tokens + request.output_tokens;
  request.context = context.id;
}

Error TraceLines::at_line(Error error, std::string_view line) const {
  constexpr std::size_t excerpt_length_max = 500;
  error.place.file = name_;
  error.place.line = line_number_;
  if (line.size() <= excerpt_length_max) error.excerpt = line;
  return error;
}

Error TraceLines::no_requests() const {
  const Place place{name_, std::max(line_number_, 1), 1};
  if (format_ == nullptr) return input_error(place, "the trace is empty", "one of " + known_formats());
  if (counts_.skipped_without_output > 0) {
    return input_error(place,
                       fmt::format("none of the trace's {} requests has output tokens", counts_.skipped_without_output),
                       "at least one request that completed");
  }
  return input_error(place, "the trace holds no requests", fmt::format("rows under the header {}", format_->example()));
}

}  // namespace plumb::workload
