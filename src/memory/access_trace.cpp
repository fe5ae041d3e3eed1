#include "memory/access_trace.h"

#include <utility>

#include "base/line_reader.h"
#include "memory/access_trace_lines.h"

namespace plumb::memory {
namespace {

/// No line of a trace of accesses comes near.
constexpr std::size_t line_bytes_max = std::size_t{1} << 16;

class AccessTrace : public AccessSource {
 public:
  AccessTrace(LineReader file, const TraceSystem& system) : file_(std::move(file)), lines_(file_.path(), system) {}

  Result<std::size_t> next(std::span<AddressedAccess> into) override {
    std::size_t count = 0;
    std::string_view line;
    while (count < into.size()) {
      PLUMB_ASSIGN(const bool more, file_.next(line));
      if (!more) break;
      PLUMB_ASSIGN(const bool found, lines_.take(line, into[count]));
      if (found) ++count;
    }
    if (count == 0 && !any_) return fail(lines_.no_accesses());
    any_ = true;
    return count;
  }

 private:
  LineReader file_;
  AccessTraceLines lines_;
  bool any_ = false;
};

}  // namespace

Result<std::unique_ptr<AccessSource>> open_access_trace(const std::string& path, const TraceSystem& system) {
  PLUMB_ASSIGN(LineReader file, LineReader::open(path, line_bytes_max));
  return std::make_unique<AccessTrace>(std::move(file), system);
}

}  // namespace plumb::memory
