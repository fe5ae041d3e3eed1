// Is the number in flight never above the limit, and does every request go out as soon as it may?

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sources.h"
#include "workload/arrivals.h"
#include "workload/concurrency.h"
#include "workload/sessions.h"

namespace plumb::workload {
namespace {

RequestSourcePtr requests_at(const std::vector<double>& arrivals_s) {
  std::vector<Request> requests;
  for (const double arrival_s : arrivals_s) {
    requests.push_back({static_cast<std::int64_t>(requests.size()), arrival_s, 10, 10, -1, {}});
  }
  return fixed_requests(std::move(requests));
}

std::vector<double> arrivals(const Served& served) {
  std::vector<double> arrivals_s;
  for (const Request& request : served.requests) arrivals_s.push_back(request.arrival_s);
  return arrivals_s;
}

TEST(Concurrency, RequestKPlusNIsSentWhenOneEndsButNotBeforeItsTime) {
  const RequestSourcePtr source = limit_concurrency(requests_at({0, 0, 0, 1, 9, 20}), 2);
  EXPECT_TRUE(source->closed_loop());
  const double service_s[] = {3, 5, 1, 7, 2, 1};
  const Served served = serve(*source, [&](const Request& request) { return service_s[request.id]; });
  // 0 and 1 at once; 2 when 0 ends at 3; 3 when 2 ends at 4; 4 at its own time, as 1 ended at 5; 5 at its own.
  EXPECT_EQ(arrivals(served), (std::vector<double>{0, 0, 3, 4, 9, 20}));
}

/// Times of any requests and services, with ties.
std::vector<double> some_times(std::size_t count) {
  std::vector<double> times;
  for (const int time : *rc::gen::container<std::vector<int>>(count, rc::gen::inRange(0, 40))) times.push_back(time);
  return times;
}

RC_GTEST_PROP(Concurrency, NeverMoreThanTheLimitAndNoPlaceIdles, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 60);
  std::vector<double> due_s = some_times(count);
  std::sort(due_s.begin(), due_s.end());
  const std::vector<double> service_s = some_times(count);
  const auto limit = *rc::gen::inRange<std::int64_t>(1, 8);
  const bool ends_first = *rc::gen::arbitrary<bool>();
  const RequestSourcePtr source = limit_concurrency(requests_at(due_s), limit);
  const Served served = serve(
      *source, [&](const Request& request) { return service_s[static_cast<std::size_t>(request.id)]; }, ends_first);
  RC_ASSERT(served.requests.size() == count);
  RC_ASSERT(served.in_flight_max <= limit);
  // Against the definition: of the ends of those before, all but limit - 1 must have come.
  std::vector<double> ends_s;
  for (std::size_t k = 0; k < count; ++k) {
    RC_ASSERT(served.requests[k].id == static_cast<std::int64_t>(k));
    double free_s = 0.0;
    if (k >= static_cast<std::size_t>(limit)) {
      std::sort(ends_s.begin(), ends_s.end());
      free_s = ends_s[k - static_cast<std::size_t>(limit)];
    }
    RC_ASSERT(served.requests[k].arrival_s == std::max(due_s[k], free_s));
    ends_s.push_back(served.ends_s[k]);
  }
}

TEST(Concurrency, ALimitThatIsNeverReachedChangesNothing) {
  GeneratorOptions options;
  options.count = 500;
  const std::vector<Request> open = all_of(*generate_requests(options, fixed_lengths({10, 20})));
  const RequestSourcePtr source = limit_concurrency(generate_requests(options, fixed_lengths({10, 20})), 500);
  const Served served = serve(*source, [](const Request&) { return 1e6; });
  ASSERT_EQ(served.requests.size(), open.size());
  for (std::size_t i = 0; i < open.size(); ++i) EXPECT_EQ(served.requests[i].arrival_s, open[i].arrival_s);
}

TEST(Concurrency, LimitsAClosedLoopAndTellsItOfEveryEnd) {
  SessionOptions options;
  options.starts.count = 40;
  options.starts.rate_per_s = 5.0;
  options.turns = fixed_length(6);
  options.think_time = fixed_time(0.5);
  options.lengths = fixed_lengths({10, 20});
  const RequestSourcePtr source = limit_concurrency(session_requests(options), 3);
  const Served served = serve(*source, [](const Request& request) { return 1.0 + 0.1 * (request.id % 7); });
  EXPECT_EQ(served.requests.size(), 240u);
  EXPECT_EQ(served.in_flight_max, 3);
}

class WrongAfterOne : public RequestSource {
 public:
  Result<std::optional<Request>> next() override {
    if (given_++ == 0) return Request{0, 2.0, 1, 1, -1, {}};
    return fail(input_error({"trace.csv", 3, 1}, "wrong"));
  }

 private:
  int given_ = 0;
};

TEST(Concurrency, AnErrorOfTheInputIsGivenWhenItsTurnComes) {
  const RequestSourcePtr source = limit_concurrency(std::make_unique<WrongAfterOne>(), 1);
  const auto first = source->next();
  ASSERT_TRUE(first && *first);
  EXPECT_TRUE(std::isinf(source->next_arrival_s()));
  source->finished(0, 5.0);
  EXPECT_EQ(source->next_arrival_s(), 5.0);
  const auto second = source->next();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, "wrong");
  const auto third = source->next();
  EXPECT_TRUE(third && !*third);
}

}  // namespace
}  // namespace plumb::workload
