// Laws of the comparison: a simulation beside itself shows nothing, shares add up, and nothing depends on the order of
// the file.

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "measured_text.h"

namespace plumb::cli {
namespace {

using namespace test;

const serving::CompiledDeployment& roomy() {
  static const serving::CompiledDeployment deployment = plumb::test::llama_with_cache(200000);
  return deployment;
}

const serving::CompiledDeployment& tight() {
  static const serving::CompiledDeployment deployment = plumb::test::llama_with_cache(6000);
  return deployment;
}

// Also where the simulation queues and preempts.
RC_GTEST_PROP(ComparisonLaws, ASimulationBesideItselfShowsNoDifferenceAndNoCause, ()) {
  const double rate = static_cast<double>(*rc::gen::inRange(1, 60));
  const auto count = *rc::gen::inRange<std::int64_t>(1, 60);
  const serving::CompiledDeployment& deployment = *rc::gen::arbitrary<bool>() ? roomy() : tight();
  const serving::Outcome outcome =
      plumb::test::simulate(deployment, mixed_requests(rate, count, *rc::gen::inRange<std::uint64_t>(0, 100)));
  const Comparison comparison = compare_with(deployment, run_of(vllm_result(seen(outcome))));
  RC_ASSERT(comparison.pairs.size() == static_cast<std::size_t>(count));
  RC_ASSERT(comparison.attribution.shares.empty());
  for (const ComparedFigure& figure : comparison.figures) {
    if (figure.measured && *figure.measured > 0.0) RC_ASSERT(std::abs(*figure.difference()) < 1e-9);
  }
  RC_ASSERT(comparison.ttft.p90 < 1e-9);
  RC_ASSERT(comparison.e2el.p90 < 1e-9);
}

RC_GTEST_PROP(ComparisonLaws, SharesAddUpToOneWhateverTheServerDid, ()) {
  const auto count = *rc::gen::inRange<std::int64_t>(1, 60);
  const serving::CompiledDeployment& deployment = *rc::gen::arbitrary<bool>() ? roomy() : tight();
  Stream stream(*rc::gen::inRange<std::uint64_t>(0, 1000), "server");
  const serving::Outcome outcome =
      plumb::test::simulate(deployment, mixed_requests(static_cast<double>(*rc::gen::inRange(1, 40)), count));
  const Plant plant = [&](Seen& one, const serving::RequestRecord&) {
    const double decode_s = (one.e2e_s - one.ttft_s) * stream.uniform(0.2, 3.0);
    one.ttft_s *= stream.uniform(0.2, 3.0);
    one.e2e_s = one.ttft_s + decode_s;
  };
  const WrittenAs as{.start_times = *rc::gen::arbitrary<bool>()};
  const Comparison comparison = compare_with(deployment, run_of(vllm_result(seen(outcome, plant), as)));
  double sum = 0.0, error_s = 0.0, excess_s = 0.0;
  for (const CauseShare& share : comparison.attribution.shares) {
    RC_ASSERT(share.share >= 0.0 && share.share <= 1.0 + 1e-9);
    sum += share.share;
    excess_s += share.excess_s;
  }
  double pair_excess_s = 0.0;
  for (const RequestPair& pair : comparison.pairs) {
    error_s += std::abs(pair.ttft_excess_s()) + std::abs(pair.decode_excess_s());
    pair_excess_s += pair.measured.e2e_s - pair.simulated.e2e_s;
  }
  RC_ASSERT(std::abs(sum - 1.0) < 1e-9);
  RC_ASSERT(std::abs(error_s - comparison.attribution.error_s) <= 1e-9 * error_s);
  // Contributions of a request add up to its difference, so their means do too.
  RC_ASSERT(std::abs(excess_s * static_cast<double>(comparison.pairs.size()) - pair_excess_s) <= 1e-9 * error_s);
}

TEST(ComparisonLaws, TheOrderOfTheFileDoesNotMatter) {
  const serving::Outcome outcome = plumb::test::simulate(roomy(), mixed_requests(20.0, 80));
  std::vector<Seen> all = seen(outcome, [](Seen& one, const serving::RequestRecord&) { one.e2e_s *= 1.1; });
  const Comparison forward = compare_with(roomy(), run_of(vllm_result(all)));
  std::reverse(all.begin(), all.end());
  const Comparison backward = compare_with(roomy(), run_of(vllm_result(all)));
  ASSERT_EQ(forward.figures.size(), backward.figures.size());
  for (std::size_t i = 0; i < forward.figures.size(); ++i) {
    EXPECT_NEAR(*forward.figures[i].measured, *backward.figures[i].measured, 1e-9 * *forward.figures[i].measured);
    EXPECT_NEAR(*forward.figures[i].simulated, *backward.figures[i].simulated, 1e-9 * *forward.figures[i].simulated);
  }
  EXPECT_NEAR(share_of(forward, Cause::decode), share_of(backward, Cause::decode), 1e-9);
}

}  // namespace
}  // namespace plumb::cli
