// Is Plumb no worse on the carried measurements than when the baseline was written: no kind's error larger, no run
// given up? Rewrite it with `plumb validate --baseline validation/baseline.json` where a change is meant, and say why.

#include "validation/baseline.h"

#include <gtest/gtest.h>

#include "validation/validation.h"

namespace plumb::validation {
namespace {

TEST(Baseline, TheCarriedMeasurementsAreNoFurtherOff) {
  const Result<catalog::Catalog> catalog = catalog::Catalog::builtin();
  const Result<ModelShelf> shelf = ModelShelf::builtin();
  auto rows = carried_measured_rows();
  const Result<Baseline> before = carried_baseline();
  ASSERT_TRUE(catalog && shelf && rows);
  ASSERT_TRUE(before) << render(before.error());
  Validation validation = validate(std::move(*rows), *catalog, *shelf);
  const Accuracy accuracy = accuracy_of(validation);
  set_bands(validation, accuracy.cells, nullptr);
  const Baseline now = baseline_of(validation, accuracy);
  for (const std::string& line : regressions(*before, now)) ADD_FAILURE() << line;
  EXPECT_GE(now.coverage, 0.7) << "bands of other cells hold too little";
}

Baseline made(double median, std::size_t runs) {
  Baseline baseline;
  baseline.simulated_runs = runs;
  baseline.kinds.push_back(
      {"offline throughput", false, {.cells = 3, .rows = 9, .median = median, .p90 = 0.4, .bias = 0.0}});
  baseline.bands.set("offline throughput", false, {-0.1, 0.2, 3});
  return baseline;
}

TEST(Baseline, ReadsWhatItWrites) {
  const Baseline baseline = made(0.12, 7);
  const Result<Baseline> read = parse_baseline(baseline_json(baseline), "b.json");
  ASSERT_TRUE(read) << render(read.error());
  EXPECT_EQ(baseline_json(*read), baseline_json(baseline));
}

TEST(Baseline, ALargerErrorOrFewerRunsIsARegression) {
  EXPECT_TRUE(regressions(made(0.12, 7), made(0.10, 8)).empty());
  EXPECT_EQ(regressions(made(0.12, 7), made(0.12, 6)).size(), 1u);
  EXPECT_EQ(regressions(made(0.12, 7), made(0.15, 7)).size(), 1u);
  Baseline none = made(0.1, 7);
  none.kinds.clear();
  EXPECT_EQ(regressions(made(0.12, 7), none).size(), 1u);
}

}  // namespace
}  // namespace plumb::validation
