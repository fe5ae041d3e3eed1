// Whatever the lines of a trace are: an error with a place, or requests in order with lengths. Compressed inputs are
// read as a file is.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "workload/trace_lines.h"
#include "workload_files.h"

namespace {

using namespace plumb;

/// What holds for each request of a trace.
class RequestCheck {
 public:
  void take(const workload::Request& request) {
    require(std::isfinite(request.arrival_s) && request.arrival_s >= arrival_s_);
    require(request.prompt_tokens >= 1 && request.output_tokens >= 1);
    require(request.id == given_++ && request.session >= -1);
    require(request.history_tokens >= 0 && request.history_tokens <= request.prompt_tokens);
    require(request.deadline_s > 0.0 && request.cancel_s > 0.0);
    arrival_s_ = request.arrival_s;
  }
  std::int64_t given() const { return given_; }

 private:
  double arrival_s_ = 0.0;
  std::int64_t given_ = 0;
};

void read_lines(std::string_view text) {
  workload::TraceLines lines("input", {});
  RequestCheck check;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    workload::Request request;
    const Result<bool> found = lines.take(text.substr(0, end), request);
    if (!found) {
      require(found.error().place.line == line && found.error().place.column >= 1);
      require(!found.error().message.empty() && !found.error().expected.empty());
      return;
    }
    if (*found) check.take(request);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  require(lines.counts().read == check.given());
  require(lines.no_requests().place.line >= 1);
}

void read_file(std::string_view bytes) {
  const MemoryFile file(bytes);
  const auto requests = workload::read_trace(file.path());
  if (!requests) {
    require(!requests.error().message.empty());
    return;
  }
  RequestCheck check;
  for (const workload::Request& request : *requests) check.take(request);
  require(check.given() >= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const bool compressed = input.starts_with("\x1f\x8b") || input.starts_with("\x28\xb5\x2f\xfd");
  compressed ? read_file(input) : read_lines(input);
  return 0;
}
