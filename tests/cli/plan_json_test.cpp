// Does a plan's JSON keep the format that docs/plan.schema.json promises, and does the schema say all of it?

#include "cli/plan_json.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "accelerator/memory_swap.h"
#include "base/document.h"
#include "cli/plan_report.h"
#include "cli/plan_text.h"
#include "support/json_schema.h"
#include "support/services.h"

namespace plumb::cli {
namespace {

using test::schema_problem;

const Document& schema() {
  static const Document document = [] {
    auto read = Document::read_json(std::string(PLUMB_SOURCE_DIR "/docs/plan.schema.json"));
    if (!read) std::abort();
    return std::move(*read);
  }();
  return document;
}

std::string problem_of(const std::string& json) {
  const auto document = Document::parse_json(json, "plan.json");
  return document ? schema_problem(schema(), document->root()) : render(document.error());
}

std::string json_of(const planner::Service& service, int jobs = 1) {
  return plan_json(service, test::quick_plan(service, jobs));
}

/// One plan serves all tests of its text.
const std::string& planned() {
  static const std::string json = json_of(test::small_service());
  return json;
}

/// `text` with the first `from` replaced.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(PlanJson, KeepsTheSchemaWithChoices) {
  const auto document = Document::parse_json(planned(), "plan.json");
  ASSERT_TRUE(document) << render(document.error());
  EXPECT_EQ(schema_problem(schema(), document->root()), "");
  EXPECT_FALSE(document->root().find("choices")->items.empty());
  EXPECT_EQ(document->root().find("nearest")->kind, NodeKind::null);
}

// A fleet whose memory computes says which operators do, in the JSON and on the terminal; others say nothing of it.
TEST(PlanJson, SaysWhatRunsInMemory) {
  const planner::Service service = test::small_service();
  catalog::Catalog catalog = test::builtin_catalog();
  ASSERT_TRUE(accelerator::swap_memory(catalog, "+pim", "").has_value());
  planner::PlanOptions options;
  options.jobs = 1;
  options.requests = 250;
  const planner::Plan plan = planner::make_plan(service, catalog, options).value();
  const std::string json = plan_json(service, plan);
  EXPECT_EQ(problem_of(json), "");
  EXPECT_NE(json.find("\"in_memory_share\""), std::string::npos);
  EXPECT_NE(plan_text(service, plan, false, {}).find("Computed in memory"), std::string::npos);
  EXPECT_NE(plan_report(service, plan, "plumb plan").find("What is computed in memory"), std::string::npos);
  EXPECT_EQ(planned().find("in_memory_share"), std::string::npos);
  EXPECT_NE(planned().find("\"in_memory\": null"), std::string::npos);
  EXPECT_EQ(json, plan_json(service, planner::make_plan(service, catalog, options).value()));
}

TEST(PlanJson, KeepsTheSchemaWhereATargetIsMissed) {
  const auto document = Document::parse_json(json_of(test::service_that_nothing_meets()), "plan.json");
  ASSERT_TRUE(document) << render(document.error());
  EXPECT_EQ(schema_problem(schema(), document->root()), "");
  EXPECT_TRUE(document->root().find("choices")->items.empty());
  const Node* nearest = document->root().find("nearest");
  ASSERT_EQ(nearest->kind, NodeKind::table);
  EXPECT_EQ(nearest->find("target")->string, "TPOT");
  EXPECT_DOUBLE_EQ(nearest->find("limit_ms")->number, 0.1);
  EXPECT_GT(nearest->find("reached_ms")->number, 0.1);
}

TEST(PlanJson, KeepsTheSchemaWhereNothingFits) {
  const auto document = Document::parse_json(json_of(test::service_that_fits_nowhere()), "plan.json");
  ASSERT_TRUE(document) << render(document.error());
  EXPECT_EQ(schema_problem(schema(), document->root()), "");
  const Node* nearest = document->root().find("nearest");
  ASSERT_EQ(nearest->kind, NodeKind::table);
  EXPECT_EQ(nearest->find("target")->string, "memory");
  EXPECT_GT(nearest->find("reached_bytes")->number, nearest->find("limit_bytes")->number);
}

TEST(PlanJson, KeepsTheSchemaOfARentedFleetWithoutUsers) {
  planner::Service service = test::small_service();
  service.demand.monthly_users = 0.0;
  service.cost.basis = economics::Basis::rent;
  service.targets.e2e = serving::Target{10.0, 99.0};
  const std::string json = json_of(service);
  EXPECT_EQ(problem_of(json), "");
  EXPECT_NE(json.find("\"usd_per_user_month\": null"), std::string::npos);
  EXPECT_NE(json.find("\"monthly_users\": null"), std::string::npos);
  EXPECT_NE(json.find("\"basis\": \"rent\""), std::string::npos);
}

// A test of the tests above: what is taken away, renamed or of another kind does not go by.
TEST(PlanJson, AChangedFieldBreaksTheSchema) {
  ASSERT_EQ(problem_of(planned()), "");
  EXPECT_EQ(problem_of(replaced(planned(), "\"replicas\"", "\"replica_count\"")),
            "/choices/0/replica_count is not in the schema");
  EXPECT_EQ(problem_of(replaced(planned(), "\"tie\": ", "\"spare\": 1,\n\"tie\": ")),
            "/choices/0/spare is not in the schema");
  EXPECT_EQ(problem_of(replaced(planned(), "\"basis\": \"purchase\"", "\"basis\": \"lease\"")),
            "/choices/0/price/basis \"lease\" is none of the words");
  EXPECT_EQ(problem_of(replaced(planned(), "\"plumb.plan/1\"", "\"plumb.plan/0\"")),
            "/schema \"plumb.plan/0\" is none of the words");
  EXPECT_EQ(problem_of(replaced(planned(), "\"nearest\": null", "\"nearest\": {}")), "/nearest has none of the forms");
}

/// Calls `visit` with every schema of a property and its place.
void each_property(const Node& node, const std::string& place,
                   const std::function<void(const Node&, const std::string&)>& visit) {
  for (const Node::Member& member : node.members) {
    const std::string here = place + "/" + member.key;
    if (member.key == "properties") {
      for (const Node::Member& property : member.value.members) visit(property.value, here + "/" + property.key);
    }
    each_property(member.value, here, visit);
  }
}

TEST(PlanSchema, DescribesEveryField) {
  int properties = 0;
  each_property(schema().root(), "", [&](const Node& property, const std::string& place) {
    ++properties;
    const Node* description = property.find("description");
    ASSERT_NE(description, nullptr) << place;
    EXPECT_GT(description->string.size(), 10u) << place;
    EXPECT_TRUE(property.find("type") != nullptr || property.find("$ref") != nullptr ||
                property.find("anyOf") != nullptr)
        << place;
  });
  EXPECT_GT(properties, 80);
}

// A field that may be left out could go missing unseen; one that is not listed could appear.
TEST(PlanSchema, RequiresEveryFieldAndAllowsNoOther) {
  const auto check = [](const Node& object, const std::string& place) {
    const Node* properties = object.find("properties");
    if (properties == nullptr) return;
    std::set<std::string> listed, required;
    for (const Node::Member& member : properties->members) listed.insert(member.key);
    for (const Node& key : object.find("required")->items) required.insert(key.string);
    EXPECT_EQ(listed, required) << place;
    ASSERT_NE(object.find("additionalProperties"), nullptr) << place;
    EXPECT_FALSE(object.find("additionalProperties")->boolean) << place;
  };
  check(schema().root(), "");
  for (const Node::Member& definition : schema().root().find("$defs")->members) check(definition.value, definition.key);
}

std::vector<std::string> words_at(std::string_view definition, std::string_view property) {
  const Node* object = schema().root().find("$defs")->find(definition);
  if (!property.empty()) object = object->find("properties")->find(property);
  std::vector<std::string> words;
  for (const Node& word : object->find("enum")->items) words.push_back(word.string);
  return words;
}

// The words of the schema are those that the program has, in their order.
TEST(PlanSchema, NamesTheWordsOfTheProgram) {
  std::vector<std::string> bounds, discards, evidences;
  for (std::size_t i = 0; i < accelerator::bounds; ++i) {
    bounds.emplace_back(accelerator::bound_name(static_cast<accelerator::Bound>(i)));
  }
  bounds.emplace_back("capacity");
  EXPECT_EQ(words_at("choice", "binding"), bounds);
  for (int i = 0; i <= static_cast<int>(planner::Discard::Bound::cost); ++i) {
    discards.emplace_back(planner::bound_name(static_cast<planner::Discard::Bound>(i)));
  }
  EXPECT_EQ(words_at("discard", "bound"), discards);
  for (const Evidence evidence : {Evidence::measured, Evidence::datasheet, Evidence::assumed}) {
    evidences.emplace_back(evidence_name(evidence));
  }
  EXPECT_EQ(words_at("evidence", ""), evidences);
}

TEST(PlanJson, TheNumberOfJobsChangesNoByte) { EXPECT_EQ(json_of(test::small_service(), 4), planned()); }

}  // namespace
}  // namespace plumb::cli
