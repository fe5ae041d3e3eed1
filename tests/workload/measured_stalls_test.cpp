// Is a request that was left out of steps told from one in a slow step?

#include "workload/measured_stalls.h"

#include <gtest/gtest.h>

namespace plumb::workload {
namespace {

constexpr double step_s = 0.02;

/// Requests that start together and get a token in every step of 20 ms.
MeasuredRun steady(std::size_t count, std::size_t tokens) {
  MeasuredRun run;
  run.start_times = true;
  for (std::size_t i = 0; i < count; ++i) {
    MeasuredRequest request;
    request.id = static_cast<std::int64_t>(i);
    request.ttft_s = 0.1;
    request.gaps_s.assign(tokens - 1, step_s);
    request.prompt_tokens = 10;
    request.output_tokens = static_cast<std::int64_t>(tokens);
    run.requests.push_back(request);
  }
  return run;
}

TEST(Stalls, ASteadyRunHasNone) { EXPECT_EQ(stalled_requests(steady(4, 50)), std::vector<bool>(4, false)); }

TEST(Stalls, AStepThatIsSlowForAllIsNone) {
  MeasuredRun run = steady(4, 50);
  for (MeasuredRequest& request : run.requests) request.gaps_s[20] = 2.0;
  EXPECT_EQ(stalled_requests(run), std::vector<bool>(4, false));
}

TEST(Stalls, WhoWaitsWhileOthersGoOnIsStalled) {
  MeasuredRun run = steady(4, 50);
  run.requests[2].gaps_s[20] = 10 * step_s;
  EXPECT_EQ(stalled_requests(run), (std::vector<bool>{false, false, true, false}));
}

// Those that go on need not last as long as the gap.
TEST(Stalls, OthersMayEndMeanwhile) {
  MeasuredRun run = steady(4, 50);
  run.requests[2].gaps_s[40] = 0.3;  // from 0.9 s to 1.2 s; the others end at 1.08 s
  EXPECT_EQ(stalled_requests(run), (std::vector<bool>{false, false, true, false}));
}

TEST(Stalls, TwoTokensMayBeTheNetworks) {
  MeasuredRun run = steady(4, 50);
  run.requests[2].gaps_s[20] = 2.5 * step_s;
  EXPECT_EQ(stalled_requests(run), std::vector<bool>(4, false));
}

TEST(Stalls, NothingIsKnownWithoutOthersStartsOrGaps) {
  MeasuredRun alone = steady(1, 50);
  alone.requests[0].gaps_s[20] = 5.0;
  EXPECT_EQ(stalled_requests(alone), std::vector<bool>{false});
  MeasuredRun run = steady(4, 50);
  run.requests[2].gaps_s[20] = 5.0;
  run.start_times = false;
  EXPECT_EQ(stalled_requests(run), std::vector<bool>(4, false));
  run.start_times = true;
  for (MeasuredRequest& request : run.requests) request.gaps_s.clear();
  EXPECT_EQ(stalled_requests(run), std::vector<bool>(4, false));
}

}  // namespace
}  // namespace plumb::workload
