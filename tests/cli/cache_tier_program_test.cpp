// Does a simulation tell what its cache tiers did, and nothing of tiers where there are none?

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "support/run_program.h"

namespace plumb::cli {
namespace {

using test::ProgramRun;
using test::run_program;
using testing::HasSubstr;
using testing::Not;

const std::string with_tiers = "examples/deployments/mooncake-host-cache.toml";
const std::string without_tiers = "examples/deployments/llama-3.1-8b-h100.toml";

ProgramRun simulate(const std::string& deployment, std::vector<std::string> options) {
  options.insert(options.begin(), {"simulate", deployment, "--trace", "examples/traces/mooncake-conversation.jsonl.zst",
                                   "--requests", "600"});
  return run_program(options);
}

double number(const Node& table, const std::string& key) {
  const Node* node = table.find(key);
  return node == nullptr ? -1.0 : node->number;
}

TEST(SimulateCacheTiers, JsonHasTheirFiguresAndTheyAddUp) {
  const ProgramRun run = simulate(with_tiers, {"--json", "-"});
  ASSERT_EQ(run.status, 0) << run.err;
  const auto document = Document::parse_json(run.out, "run.json");
  ASSERT_TRUE(document) << render(document.error());
  const Node& plumb = *document->root().find("plumb");
  ASSERT_NE(plumb.find("cache_tiers"), nullptr);
  const auto& tiers = plumb.find("cache_tiers")->items;
  ASSERT_EQ(tiers.size(), 2u);
  EXPECT_EQ(tiers[0].find("name")->string, "host");
  EXPECT_EQ(tiers[1].find("name")->string, "drive");
  for (const Node& tier : tiers) {
    EXPECT_EQ(number(tier, "bytes_written"),
              number(tier, "bytes_held") + number(tier, "bytes_evicted") + number(tier, "bytes_cut"));
  }
  EXPECT_GT(number(tiers[0], "bytes_written"), 0.0);
  EXPECT_GE(number(plumb, "external_prefix_cache_queries"), number(plumb, "external_prefix_cache_hits"));
}

TEST(SimulateCacheTiers, TheTableAndTheMetricsTellOfThem) {
  EXPECT_THAT(simulate(with_tiers, {}).out, HasSubstr("Tier host, written:"));
  EXPECT_THAT(simulate(with_tiers, {"--metrics-out", "-"}).out, HasSubstr("vllm:external_prefix_cache_hits_total{"));
}

TEST(SimulateCacheTiers, WithoutThemThereIsNoWordOfThem) {
  EXPECT_THAT(simulate(without_tiers, {}).out, Not(HasSubstr("from tiers")));
  EXPECT_THAT(simulate(without_tiers, {"--json", "-"}).out, Not(HasSubstr("cache_tiers")));
  EXPECT_THAT(simulate(without_tiers, {"--metrics-out", "-"}).out, Not(HasSubstr("external")));
}

}  // namespace
}  // namespace plumb::cli
