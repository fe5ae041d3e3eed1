// Is a small set simulated as its words mean, and does the outcome depend on nothing else: not on the order of the
// rows, not on the number of threads, not on the rows around?

#include "validation/validation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include "validation/accuracy.h"
#include "validation/bands.h"

namespace plumb::validation {
namespace {

const catalog::Catalog& facts() {
  static const catalog::Catalog catalog = *catalog::Catalog::builtin();
  return catalog;
}
const ModelShelf& shelf() {
  static const ModelShelf shelf = *ModelShelf::builtin();
  return shelf;
}
std::vector<MeasuredRow> small() { return *read_measured_rows(PLUMB_SOURCE_DIR "/tests/data/cli/measured-small.csv"); }

Validation validate_rows(std::vector<MeasuredRow> rows, int jobs = 1) {
  return validate(std::move(rows), facts(), shelf(), {.jobs = jobs});
}

/// What is said of each row, by its run and metric.
std::map<std::string, std::string> by_name(const Validation& validation) {
  std::map<std::string, std::string> said;
  for (std::size_t i = 0; i < validation.rows.size(); ++i) {
    const RowResult& result = validation.results[i];
    said[validation.rows[i].run_id + " " + validation.rows[i].metric] =
        std::to_string(result.simulated.value_or(-1.0)) + " " + result.skipped;
  }
  return said;
}

TEST(Validation, TheOrderOfRowsDoesNotMatter) {
  const auto before = by_name(validate_rows(small()));
  std::vector<MeasuredRow> rows = small();
  std::reverse(rows.begin(), rows.end());
  std::rotate(rows.begin(), rows.begin() + 3, rows.end());
  EXPECT_EQ(by_name(validate_rows(std::move(rows))), before);
}

TEST(Validation, TheNumberOfJobsDoesNotMatter) {
  EXPECT_EQ(by_name(validate_rows(small(), 3)), by_name(validate_rows(small(), 1)));
}

TEST(Validation, ARowByItselfIsSaidTheSameOf) {
  const Validation all = validate_rows(small());
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    if (!all.results[i].simulated) continue;
    const Validation alone = validate_rows({all.rows[i]});
    EXPECT_EQ(alone.results[0].simulated, all.results[i].simulated) << all.rows[i].run_id;
  }
}

TEST(Validation, EveryRowIsSimulatedOrHasAReason) {
  const Validation all = validate_rows(small());
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    const RowResult& result = all.results[i];
    EXPECT_NE(result.simulated.has_value(), all.runs[result.run].reason.size() > 0 || !result.metric) << i;
    EXPECT_EQ(result.error.has_value(), result.simulated && all.rows[i].value) << i;
    EXPECT_FALSE(all.rows[i].trust == "C" && result.scored()) << i;
  }
}

TEST(Validation, AValueThatIsNotToldIsPredicted) {
  const Validation all = validate_rows(small());
  bool found = false;
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    if (all.rows[i].run_id != "told-later") continue;
    found = true;
    EXPECT_TRUE(all.results[i].simulated);
    EXPECT_FALSE(all.results[i].error);
    EXPECT_EQ(all.results[i].skipped, "");
  }
  EXPECT_TRUE(found);
}

/// Static batches: total_tok_s (in + out) times the latency is the batch's tokens, by the source's own definition.
TEST(Validation, ThroughputAndLatencyOfABatchAgree) {
  const Validation all = validate_rows(small());
  std::map<std::string, double> said;
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    if (all.rows[i].run_id == "ALCF-00984" && all.results[i].simulated)
      said[all.rows[i].metric] = *all.results[i].simulated;
  }
  ASSERT_EQ(said.size(), 2u);
  EXPECT_NEAR(said["total_tok_s"] * said["batch_latency_ms"] * 1e-3, 2048.0, 1e-6);
}

TEST(Accuracy, FiguresAreThoseOfTheirDefinition) {
  const ErrorFigures figures = figures_of({-0.3, 0.1, 0.2});
  EXPECT_EQ(figures.count, 3u);
  EXPECT_DOUBLE_EQ(figures.median, 0.2);
  EXPECT_DOUBLE_EQ(figures.bias, 0.1);
}

TEST(Accuracy, CountsEveryRowOnce) {
  const Validation all = validate_rows(small());
  const Accuracy accuracy = accuracy_of(all);
  std::size_t skipped = 0, cells = 0, predicted = 0;
  for (const auto& [reason, count] : accuracy.skipped) skipped += count.rows;
  for (const Cell& cell : accuracy.cells) cells += cell.rows.size();
  for (const RowResult& result : all.results) predicted += result.simulated && !result.error && result.skipped.empty();
  EXPECT_EQ(accuracy.read.rows, all.rows.size());
  EXPECT_EQ(cells, accuracy.scored_rows);
  EXPECT_EQ(skipped + cells + predicted, accuracy.read.rows);
}

TEST(Bands, AWeightedPercentileReachesItsShare) {
  EXPECT_EQ(weighted_percentile({{3.0, 1.0}, {1.0, 8.0}, {2.0, 1.0}}, 50.0), 1.0);
  EXPECT_EQ(weighted_percentile({{3.0, 1.0}, {1.0, 8.0}, {2.0, 1.0}}, 90.0), 2.0);
}

TEST(Bands, HoldTheValueWhereTheErrorLiesWithin) {
  Validation all = validate_rows(small());
  const Accuracy accuracy = accuracy_of(all);
  Bands bands;
  for (const Cell& cell : accuracy.cells) bands.set(cell.name.kind, cell.name.assumed, {-0.2, 0.1, 1});
  set_bands(all, accuracy.cells, &bands);
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    const RowResult& result = all.results[i];
    if (!result.scored()) continue;
    ASSERT_TRUE(result.low && result.high);
    const bool within = *all.rows[i].value >= *result.low && *all.rows[i].value <= *result.high;
    EXPECT_EQ(within, *result.error >= -0.2 && *result.error <= 0.1) << all.rows[i].run_id;
  }
}

}  // namespace
}  // namespace plumb::validation
