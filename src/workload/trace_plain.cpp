// Plumb's own trace format: seconds of the simulation's clock and two lengths, and columns that may be there: a
// session, a priority, and how long the answer is of use and the client waits, in seconds from the arrival. The aliases
// are those of Vidur's traces.

#include "workload/csv.h"
#include "workload/trace_csv.h"

namespace plumb::workload {

TraceFormatPtr plain_trace_format() {
  return csv_trace_format({.name = "plain",
                           .header = "arrival_s,prompt_tokens,output_tokens",
                           .time = {"arrival_s", "arrived_at"},
                           .prompt = {"prompt_tokens", "num_prefill_tokens"},
                           .output = {"output_tokens", "num_decode_tokens"},
                           .session = {"session"},
                           .priority = {"priority"},
                           .deadline = {"deadline_s"},
                           .cancel = {"cancel_s"},
                           .ticks_per_s = 1.0,
                           .counts_from_start = true,
                           .parse_time = parse_number,
                           .time_expected = "seconds from the start, 0 or more, such as 12.345"});
}

}  // namespace plumb::workload
