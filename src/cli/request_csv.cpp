#include "cli/request_csv.h"

#include <optional>
#include <utility>

namespace plumb::cli {

std::string_view status_name(const serving::RequestRecord& record) {
  switch (record.rejection) {
    case serving::Rejection::too_long: return "rejected_too_long";
    case serving::Rejection::never_fits: return "rejected_never_fits";
    case serving::Rejection::none: break;
  }
  return record.completed() ? "completed" : record.cancelled ? "cancelled" : "unfinished";
}

RequestCsv::RequestCsv(StreamFile file)
    : file_(std::move(file)),
      csv_({"id", "arrival_s", "scheduled_s", "first_token_s", "finish_s", "prompt_tokens", "output_tokens", "ttft_ms",
            "tpot_ms", "e2el_ms", "replica", "preemptions", "cached_tokens", "loaded_tokens", "status"}) {}

Result<RequestCsv> RequestCsv::create(const std::string& path) {
  PLUMB_ASSIGN(StreamFile file, StreamFile::create(path));
  return RequestCsv(std::move(file));
}

void RequestCsv::add(const serving::RequestRecord& record) {
  constexpr double ms = 1e3;
  const bool gaps = record.completed() && record.output_tokens > 1;
  // Times that a request never reached are infinite, which CSV leaves empty.
  csv_.row(record.id, record.arrival_s, record.scheduled_s, record.first_token_s, record.finish_s, record.prompt_tokens,
           record.output_tokens, record.ttft_s() * ms, gaps ? std::optional(record.tpot_s() * ms) : std::nullopt,
           record.e2e_s() * ms, record.replica >= 0 ? std::optional(record.replica) : std::nullopt, record.preemptions,
           record.cached_tokens, record.loaded_tokens, status_name(record));
  constexpr std::int64_t rows_at_once = 256;
  if (++rows_ % rows_at_once == 0) file_.write(csv_.take());
}

Status RequestCsv::finish() {
  file_.write(csv_.take());
  return file_.commit();
}

}  // namespace plumb::cli
