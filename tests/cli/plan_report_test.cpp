// Is a plan's page well formed, all in one file, and does it show what to buy and why?

#include "cli/plan_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/xml_check.h"
#include "support/services.h"

namespace plumb::cli {
namespace {

using report::XmlElement;
using report::XmlText;
using testing::HasSubstr;

std::string page_of(const planner::Service& service) {
  return plan_report(service, test::quick_plan(service), "plumb plan small.toml --report small.html");
}

const std::string& planned() {
  static const std::string page = page_of(test::small_service());
  return page;
}

XmlText read_page(const std::string& html) {
  constexpr std::string_view doctype = "<!DOCTYPE html>\n";
  if (!html.starts_with(doctype)) return {{}, "no doctype"};
  return report::read_xml(std::string_view(html).substr(doctype.size()));
}

long count_of(const XmlText& page, std::string_view name) {
  return std::count_if(page.elements.begin(), page.elements.end(), [&](const XmlElement& e) { return e.name == name; });
}

bool has_heading(const XmlText& page, std::string_view text) {
  return std::any_of(page.elements.begin(), page.elements.end(),
                     [&](const XmlElement& e) { return e.name == "h2" && e.text == text; });
}

TEST(PlanReport, IsWellFormed) {
  EXPECT_EQ(read_page(planned()).problem, "");
  EXPECT_EQ(read_page(page_of(test::service_that_nothing_meets())).problem, "");
  EXPECT_EQ(read_page(page_of(test::service_that_fits_nowhere())).problem, "");
}

TEST(PlanReport, IsWellFormedWhateverTheNames) {
  planner::Service service = test::small_service();
  service.title = "<b>Fish & \"chips\"</b>";
  service.models.front().name = "8B <i>&";
  const XmlText page = read_page(page_of(service));
  EXPECT_EQ(page.problem, "");
  EXPECT_EQ(count_of(page, "i") + count_of(page, "b"), 0);
}

TEST(PlanReport, AsksNothingOfAnybody) {
  std::string html = planned();
  const std::string allowed = "xmlns=\"http://www.w3.org/2000/svg\"";
  for (std::size_t at; (at = html.find(allowed)) != std::string::npos;) html.erase(at, allowed.size());
  for (const char* outside : {"url(", "@import", "src=", "href=\"h", "<link", "<script", "<img", "<iframe", "xlink"}) {
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  }
}

TEST(PlanReport, HasTheFourPlotsForPagesAndPhones) {
  const XmlText page = read_page(planned());
  EXPECT_EQ(count_of(page, "figure"), 4);
  EXPECT_EQ(count_of(page, "figcaption"), 4);
  EXPECT_EQ(count_of(page, "svg"), 8);
  for (const char* title : {"8B: throughput against speed", "Load and capacity over a day",
                            "Where a step&#39;s time goes", "Where the money goes"}) {
    EXPECT_THAT(planned(), HasSubstr(title));
  }
}

TEST(PlanReport, HasItsSectionsAndFooter) {
  const XmlText page = read_page(planned());
  for (const char* heading : {"Fleets that meet the targets", "What users feel at the peak", "Over the day",
                              "Where the time goes", "Where the money goes", "Prices", "What was discarded"}) {
    EXPECT_TRUE(has_heading(page, heading)) << heading;
  }
  EXPECT_THAT(planned(), HasSubstr("plumb plan small.toml --report small.html"));
  EXPECT_THAT(planned(), HasSubstr(", seed 1"));
}

TEST(PlanReport, OfAPlanWithoutChoicesNamesTheTarget) {
  const std::string html = page_of(test::service_that_nothing_meets());
  EXPECT_THAT(html, HasSubstr("Nothing meets the targets. Nearest is 8B on "));
  EXPECT_EQ(count_of(read_page(html), "figure"), 0);
  EXPECT_TRUE(has_heading(read_page(html), "What was discarded"));
}

TEST(PlanReport, IsTheSameBytesEveryTime) { EXPECT_EQ(page_of(test::small_service()), planned()); }

}  // namespace
}  // namespace plumb::cli
