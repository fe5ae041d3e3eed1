// Are the closed forms of a span equal to what its definition gives, counted one key at a time?

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "known_models.h"

namespace plumb::model {
namespace {

std::int64_t up_to(std::int64_t low, std::int64_t high) { return *rc::gen::inRange(low, high + 1); }

Span any_span() {
  Span span;
  span.kind = *rc::gen::element(Span::Kind::full, Span::Kind::sliding, Span::Kind::chunked, Span::Kind::compressed,
                                Span::Kind::state);
  span.window = up_to(span.kind == Span::Kind::compressed ? 0 : 1, 40);
  span.ratio = up_to(1, 9);
  span.limit = up_to(0, 12);
  return span;
}

/// The header's definition, in entries and tokens that a query at `context` sees.
double keys_by_definition(const Span& span, std::int64_t c) {
  double keys = 0.0;
  const std::int64_t chunk_of_query = span.window > 0 ? (c - 1) / span.window : 0;
  for (std::int64_t i = 1; i <= c; ++i) {
    const bool in_window = i > c - span.window;
    switch (span.kind) {
      case Span::Kind::full: keys += 1.0; break;
      case Span::Kind::sliding: keys += in_window; break;
      case Span::Kind::chunked: keys += (i - 1) / span.window == chunk_of_query; break;
      case Span::Kind::compressed:
        keys += in_window;
        keys += i % span.ratio == 0 && (span.limit == 0 || i / span.ratio <= span.limit);
        break;
      case Span::Kind::state: break;
    }
  }
  return keys;
}

RC_GTEST_PROP(Span, KeysAreThoseOfTheDefinition, ()) {
  const Span span = any_span();
  const std::int64_t context = up_to(1, 300);
  RC_ASSERT(span.keys(context) == keys_by_definition(span, context));
}

RC_GTEST_PROP(Span, PairsAreTheSumOfKeys, ()) {
  const Span span = any_span();
  const std::int64_t context = up_to(0, 300), tokens = up_to(0, 300);
  double sum = 0.0;
  for (std::int64_t i = 1; i <= tokens; ++i) sum += span.keys(context + i);
  RC_ASSERT(span.pairs(tokens, context) == sum);
}

RC_GTEST_PROP(Span, PairsOfChunksAddUpToThoseOfOne, ()) {
  const Span span = any_span();
  const std::int64_t context = up_to(0, 100000), first = up_to(0, 50000), second = up_to(0, 50000);
  RC_ASSERT(span.pairs(first, context) + span.pairs(second, context + first) == span.pairs(first + second, context));
}

RC_GTEST_PROP(Span, DistinctKeysAreTheUnionOverQueries, ()) {
  Span span = any_span();
  span.limit = 0;
  const std::int64_t context = up_to(0, 200), tokens = up_to(1, 100);
  std::set<std::int64_t> seen;  // tokens as such, entries as negative numbers
  for (std::int64_t c = context + 1; c <= context + tokens; ++c) {
    for (std::int64_t i = 1; i <= c; ++i) {
      const bool in_window = i > c - span.window;
      const bool token = span.kind == Span::Kind::full ||
                         (span.kind == Span::Kind::chunked && (i - 1) / span.window == (c - 1) / span.window) ||
                         ((span.kind == Span::Kind::sliding || span.kind == Span::Kind::compressed) && in_window);
      if (token) seen.insert(i);
      if (span.kind == Span::Kind::compressed && i % span.ratio == 0) seen.insert(-i);
    }
  }
  RC_ASSERT(span.distinct(tokens, context) == static_cast<double>(seen.size()));
}

RC_GTEST_PROP(Span, DistinctKeysLieBetweenOneQueryAndAllPairs, ()) {
  const Span span = any_span();
  const std::int64_t context = up_to(0, 5000), tokens = up_to(1, 3000);
  RC_ASSERT(span.distinct(tokens, context) >= span.keys(context + tokens));
  RC_ASSERT(span.distinct(tokens, context) <= span.pairs(tokens, context));
  RC_ASSERT(span.distinct(1, context) == span.keys(context + 1));
}

RC_GTEST_PROP(Span, WhatIsCachedGrowsAndCoversWhatIsRead, ()) {
  const Span span = any_span();
  const std::int64_t context = up_to(1, 5000);
  RC_ASSERT(span.cached(context) >= span.keys(context));
  RC_ASSERT(span.cached(context + 1) >= span.cached(context));
}

TEST(Span, OfDeepSeekV4ReadsEntriesAndAWindow) {
  const Span span{.kind = Span::Kind::compressed, .window = 128, .ratio = 4, .limit = 512};
  EXPECT_EQ(span.keys(100), 25 + 100);
  EXPECT_EQ(span.keys(1000000), 512 + 128);
  EXPECT_EQ(span.cached(1000000), 250000 + 128);
}

TEST(Span, PairsOfAMillionTokensAreExact) {
  EXPECT_EQ(Span{}.pairs(1000000, 9000000), 9000000.0 * 1000000.0 + 500000500000.0);
}

RC_GTEST_PROP(Step, ChunksOfAPromptAddUpToThePrompt, ()) {
  const Model model = test::gpt_oss_20b();
  const std::int64_t first = up_to(1, 4000), second = up_to(1, 4000);
  Step one, two;
  add_prefill(model, one, first + second, 0, true);
  add_prefill(model, two, first, 0, false);
  add_prefill(model, two, second, first, true);
  RC_ASSERT(one.prefill_tokens == two.prefill_tokens);
  RC_ASSERT(one.sampled_sequences == two.sampled_sequences);
  for (std::size_t i = 0; i < model.spans.size(); ++i) {
    RC_ASSERT(one.spans[i].prefill_pairs == two.spans[i].prefill_pairs);
  }
}

TEST(Step, CountsSequencesTokensAndContexts) {
  const Model model = test::gpt_oss_20b();
  Step step;
  add_decode(model, step, 1000);
  add_decode(model, step, 50);
  add_prefill(model, step, 300, 200, false);
  EXPECT_EQ(step.tokens(), 302);
  EXPECT_EQ(step.sequences(), 3);
  EXPECT_EQ(step.sampled_sequences, 2);
  EXPECT_EQ(step.context_tokens, 1000 + 50 + 500);
  EXPECT_EQ(step.spans[0].decode_keys, 128 + 50);
  EXPECT_EQ(step.spans[1].decode_keys, 1050);
  EXPECT_EQ(step.spans[0].prefill_keys, 127 + 300);
  EXPECT_EQ(step.spans[1].prefill_keys, 500);
}

}  // namespace
}  // namespace plumb::model
