#pragma once
// Sources run to their end by a stand-in for the simulation.

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>
#include <vector>

#include <gtest/gtest.h>

#include "workload/request.h"

namespace plumb::workload {

/// All requests of an open source.
inline std::vector<Request> all_of(RequestSource& source) {
  std::vector<Request> requests;
  for (;;) {
    Result<std::optional<Request>> request = source.next();
    if (!request || !*request) return requests;
    requests.push_back(std::move(**request));
  }
}

struct Served {
  std::vector<Request> requests;  ///< in the order in which they were given
  std::vector<double> ends_s;     ///< by id
  std::int64_t in_flight_max = 0;
};

/// Runs a closed loop as request.h asks for it: a request ends service_s(request) after its arrival. Ends at the time
/// of the next arrival are told first, or last. Checks what the source promises.
inline Served serve(RequestSource& source, const std::function<double(const Request&)>& service_s,
                    bool ends_first = true, std::size_t requests_max = 100000) {
  using End = std::pair<double, std::int64_t>;
  std::priority_queue<End, std::vector<End>, std::greater<>> ends;
  Served served;
  double now_s = 0.0;
  while (served.requests.size() < requests_max) {
    const double arrival_s = source.next_arrival_s();
    const bool end_is_next =
        !ends.empty() && (ends_first ? ends.top().first <= arrival_s : ends.top().first < arrival_s);
    if (end_is_next) {
      const auto [time_s, id] = ends.top();
      ends.pop();
      now_s = time_s;
      source.finished(id, time_s);
      EXPECT_GE(source.next_arrival_s(), now_s);
      continue;
    }
    Result<std::optional<Request>> request = source.next();
    EXPECT_TRUE(request.has_value());
    if (!request || !*request) {
      EXPECT_TRUE(std::isinf(arrival_s) && ends.empty());
      return served;
    }
    EXPECT_EQ((*request)->arrival_s, arrival_s);
    EXPECT_GE(arrival_s, now_s);
    now_s = arrival_s;
    served.ends_s.resize(std::max(served.ends_s.size(), static_cast<std::size_t>((*request)->id) + 1));
    const double end_s = arrival_s + service_s(**request);
    served.ends_s[static_cast<std::size_t>((*request)->id)] = end_s;
    ends.emplace(end_s, (*request)->id);
    served.in_flight_max = std::max(served.in_flight_max, static_cast<std::int64_t>(ends.size()));
    served.requests.push_back(std::move(**request));
  }
  return served;
}

}  // namespace plumb::workload
