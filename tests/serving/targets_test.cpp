// Are targets read, met and missed as they are defined?

#include "serving/targets.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/document.h"

namespace plumb::serving {
namespace {

RequestRecord record(double ttft_s, double tpot_s, std::int64_t output) {
  RequestRecord record;
  record.first_token_s = ttft_s;
  record.output_tokens = output;
  record.finish_s = ttft_s + tpot_s * static_cast<double>(output - 1);
  return record;
}

Targets both() {
  Targets targets;
  targets.ttft = Target{1.0, 90.0};
  targets.tpot = Target{0.05, 90.0};
  return targets;
}

TEST(Targets, AreReadInBothForms) {
  const auto document =
      Document::parse_toml("ttft = { limit = \"800 ms\", percentile = 99 }\ne2e = \"20 s\"", "t.toml");
  ASSERT_TRUE(document);
  Reader reader(*document);
  const Targets targets = read_targets(reader);
  ASSERT_TRUE(reader.finish());
  EXPECT_EQ(targets.ttft->limit_s, 0.8);
  EXPECT_EQ(targets.ttft->percentile, 99.0);
  EXPECT_EQ(targets.e2e->limit_s, 20.0);
  EXPECT_EQ(targets.e2e->percentile, 95.0);
  EXPECT_FALSE(targets.tpot);
}

TEST(Targets, NineOfTenWithinMeetP90) {
  std::vector<RequestRecord> records(9, record(0.9, 0.04, 10));
  records.push_back(record(5.0, 0.04, 10));
  EXPECT_TRUE(measure(both(), records).met());
  records.push_back(record(5.0, 0.04, 10));
  const TargetResults results = measure(both(), records);
  EXPECT_FALSE(results.met());
  ASSERT_NE(results.worst(), nullptr);
  EXPECT_EQ(results.worst()->name, "TTFT");
  EXPECT_EQ(results.worst()->ratio(), 5.0);
}

TEST(Targets, ARequestThatIsNotCompletedIsInfinitelyLate) {
  RequestRecord rejected;
  rejected.rejected = true;
  EXPECT_FALSE(within(both(), rejected));
  const std::vector<RequestRecord> records{rejected};
  EXPECT_FALSE(measure(both(), records).met());
}

// Beyond what is kept, figures are from a sketch; whether a target is met is counted and stays exact.
RC_GTEST_PROP(TargetMeter, SketchedVerdictsAreThoseOfExactOnes, ()) {
  Targets targets;
  targets.ttft = Target{0.01 * *rc::gen::inRange(1, 100), 1.0 * *rc::gen::inRange(1, 100)};
  targets.tpot = Target{0.05, 90.0};
  std::vector<RequestRecord> records;
  TargetMeter sketched(targets, 3);
  std::int64_t good = 0;
  const int count = *rc::gen::inRange(1, 100);
  for (int i = 0; i < count; ++i) {
    records.push_back(record(0.01 * *rc::gen::inRange(0, 110), *rc::gen::element(0.049, 0.05, 0.051), 10));
    if (*rc::gen::inRange(0, 20) == 0) records.back() = RequestRecord{};
    sketched.add(records.back());
    good += within(targets, records.back()) ? 1 : 0;
  }
  const TargetResults exact = measure(targets, records), made = sketched.results();
  RC_ASSERT(made.ttft->met() == exact.ttft->met());
  RC_ASSERT(made.tpot->met() == exact.tpot->met());
  RC_ASSERT(made.ttft->within == exact.ttft->within);
  RC_ASSERT(sketched.within_all() == good);
  const double right_s = exact.ttft->measured_s;
  RC_ASSERT((made.ttft->measured_s == right_s || std::abs(made.ttft->measured_s - right_s) <= 0.006 * right_s));
}

TEST(Targets, ASingleTokenHasNoGap) {
  EXPECT_TRUE(within(both(), record(0.5, 0.0, 1)));
  EXPECT_FALSE(within(both(), record(0.5, 0.06, 2)));
  EXPECT_FALSE(within(both(), record(1.5, 0.01, 2)));
}

}  // namespace
}  // namespace plumb::serving
