#pragma once
// A load with a limit of requests in flight, as clients with so many connections make it.

#include <cstdint>

#include "workload/request.h"

namespace plumb::workload {

/// The requests of `source`, at most `max_concurrency` of them in flight: `vllm bench serve --max-concurrency N`. A
/// request that is due while N are in flight waits with the client, in order of arrival, and is sent when one ends. Its
/// arrival is when it is sent, as there: no latency counts the wait with the client.
///
/// A closed loop, whatever the source is; a source that is one is told of every end. Reads one request ahead of an open
/// source. `max_concurrency` is at least 1.
RequestSourcePtr limit_concurrency(RequestSourcePtr source, std::int64_t max_concurrency);

}  // namespace plumb::workload
