// Is what was asked for lately there, and never more than two generations of it?

#include "workload/recent_map.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "trace_text.h"
#include "workload/trace_lines.h"

namespace plumb::workload {
namespace {

// Law: a key is found again if fewer than a generation of different ones were asked for since; there are at most two
// generations.
RC_GTEST_PROP(RecentMap, RemembersAGenerationAndKeepsAtMostTwo, ()) {
  const auto generation = *rc::gen::inRange<std::size_t>(1, 6);
  RecentMap<int, int> map(generation);
  std::vector<int> asked;
  int made = 0;
  for (int i = 0; i < 60; ++i) {
    const int key = *rc::gen::inRange(0, 14);
    const auto last = std::find(asked.rbegin(), asked.rend(), key);
    std::vector<int> since(asked.rbegin(), last);
    std::sort(since.begin(), since.end());
    since.erase(std::unique(since.begin(), since.end()), since.end());
    const int before = made;
    map.get(key, [&] { return ++made; });
    if (last != asked.rend() && since.size() < generation) RC_ASSERT(made == before);
    RC_ASSERT(map.size() <= 2 * generation);
    asked.push_back(key);
  }
}

// However many sessions a trace has, it is read in the memory of those that spoke lately.
TEST(TraceSessions, AreForgottenWhenOthersHaveSpoken) {
  TraceLines lines("trace.csv", {}, 10);
  Request request;
  ASSERT_TRUE(lines.take("arrival_s,prompt_tokens,output_tokens,session", request));
  const auto speak = [&](int session) {
    const auto taken = lines.take(fmt::format("1,200,5,{}", session), request);
    EXPECT_TRUE(taken && *taken);
  };
  for (int session = 0; session < 1000; ++session) speak(session);
  EXPECT_LE(lines.sessions_kept(), 20u);
  speak(999);
  EXPECT_EQ(request.history_tokens, 0) << "a prompt of 200 repeats no context of 205";
  ASSERT_TRUE(lines.take("2,300,5,999", request));
  EXPECT_EQ(request.history_tokens, 205);
  EXPECT_EQ(request.context, 1000);
  ASSERT_TRUE(lines.take("2,300,5,0", request));
  EXPECT_EQ(request.history_tokens, 0) << "forgotten";
  EXPECT_EQ(request.context, request.id);
}

TEST(TraceSessions, ANameThatWasForgottenIsANewSession) {
  SessionNumbers numbers(2);
  EXPECT_EQ(numbers.number("a"), 0);
  for (const char* name : {"b", "c", "d", "e"}) numbers.number(name);
  EXPECT_EQ(numbers.number("e"), 4);
  EXPECT_EQ(numbers.number("a"), 5);
  EXPECT_LE(numbers.remembered(), 4u);
}

}  // namespace
}  // namespace plumb::workload
