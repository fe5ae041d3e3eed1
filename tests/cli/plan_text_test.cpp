// Does a plan on the terminal say what to buy, in which units, and why nothing can be bought?

#include "cli/plan_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/units.h"
#include "support/services.h"

namespace plumb::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string text_of(const planner::Service& service, bool why = false, const report::Style& style = {}) {
  return plan_text(service, test::quick_plan(service), why, style);
}

/// The text with its paragraphs on one line each.
std::string unwrapped(const std::string& text) {
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool broken = text[i] == '\n' && i + 3 < text.size() && text.compare(i + 1, 2, "  ") == 0;
    line += broken ? ' ' : text[i];
    if (broken) i += 2;
  }
  return line;
}

/// The lines of the table under a heading, from its first row on.
std::vector<std::string> rows_under(const std::string& text, const std::string& heading) {
  std::vector<std::string> rows;
  std::size_t at = text.find(heading + "\n");
  EXPECT_NE(at, std::string::npos) << heading;
  int rules = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty()) break;
    if (rules > 0) rows.push_back(line);
    if (line.find("\u2500\u2500") != std::string::npos) ++rules;
  }
  return rows;
}

TEST(PlanText, RanksEveryChoiceAndExplainsTies) {
  const planner::Service service = test::small_service();
  const planner::Plan plan = test::quick_plan(service);
  ASSERT_GE(plan.choices.size(), 2u);
  const std::string text = plan_text(service, plan, false, {});
  const std::vector<std::string> rows = rows_under(text, "Fleets, cheapest first");
  ASSERT_GE(rows.size(), plan.choices.size());
  for (std::size_t i = 0; i < plan.choices.size(); ++i) {
    const planner::Choice& choice = plan.choices[i];
    EXPECT_THAT(rows[i], testing::StartsWith("  " + std::to_string(choice.rank) + (choice.tie ? " tie" : " ")));
    EXPECT_THAT(rows[i], HasSubstr(choice.candidate.accelerator->name));
  }
  EXPECT_THAT(text, HasSubstr("Costs within 10 % of each other tie: the evidence cannot tell them apart."));
}

TEST(PlanText, CallsTiedRanksTies) {
  const planner::Service service = test::small_service();
  planner::Plan plan = test::quick_plan(service);
  ASSERT_GE(plan.choices.size(), 2u);
  plan.choices[0].tie = plan.choices[1].tie = true;
  plan.choices[1].rank = 1;
  const std::vector<std::string> rows = rows_under(plan_text(service, plan, false, {}), "Fleets, cheapest first");
  EXPECT_THAT(rows.at(0), testing::StartsWith("  1 tie"));
  EXPECT_THAT(rows.at(1), testing::StartsWith("  1 tie"));
}

TEST(PlanText, SaysWhatTheServiceAsks) {
  const std::string text = text_of(test::small_service());
  EXPECT_THAT(text, testing::StartsWith("  A small service\n"));
  EXPECT_THAT(text, HasSubstr("10,000 monthly users, 30 requests/s at the peak of the day (20 on average)"));
  EXPECT_THAT(text, HasSubstr("Targets: TTFT P90 \u2264 1 s, TPOT P90 \u2264 60 ms."));
}

TEST(PlanText, GivesEveryNumberAUnit) {
  const std::string text = text_of(test::small_service());
  for (const char* unit : {"/h ", " kW", " ms", "reserved", "full use", "requests/s/replica", "a user",
                           "an accelerator", "GB/M users", "/month"}) {
    EXPECT_THAT(text, HasSubstr(unit));
  }
  for (const char* wrong : {" nan", " inf", "n/a", "\u221e"}) EXPECT_THAT(text, Not(HasSubstr(wrong)));
}

