#include "cli/comparison_result.h"
#include "report/csv_writer.h"

namespace plumb::cli {

std::string comparison_csv(const Comparison& comparison) {
  constexpr double ms = 1e3;
  report::CsvWriter csv({"id", "start_s", "prompt_tokens", "output_tokens", "measured_ttft_ms", "simulated_ttft_ms",
                         "measured_tpot_ms", "simulated_tpot_ms", "measured_e2el_ms", "simulated_e2el_ms",
                         "simulated_queue_ms", "simulated_prefill_ms", "simulated_preemptions", "measured_stalled",
                         "cause"});
  for (const RequestPair& pair : comparison.pairs) {
    const auto tpot_ms = [&](const RequestSide& side) {
      return pair.output_tokens > 1 ? std::optional(pair.tpot_s(side) * ms) : std::nullopt;
    };
    csv.row(pair.id, pair.start_s, pair.prompt_tokens, pair.output_tokens, pair.measured.ttft_s * ms,
            pair.simulated.ttft_s * ms, tpot_ms(pair.measured), tpot_ms(pair.simulated), pair.measured.e2e_s * ms,
            pair.simulated.e2e_s * ms, pair.queue_s * ms, pair.prefill_s * ms, pair.preemptions, pair.stalled,
            comparison.attribution.shares.empty() ? "" : cause_name(pair.cause));
  }
  return csv.take();
}

}  // namespace plumb::cli
