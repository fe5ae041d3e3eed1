// BurstGPT (HPMLL/BurstGPT, CC-BY 4.0). Timestamps are seconds from the first day's midnight. Release 1.1 and files _1
// and _2 have neither sessions nor elapsed times; in _3 sessions are UUIDs, blank for rows of the API log. The models
// of a trace are not told apart.

#include "workload/csv.h"
#include "workload/trace_csv.h"

namespace plumb::workload {

TraceFormatPtr burstgpt_trace_format() {
  return csv_trace_format({.name = "burstgpt",
                           .header = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type",
                           .time = {"Timestamp"},
                           .prompt = {"Request tokens"},
                           .output = {"Response tokens"},
                           .session = {"Session ID"},
                           .ticks_per_s = 1.0,
                           .parse_time = parse_number,
                           .time_expected = "a time in seconds, such as 45"});
}

}  // namespace plumb::workload
