// Is what an infinite cache would have counted as on the trace itself, whatever the order of equal times?

#include <algorithm>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sources.h"
#include "workload/prefix_count.h"
#include "workload/sessions.h"
#include "workload/trace.h"

namespace plumb::workload {
namespace {

const std::string mooncake = PLUMB_SOURCE_DIR "/tests/data/workload/mooncake-conversation.jsonl.zst";
const std::string excerpt = PLUMB_SOURCE_DIR "/examples/traces/mooncake-conversation.jsonl.zst";

Request hashed(std::int64_t prompt_tokens, std::vector<std::uint64_t> hashes) {
  return {0, 0.0, prompt_tokens, 1, -1, std::move(hashes)};
}

TEST(PrefixCount, CountsLeadingKnownBlocksUpToThePrompt) {
  PrefixCounter counter;
  EXPECT_EQ(counter.take(hashed(1500, {1, 2, 3})), 0);
  EXPECT_EQ(counter.take(hashed(1500, {1, 2, 3})), 1500);
  EXPECT_EQ(counter.take(hashed(1400, {1, 2, 4})), 1024);
  // A block that is known behind one that is not is of no use.
  EXPECT_EQ(counter.take(hashed(1536, {9, 2, 3})), 0);
  EXPECT_EQ(counter.counts().requests, 4);
  EXPECT_EQ(counter.counts().prompt_tokens, 5936);
  EXPECT_EQ(counter.counts().repeated_tokens, 2524);
}

TEST(PrefixCount, WithoutHashesTheLongerOfHistoryAndSharedPrefix) {
  PrefixCounter counter;
  Request request{0, 0.0, 1000, 1, 0, {}};
  request.shared_prefix = 5;
  request.shared_prefix_tokens = 300;
  EXPECT_EQ(counter.take(request), 0);
  EXPECT_EQ(counter.take(request), 300);
  request.history_tokens = 800;
  EXPECT_EQ(counter.take(request), 800);
  request.shared_prefix = 6;
  request.history_tokens = 0;
  EXPECT_EQ(counter.take(request), 0);
}

TEST(PrefixCount, MooncakeConversationTrace) {
  const Result<std::vector<Request>> requests = read_trace(mooncake);
  ASSERT_TRUE(requests) << one_line(requests.error());
  ASSERT_EQ(requests->size(), 12031u);
  const PrefixCounts counts = count_prefixes(*requests);
  EXPECT_EQ(counts.prompt_tokens, 144793823);
  EXPECT_EQ(counts.repeated_tokens, 54098411);
  EXPECT_NEAR(100.0 * counts.share(), 37.36, 0.005);
}

TEST(PrefixCount, TheOrderOfEqualTimesDoesNotMatter) {
  Result<std::vector<Request>> requests = read_trace(mooncake);
  ASSERT_TRUE(requests) << one_line(requests.error());
  Stream stream(1, "shuffle");
  for (int round = 0; round < 5; ++round) {
    for (auto first = requests->begin(); first != requests->end();) {
      const auto last =
          std::find_if(first, requests->end(), [&](const Request& r) { return r.arrival_s != first->arrival_s; });
      for (auto at = last; at - first > 1; --at) {
        std::iter_swap(at - 1,
                       first + static_cast<std::ptrdiff_t>(stream.below(static_cast<std::uint64_t>(at - first))));
      }
      first = last;
    }
    EXPECT_EQ(count_prefixes(*requests).repeated_tokens, 54098411);
  }
}

TEST(PrefixCount, TheExamplesExcerpt) {
  const Result<std::vector<Request>> requests = read_trace(excerpt);
  ASSERT_TRUE(requests) << one_line(requests.error());
  EXPECT_EQ(requests->size(), 4000u);
  const PrefixCounts counts = count_prefixes(*requests);
  EXPECT_EQ(counts.prompt_tokens, 53249359);
  EXPECT_EQ(counts.repeated_tokens, 17647225);
}

RC_GTEST_PROP(PrefixCount, SessionsRepeatAllButWhatIsNew, ()) {
  SessionOptions options;
  options.starts.count = 20;
  options.turns = fixed_length(*rc::gen::inRange(1, 9));
  options.lengths = lengths_of_pairs({{5, 40}, {100, 200}}, "two");
  options.system_prompt_tokens = 64;
  const Served served = serve(*session_requests(options), [](const Request&) { return 0.75; });
  // New are the system prompt once and every message. An answer is repeated by the turn after it.
  std::int64_t fresh = 64, prompts = 0;
  std::map<std::int64_t, std::int64_t> contexts;
  for (const Request& request : served.requests) {
    const std::int64_t before = contexts.contains(request.session) ? contexts[request.session] : 64;
    fresh += request.prompt_tokens - before;
    prompts += request.prompt_tokens;
    contexts[request.session] = request.prompt_tokens + request.output_tokens;
  }
  const PrefixCounts counts = count_prefixes(served.requests);
  RC_ASSERT(counts.prompt_tokens == prompts);
  RC_ASSERT(counts.repeated_tokens == prompts - fresh);
}

}  // namespace
}  // namespace plumb::workload
