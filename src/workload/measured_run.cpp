#include "workload/measured_run.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/file.h"
#include "workload/measured_format.h"

namespace plumb::workload {
namespace {

/// A value in memory takes some five times its text.
constexpr std::size_t bytes_max = std::size_t{256} << 20;

std::span<const MeasuredFormat> measured_formats() {
  static const std::array formats{
      vllm_measured_format(),
      guidellm_measured_format(),
  };
  return formats;
}

/// The lines that begin a JSON object, as offsets; --append-result writes one a line.
std::vector<std::size_t> object_lines(std::string_view text) {
  std::vector<std::size_t> lines;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '{') lines.push_back(at);
    const std::size_t end = text.find('\n', at);
    at = end == std::string_view::npos ? text.size() : end + 1;
  }
  return lines;
}

/// One of several appended results, with as many line ends before it as make its line number right.
Result<std::string> appended_result(std::string_view text, const std::vector<std::size_t>& lines,
                                    const std::string& name, int benchmark) {
  if (benchmark < 1 || static_cast<std::size_t>(benchmark) > lines.size()) {
    Error error = error_at_offset(text, lines[1], name, fmt::format("the file holds {} results", lines.size()),
                                  fmt::format("--benchmark 1 to --benchmark {}", lines.size()));
    return fail(std::move(error));
  }
  const std::size_t begin = lines[static_cast<std::size_t>(benchmark) - 1];
  std::string padded(static_cast<std::size_t>(std::count(text.begin(), text.begin() + begin, '\n')), '\n');
  return padded.append(text.substr(begin, text.find('\n', begin) - begin));
}

Result<MeasuredRun> read_document(const Document& document, int benchmark) {
  for (const MeasuredFormat& format : measured_formats()) {
    if (format.recognises(document.root())) return format.read(document, benchmark);
  }
  std::vector<std::string_view> examples;
  for (const MeasuredFormat& format : measured_formats()) examples.push_back(format.example);
  Error error = input_error(document.place(document.root().line, document.root().column),
                            "this is no result of a known benchmark",
                            fmt::format("a file with {}", fmt::join(examples, ", or ")));
  error.excerpt = document.line_text(document.root().line);
  return fail(std::move(error));
}

}  // namespace

Status check_benchmark(const Reader& reader, std::string_view key, int asked, std::size_t count) {
  if (count == 0) return fail(reader.error(key, fmt::format("\"{}\" is empty", key), "a benchmark that was run"));
  const bool chosen = asked == 0 ? count == 1 : static_cast<std::size_t>(asked) <= count;
  if (chosen) return {};
  return fail(reader.error(key, fmt::format("the file holds {} benchmark{}", count, count == 1 ? "" : "s"),
                           count == 1 ? "no --benchmark" : fmt::format("--benchmark 1 to --benchmark {}", count)));
}

void settle(MeasuredRun& run) {
  if (!run.start_times) return;
  std::stable_sort(run.requests.begin(), run.requests.end(),
                   [](const MeasuredRequest& a, const MeasuredRequest& b) { return a.start_s < b.start_s; });
  std::vector<double> ends;
  const double first_s = run.requests.empty() ? 0.0 : run.requests.front().start_s;
  for (MeasuredRequest& request : run.requests) {
    request.start_s -= first_s;
    ends.push_back(request.start_s + request.e2e_s);
  }
  std::sort(ends.begin(), ends.end());
  std::size_t gone = 0, most = 0;
  for (std::size_t come = 0; come < run.requests.size(); ++come) {
    while (gone < ends.size() && ends[gone] <= run.requests[come].start_s) ++gone;
    most = std::max(most, come + 1 - std::min(gone, come + 1));
  }
  if (!run.requests.empty()) run.in_flight_max = static_cast<std::int64_t>(most);
}

Result<MeasuredRun> parse_measured_run(std::string_view text, const std::string& name, int benchmark) {
  const std::vector<std::size_t> lines = object_lines(text);
  if (lines.size() < 2) {
    PLUMB_ASSIGN(const Document document, Document::parse_json(text, name));
    return read_document(document, benchmark);
  }
  PLUMB_ASSIGN(const std::string one, appended_result(text, lines, name, benchmark));
  PLUMB_ASSIGN(const Document document, Document::parse_json(one, name));
  return read_document(document, 0);
}

Result<MeasuredRun> read_measured_run(const std::string& path, int benchmark) {
  PLUMB_ASSIGN(const std::string text, read_file(path, bytes_max));
  return parse_measured_run(text, path, benchmark);
}

}  // namespace plumb::workload
