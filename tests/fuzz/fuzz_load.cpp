// Whatever the tables [load] and [sessions] of a TOML text hold: an error with a place, or requests in order that are
// what their fields promise.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>

#include "workload/load_file.h"
#include "workload_files.h"

namespace {

using namespace plumb;

/// Serves some requests: each ends when two more have been given, or nothing else can happen.
void serve(workload::RequestSource& source) {
  constexpr int requests_max = 64;
  std::deque<std::int64_t> in_flight;
  double now_s = 0.0;
  for (int given = 0; given < requests_max;) {
    const bool must_end = source.closed_loop() && std::isinf(source.next_arrival_s());
    if (!in_flight.empty() && (must_end || in_flight.size() > 2)) {
      source.finished(in_flight.front(), now_s);
      in_flight.pop_front();
      continue;
    }
    const auto next = source.next();
    require(next.has_value());
    if (!*next) return;
    const workload::Request& request = **next;
    require(std::isfinite(request.arrival_s) && request.arrival_s >= now_s);
    require(request.prompt_tokens >= 1 && request.prompt_tokens <= workload::tokens_max);
    require(request.output_tokens >= 1 && request.output_tokens <= workload::tokens_max);
    require(request.history_tokens >= 0 && request.history_tokens <= request.prompt_tokens);
    require(request.shared_prefix_tokens >= 0 && request.shared_prefix_tokens <= request.prompt_tokens);
    require(request.deadline_s > 0.0 && request.cancel_s >= 0.0);
    now_s = request.arrival_s;
    in_flight.push_back(request.id);
    ++given;
  }
}

Status read(std::string_view text) {
  PLUMB_ASSIGN(const Document document, Document::parse_toml(text, "input"));
  if (names_a_file(document.root())) return {};
  Reader root(document);
  if (auto table = root.table_if("load")) {
    PLUMB_ASSIGN(const workload::LoadTable load, workload::read_load(*table, ""));
    PLUMB_TRY(root.first_error());
    serve(*workload::requests_of(load, workload::fixed_lengths({3, 4})));
  }
  if (auto table = root.table_if("sessions")) {
    PLUMB_ASSIGN(const workload::SessionsTable sessions, workload::read_sessions(*table, ""));
    PLUMB_TRY(root.first_error());
    serve(*workload::requests_of(sessions));
  }
  return root.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Status status = read({reinterpret_cast<const char*>(data), size});
  if (!status) require(status.error().place.line >= 1 && !status.error().message.empty());
  return 0;
}