TEST(PlanText, TellsThePriceWithItsDateAndTheEvidence) {
  planner::Service service = test::small_service();
  EXPECT_THAT(text_of(service), HasSubstr("purchase $28 k (undated)"));
  service.cost.basis = economics::Basis::rent;
  const std::string text = text_of(service);
  EXPECT_THAT(text, testing::ContainsRegex("rent [$][0-9.]+/h \\([0-9-]+\\)"));
  EXPECT_THAT(text, testing::AnyOf(HasSubstr("datasheet"), HasSubstr("assumed")));
  EXPECT_THAT(text, HasSubstr("Economics of each model's first choice"));
  EXPECT_THAT(text, HasSubstr("subscription price to break even"));
}

// A column that is headed by a percentile holds that percentile, not the median.
TEST(PlanText, ShowsEachLatencyAtThePercentileOfItsTarget) {
  planner::Service service = test::small_service();
  service.targets.e2e = serving::Target{10.0, 99.0};
  const planner::Plan plan = test::quick_plan(service);
  ASSERT_FALSE(plan.choices.empty());
  const planner::LoadResult& peak = plan.choices.front().at_peak;
  const std::string text = plan_text(service, plan, false, {});
  EXPECT_THAT(text, HasSubstr(" P99 "));
  const std::string row = rows_under(text, "At the peak of the day").at(0);
  for (const auto* target : {&peak.targets.ttft, &peak.targets.tpot, &peak.targets.e2e}) {
    EXPECT_THAT(row, HasSubstr(" " + report::human(Seconds::of((*target)->measured_s)) + " "));
  }
  EXPECT_GT(peak.targets.e2e->measured_s, peak.e2e_p50_s);
}

TEST(PlanText, NamesTheTargetThatNothingMeets) {
  const std::string text = unwrapped(text_of(test::service_that_nothing_meets()));
  EXPECT_THAT(text, HasSubstr("Nothing meets the targets. Nearest is 8B on "));
  EXPECT_THAT(text, HasSubstr("TPOT is at least "));
  EXPECT_THAT(text, HasSubstr("the target is 100 \u00b5s."));
  EXPECT_THAT(text, Not(HasSubstr("cheapest first")));
}

TEST(PlanText, SaysThatNothingFits) {
  const std::string text = unwrapped(text_of(test::service_that_fits_nowhere()));
  EXPECT_THAT(text, HasSubstr("the weights fit nowhere. Nearest is 70B on l4 TP2: 7"));
}

TEST(PlanText, SaysByWhatAllIsDiscardedWhereNeitherLatencyNorMemoryIs) {
  planner::Service service = test::small_service();
  service.lengths = workload::fixed_lengths({10'000'000, 10});
  const std::string text = unwrapped(text_of(service));
  EXPECT_THAT(text, HasSubstr("Nothing can serve this: of the deployments considered, 4 discarded by context length."));
}

TEST(PlanText, ListsWhatWasDiscardedWhenAsked) {
  const planner::Service service = test::service_that_nothing_meets();
  EXPECT_THAT(text_of(service, false), Not(HasSubstr("of a request alone is at least")));
  const std::string text = text_of(service, true);
  EXPECT_THAT(text, HasSubstr("latency bound"));
  EXPECT_THAT(text, HasSubstr("TPOT of a request alone is at least"));
}

TEST(PlanText, HasNoEmptyListOfWhatWasDiscarded) {
  planner::Service service = test::small_service();
  service.search.accelerators = {"h100-sxm"};
  service.search.tensor_parallel_sizes = {1};
  const std::string text = text_of(service, true);
  EXPECT_THAT(text, HasSubstr("1 considered, 1 simulated at several rates.\n"));
  EXPECT_THAT(text, Not(HasSubstr("Discarded")));
}

TEST(PlanText, IsPlainWithoutDecoration) {
  const planner::Service service = test::small_service();
  EXPECT_EQ(text_of(service).find('\x1b'), std::string::npos);
  EXPECT_NE(text_of(service, false, {.decorated = true}).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace plumb::cli
