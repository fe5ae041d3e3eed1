#include "base/line_reader.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/byte_source.h"

namespace plumb {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{256} << 10;
constexpr std::size_t around_line_bytes_max = 5;  // a byte order mark and "\r\n"

Place place_in(const std::string& path, std::int64_t line, int column) {
  return {path, static_cast<int>(std::min<std::int64_t>(line, std::numeric_limits<int>::max())), column};
}

}  // namespace

// The unread bytes stand in buffer[begin, end); those before `scanned` hold no line end. The buffer grows only for a
// line that does not fit, and never past line_bytes_max and what may stand around a line.
struct LineReader::State {
  std::string path;
  std::unique_ptr<ByteSource> source;
  std::size_t line_bytes_max;
  std::vector<char> buffer = std::vector<char>(chunk_bytes);
  std::size_t begin = 0, scanned = 0, end = 0;
  bool ended = false;
  std::int64_t line_number = 0;
  std::optional<Error> error;  ///< kept, so that a caller that goes on gets it again

  tl::unexpected<Error> broken(Error why) {
    why.place = place_in(path, line_number + 1, 0);
    error = std::move(why);
    return fail(*error);
  }
  tl::unexpected<Error> too_long() {
    return broken(input_error({}, "the line is too long", fmt::format("at most {} bytes", line_bytes_max)));
  }

  Status fill();
  Result<bool> deliver(std::size_t stop, std::size_t next, std::string_view& line);
};

Status LineReader::State::fill() {
  if (begin > 0) {
    std::memmove(buffer.data(), buffer.data() + begin, end - begin);
    scanned -= begin;
    end -= begin;
    begin = 0;
  }
  if (end == buffer.size()) buffer.resize(std::min(2 * buffer.size(), line_bytes_max + around_line_bytes_max));
  Result<std::size_t> count = source->read(std::span(buffer).subspan(end));
  if (!count) return broken(std::move(count).error());
  end += *count;
  ended = *count == 0;
  return {};
}

/// Hands out buffer[begin, stop) as the next line; the one after it begins at `next`.
Result<bool> LineReader::State::deliver(std::size_t stop, std::size_t next, std::string_view& line) {
  std::string_view found(buffer.data() + begin, stop - begin);
  if (stop != next && found.ends_with('\r')) found.remove_suffix(1);
  if (line_number == 0) {
    if (found.starts_with("\xff\xfe") || found.starts_with("\xfe\xff")) {
      return broken(input_error({}, "the text is UTF-16", "UTF-8 text"));
    }
    if (found.starts_with("\xef\xbb\xbf")) found.remove_prefix(3);
    if (found.empty() && stop == next) return false;  // a byte order mark and nothing else
  }
  if (found.size() > line_bytes_max) return too_long();
  begin = scanned = next;
  ++line_number;
  line = found;
  return true;
}

LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

LineReader::LineReader(std::unique_ptr<ByteSource> source, std::string name, std::size_t line_bytes_max)
    : state_(std::make_unique<State>()) {
  state_->path = std::move(name);
  state_->source = std::move(source);
  state_->line_bytes_max = std::min(line_bytes_max, std::numeric_limits<std::size_t>::max() / 4);
}

Result<LineReader> LineReader::open(const std::string& path, std::size_t line_bytes_max) {
  PLUMB_ASSIGN(std::unique_ptr<ByteSource> source, ByteSource::open(path));
  return LineReader(std::move(source), path, line_bytes_max);
}

Result<LineReader> LineReader::of(std::string_view bytes, std::string name, std::size_t line_bytes_max) {
  PLUMB_ASSIGN(std::unique_ptr<ByteSource> source, ByteSource::of(bytes, name));
  return LineReader(std::move(source), std::move(name), line_bytes_max);
}

Result<bool> LineReader::next(std::string_view& line) {
  State& s = *state_;
  if (s.error) return fail(*s.error);
  for (;;) {
    if (s.scanned < s.end) {
      const void* found = std::memchr(s.buffer.data() + s.scanned, '\n', s.end - s.scanned);
      if (found != nullptr) {
        const auto stop = static_cast<std::size_t>(static_cast<const char*>(found) - s.buffer.data());
        return s.deliver(stop, stop + 1, line);
      }
      s.scanned = s.end;
    }
    if (s.ended) return s.begin == s.end ? Result<bool>(false) : s.deliver(s.end, s.end, line);
    if (s.end - s.begin >= s.line_bytes_max + around_line_bytes_max) return s.too_long();
    PLUMB_TRY(s.fill());
  }
}

std::int64_t LineReader::line_number() const { return state_->line_number; }

const std::string& LineReader::path() const { return state_->path; }

Place LineReader::place(int column) const { return place_in(state_->path, state_->line_number, column); }

}  // namespace plumb
