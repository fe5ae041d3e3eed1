// How fast are lines of a trace read, against copying the same bytes in memory?

#include "base/line_reader.h"

#include <fmt/format.h>

#include "bench.h"

namespace plumb::bench {
namespace {

constexpr std::size_t rows = 1'000'000;

/// Rows of the shape of the Azure traces, about 40 bytes each.
std::string trace_text() {
  std::string text = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
  for (std::size_t i = 0; i < rows; ++i) {
    fmt::format_to(std::back_inserter(text), "2023-11-16 18:{:02}:{:02}.{:07},{},{}\n", i / 60 % 60, i % 60,
                   i * 7919 % 10'000'000, i * 31 % 8192, i * 17 % 1024);
  }
  return text;
}

struct Counts {
  std::size_t lines = 0, bytes = 0;
};

Counts read_lines(const std::string& path) {
  Counts counts;
  auto reader = LineReader::open(path);
  check(reader.has_value(), "the file does not open");
  std::string_view line;
  for (;;) {
    const auto more = reader->next(line);
    check(more.has_value(), "a line is not read");
    if (!*more) return counts;
    ++counts.lines;
    counts.bytes += line.size() + 1;
  }
}

}  // namespace

void line_reader(Figures& figures) {
  const std::string text = trace_text();
  const TemporaryFile file("lines.csv", text);
  Counts counts;
  const Work work = [&] { counts = read_lines(file.path()); };
  const double seconds = shortest_s(work);
  check(counts.lines == rows + 1 && counts.bytes == text.size(), "lines and bytes are not those of the file");
  const double megabytes = static_cast<double>(text.size()) / 1e6;
  figures.push_back({"base.line_reader.throughput", megabytes / seconds, "MB/s"});
  figures.push_back({"base.line_reader.lines", static_cast<double>(rows) / seconds, "lines/s"});
  figures.push_back({"base.line_reader.time_over_memcpy", ratio(work, memory_copy(text.size())), "ratio"});
}

}  // namespace plumb::bench
