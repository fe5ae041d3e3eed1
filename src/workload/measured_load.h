#pragma once
// The load of a measured run, to be simulated.

#include <cstdint>
#include <string>
#include <vector>

#include "workload/measured_run.h"
#include "workload/request.h"

namespace plumb::workload {

/// What is sent to the simulation. Request::id is the position in `from` where there are requests in the file.
struct MeasuredLoad {
  RequestSourcePtr source;
  std::int64_t requests = 0;
  bool arrivals_made = false;  ///< by our own sampler: the file does not say when requests started
  bool lengths_made = false;   ///< every request has the file's mean lengths
  std::string words;           ///< "300 requests, start times and lengths as measured"
};

/// Whether the client held requests back until others had ended: a load that reacts to the server. A bound that was
/// never reached is none.
bool closed_loop(const MeasuredRun& run);

/// The requests of the run, in order of start; without start times, with gaps made as the tool makes them, of stream
/// "arrivals" of `seed`; without requests, as many as were sent, of the file's mean lengths. Requests whose lengths are
/// not known (they failed) are left out. Fault::unmet where the load cannot be made again.
[[nodiscard]] Result<MeasuredLoad> measured_load(const MeasuredRun& run, std::uint64_t seed);

}  // namespace plumb::workload
