// Do sessions grow by exactly what was said, pause as long as people think, and say the same to any system?

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sources.h"
#include "workload/sessions.h"

namespace plumb::workload {
namespace {

SessionOptions some_options() {
  SessionOptions options;
  options.starts.count = 30;
  options.starts.rate_per_s = 2.0;
  options.starts.seed = *rc::gen::arbitrary<std::uint64_t>();
  options.turns = fixed_length(*rc::gen::inRange(1, 12));
  options.lengths = lengths_of_pairs({{5, 40}, {100, 200}, {1000, 300}, {1, 1}}, "four");
  options.memory = fixed_length(*rc::gen::element(0, 300));
  options.system_prompt_tokens = *rc::gen::element(0, 700);
  options.system_prompts = 3;
  options.think_time = *rc::gen::arbitrary<bool>() ? fixed_time(3.0) : nullptr;
  return options;
}

/// Requests of each session in order.
std::map<std::int64_t, std::vector<Request>> by_session(const Served& served) {
  std::map<std::int64_t, std::vector<Request>> sessions;
  for (const Request& request : served.requests) sessions[request.session].push_back(request);
  return sessions;
}

double some_service_s(const Request& request) { return 0.5 + 0.01 * static_cast<double>((request.id * 37) % 100); }

RC_GTEST_PROP(Sessions, ContextsGrowByExactlyWhatWasSaid, ()) {
  const SessionOptions options = some_options();
  const Served served = serve(*session_requests(options), some_service_s, *rc::gen::arbitrary<bool>());
  const auto sessions = by_session(served);
  RC_ASSERT(sessions.size() == 30u);
  const std::set<std::int64_t> news{5, 100, 1000, 1};
  for (const auto& [number, turns] : sessions) {
    RC_ASSERT(turns.size() == static_cast<std::size_t>(options.turns.max));
    RC_ASSERT(turns[0].history_tokens == 0);
    std::int64_t context = options.system_prompt_tokens + options.memory.max;
    for (std::size_t k = 0; k < turns.size(); ++k) {
      if (k > 0) RC_ASSERT(turns[k].history_tokens == context);
      RC_ASSERT(news.contains(turns[k].prompt_tokens - context));
      context = turns[k].prompt_tokens + turns[k].output_tokens;
    }
  }
}

RC_GTEST_PROP(Sessions, ATurnComesAThinkTimeAfterTheAnswer, ()) {
  const SessionOptions options = some_options();
  const Served served = serve(*session_requests(options), some_service_s);
  for (const auto& [number, turns] : by_session(served)) {
    for (std::size_t k = 1; k < turns.size(); ++k) {
      const double end_s = served.ends_s[static_cast<std::size_t>(turns[k - 1].id)];
      RC_ASSERT(turns[k].arrival_s == end_s + (options.think_time == nullptr ? 0.0 : 3.0));
    }
  }
}

RC_GTEST_PROP(Sessions, SayTheSameWhateverServesThem, ()) {
  const SessionOptions options = some_options();
  const auto fast = by_session(serve(*session_requests(options), [](const Request&) { return 0.001; }));
  const auto slow = by_session(serve(*session_requests(options), [](const Request& request) {
    return static_cast<double>((request.id * 7919) % 1000);
  }));
  RC_ASSERT(fast.size() == slow.size());
  for (const auto& [number, turns] : fast) {
    const std::vector<Request>& others = slow.at(number);
    RC_ASSERT(turns.size() == others.size());
    RC_ASSERT(turns[0].arrival_s == others[0].arrival_s);
    for (std::size_t k = 0; k < turns.size(); ++k) {
      RC_ASSERT(turns[k].prompt_tokens == others[k].prompt_tokens);
      RC_ASSERT(turns[k].output_tokens == others[k].output_tokens);
      RC_ASSERT(turns[k].history_tokens == others[k].history_tokens);
      RC_ASSERT(turns[k].shared_prefix == others[k].shared_prefix);
    }
  }
}

RC_GTEST_PROP(Sessions, PromptsStayWithinTheirLimitAndLoseTheOldestTurns, ()) {
  SessionOptions options = some_options();
  options.turns = fixed_length(20);
  const std::int64_t start = options.system_prompt_tokens + options.memory.max;
  options.max_prompt_tokens = start + *rc::gen::inRange(1000, 4000);
  options.keep_prompt_tokens = start + *rc::gen::inRange<std::int64_t>(0, options.max_prompt_tokens - start + 1);
  SessionOptions unlimited = options;
  unlimited.max_prompt_tokens = unlimited.keep_prompt_tokens = tokens_max;
  const auto limited = by_session(serve(*session_requests(options), some_service_s));
  const auto all = by_session(serve(*session_requests(unlimited), some_service_s));
  for (const auto& [number, turns] : limited) {
    const std::vector<Request>& whole = all.at(number);
    std::vector<std::int64_t> said;  // new tokens and output of each turn
    std::size_t kept_from = 0;
    for (std::size_t k = 0; k < turns.size(); ++k) {
      const std::int64_t before = k == 0 ? start : whole[k - 1].prompt_tokens + whole[k - 1].output_tokens;
      const std::int64_t added = whole[k].prompt_tokens - before;
      // By the definition, over all that was said.
      const auto prompt = [&](std::size_t from) {
        std::int64_t tokens = start + added;
        for (std::size_t i = from; i < k; ++i) tokens += said[i];
        return tokens;
      };
      const bool dropped = prompt(kept_from) > options.max_prompt_tokens;
      while (dropped && kept_from < k && prompt(kept_from) > options.keep_prompt_tokens) ++kept_from;
      RC_ASSERT(turns[k].prompt_tokens == prompt(kept_from));
      RC_ASSERT(turns[k].prompt_tokens <= options.max_prompt_tokens);
      const std::int64_t context = k == 0 ? 0 : turns[k - 1].prompt_tokens + turns[k - 1].output_tokens;
      RC_ASSERT(turns[k].history_tokens == (k == 0 ? 0 : dropped ? start : context));
      said.push_back(added + whole[k].output_tokens);
    }
  }
}

TEST(Sessions, ALongMessageIsNeverCut) {
  SessionOptions options;
  options.starts.count = 1;
  options.turns = fixed_length(3);
  options.lengths = fixed_lengths({5000, 10});
  options.system_prompt_tokens = 100;
  options.max_prompt_tokens = options.keep_prompt_tokens = 1000;
  const Served served = serve(*session_requests(options), some_service_s);
  ASSERT_EQ(served.requests.size(), 3u);
  for (const Request& request : served.requests) EXPECT_EQ(request.prompt_tokens, 5100);
  EXPECT_EQ(served.requests[1].history_tokens, 100);
}

TEST(Sessions, SharedPromptsAreThoseOfTheSystem) {
  SessionOptions options;
  options.starts.count = 3000;
  options.lengths = fixed_lengths({5, 5});
  EXPECT_EQ(serve(*session_requests(options), some_service_s).requests[0].shared_prefix, -1);
  options.system_prompt_tokens = 250;
  options.system_prompts = 4;
  options.system_prompt_exponent = 1.0;
  std::map<std::int64_t, int> counts;
  for (const Request& request : serve(*session_requests(options), some_service_s).requests) {
    EXPECT_EQ(request.shared_prefix_tokens, 250);
    ++counts[request.shared_prefix];
  }
  // Zipf with exponent 1 over four: 12 / 25, 6 / 25, 4 / 25, 3 / 25. Five standard errors are at most 5 sqrt(n) / 2.
  const double expected[] = {0.48, 0.24, 0.16, 0.12};
  ASSERT_EQ(counts.size(), 4u);
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(counts[i], 3000 * expected[i], 2.5 * std::sqrt(3000.0));
}

TEST(Sessions, TheSameSeedGivesTheSameRequestsAndNeighboursDoNot) {
  SessionOptions options;
  options.starts.count = 50;
  options.turns = fixed_length(3);
  options.lengths = lengths_of_pairs({{1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {7, 7}, {8, 8}}, "eight");
  options.starts.seed = 4;
  const Served a = serve(*session_requests(options), some_service_s);
  const Served b = serve(*session_requests(options), some_service_s);
  options.starts.seed = 5;
  const Served other = serve(*session_requests(options), some_service_s);
  ASSERT_EQ(a.requests.size(), 150u);
  const auto sessions = by_session(a), others = by_session(other);
  for (std::size_t i = 0; i < a.requests.size(); ++i) {
    EXPECT_EQ(a.requests[i].arrival_s, b.requests[i].arrival_s);
    EXPECT_EQ(a.requests[i].prompt_tokens, b.requests[i].prompt_tokens);
  }
  // Session k of one seed is not session k - 1 of the next: of 147 lengths an eighth are the same by chance.
  int same = 0;
  for (std::int64_t k = 1; k < 50; ++k) {
    for (std::size_t turn = 0; turn < 3; ++turn) {
      same += sessions.at(k)[turn].output_tokens == others.at(k - 1)[turn].output_tokens ? 1 : 0;
    }
  }
  EXPECT_LT(same, 40);
}

TEST(Sessions, ManySessionsRunAtOnce) {
  SessionOptions options;
  options.starts.count = 20000;
  options.starts.rate_per_s = 100.0;
  options.turns = fixed_length(4);
  options.lengths = fixed_lengths({10, 10});
  options.think_time = fixed_time(1.0);
  options.starts.terms.cancel_after = fixed_time(9.0);
  const Served served = serve(*session_requests(options), some_service_s);
  EXPECT_EQ(served.requests.size(), 80000u);
  EXPECT_EQ(served.requests[7].cancel_s, 9.0);
  // Little's law, but for the first and last seconds: 400 requests a second of about a second each.
  EXPECT_GT(served.in_flight_max, 300);
  EXPECT_LT(served.in_flight_max, 600);
}

}  // namespace
}  // namespace plumb::workload
