#include <optional>

#include "cli/simulation_result.h"
#include "report/csv_writer.h"

namespace plumb::cli {

std::string request_csv(const serving::Outcome& outcome) {
  constexpr double ms = 1e3;
  report::CsvWriter csv({"id", "arrival_s", "scheduled_s", "first_token_s", "finish_s", "prompt_tokens",
                         "output_tokens", "ttft_ms", "tpot_ms", "e2el_ms", "replica", "preemptions", "status"});
  for (const serving::RequestRecord& record : outcome.requests) {
    const bool completed = record.completed();
    const bool gaps = completed && record.output_tokens > 1;
    // Times that a request never reached are infinite, which CSV leaves empty.
    csv.row(record.id, record.arrival_s, record.scheduled_s, record.first_token_s, record.finish_s,
            record.prompt_tokens, record.output_tokens, record.ttft_s() * ms,
            gaps ? std::optional(record.tpot_s() * ms) : std::nullopt, record.e2e_s() * ms,
            record.replica >= 0 ? std::optional(record.replica) : std::nullopt, record.preemptions,
            completed         ? "completed"
            : record.rejected ? "rejected"
                              : "unfinished");
  }
  return csv.take();
}

}  // namespace plumb::cli
