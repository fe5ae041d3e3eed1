// Do terminal, JSON, CSV and page say what the comparison found, in the words approved?

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "base/file.h"
#include "cli/comparison_result.h"
#include "report/xml_check.h"
#include "support/deployments.h"
#include "support/golden.h"

namespace plumb::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What a simulation with times that can be worked out by hand says of the file's requests: no queue, a prefill of 0.1
/// ms a prompt token and 10 ms beside, tokens of 16 ms.
std::vector<serving::RequestRecord> records(const workload::MeasuredRun& run) {
  std::vector<serving::RequestRecord> records;
  for (std::size_t i = 0; i < run.requests.size(); ++i) {
    const workload::MeasuredRequest& request = run.requests[i];
    if (request.output_tokens < 1) continue;
    serving::RequestRecord record;
    record.id = static_cast<std::int64_t>(i);
    record.arrival_s = record.scheduled_s = request.start_s;
    record.prompt_tokens = request.prompt_tokens;
    record.output_tokens = request.output_tokens;
    record.first_token_s = record.arrival_s + 0.01 + 1e-4 * static_cast<double>(request.prompt_tokens);
    record.finish_s = record.first_token_s + 0.016 * static_cast<double>(request.output_tokens - 1);
    records.push_back(record);
  }
  return records;
}

ComparisonResult small(const std::string& text) {
  ComparisonResult result;
  result.subject.name = "small";
  serving::CompiledDeployment deployment = plumb::test::llama_with_cache(100000);
  deployment.memory.cache_pool_bytes = 13.1072e9;
  result.subject.deployment = std::make_shared<const serving::CompiledDeployment>(std::move(deployment));
  result.result_file = "result-small.json";
  auto run = workload::parse_measured_run(text, result.result_file);
  EXPECT_TRUE(run) << (run ? "" : render(run.error()));
  result.run = std::move(*run);
  auto load = workload::measured_load(result.run, 1);
  EXPECT_TRUE(load);
  result.load = load->words;
  LatencyFigures itl;
  itl.mean_ms = itl.median_ms = 16.0;
  result.comparison = compare(result.run, *load, {records(result.run), itl, {}});
  return result;
}

std::string small_text() {
  const auto text = read_file(std::string(PLUMB_SOURCE_DIR "/tests/data/cli/result-small.json"), 1 << 20);
  EXPECT_TRUE(text);
  return text.value_or("");
}

// By hand: 40 ms before every first token (a fixed delay: overhead), a token takes 20 ms instead of 16 (decode), and
// the eleventh request took 0.7 s more than that (other: the file does not say when its tokens came).
TEST(ComparisonText, IsAsApproved) {
  plumb::test::expect_golden("cli/compare.txt", comparison_text(small(small_text()), {}));
}

TEST(ComparisonText, JsonHasEveryField) {
  const ComparisonResult result = small(small_text());
  const std::string text = comparison_json(result);
  const auto json = Document::parse_json(text, "compare.json");
  ASSERT_TRUE(json) << render(json.error());
  const Node& root = json->root();
  EXPECT_EQ(root.find("schema")->string, "plumb.compare/1");
  EXPECT_EQ(root.find("requests_compared")->integer, 11);
  EXPECT_EQ(root.find("result")->find("failed")->integer, 1);
  EXPECT_EQ(root.find("causes")->items.size(), causes);
  EXPECT_EQ(root.find("causes")->items.front().find("cause")->string, "decode");
  EXPECT_EQ(root.find("worst_requests")->items.size(), 10u);
  EXPECT_EQ(root.find("worst_requests")->items.front().find("id")->integer, 10);
  EXPECT_EQ(root.find("figures")->items.front().find("metric")->string, "Requests");
  EXPECT_EQ(text, comparison_json(small(small_text())));
}

TEST(ComparisonText, CsvHasBothSidesOfEachRequest) {
  const std::string csv = comparison_csv(small(small_text()).comparison);
  EXPECT_THAT(csv, testing::StartsWith(
                       "id,start_s,prompt_tokens,output_tokens,measured_ttft_ms,simulated_ttft_ms,measured_tpot_ms,"
                       "simulated_tpot_ms,measured_e2el_ms,simulated_e2el_ms,simulated_queue_ms,simulated_prefill_ms,"
                       "simulated_preemptions,measured_stalled,cause\n0,0,100,36,60,20"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 12);
}

TEST(ComparisonText, PageIsWellFormedAndHasItsPlots) {
  const std::string html = comparison_report(small(small_text()), "plumb compare <a> & \"b\"");
  constexpr std::string_view doctype = "<!DOCTYPE html>\n";
  ASSERT_TRUE(html.starts_with(doctype));
  const report::XmlText page = report::read_xml(std::string_view(html).substr(doctype.size()));
  EXPECT_EQ(page.problem, "");
  EXPECT_THAT(html, HasSubstr("TTFT over requests"));
  EXPECT_THAT(html, HasSubstr("E2EL request by request"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
}

TEST(ComparisonText, ASummaryHasFiguresAndNoCauses) {
  const ComparisonResult result = small(
      R"({"num_prompts": 4, "request_rate": "inf", "completed": 4, "failed": 0, "request_throughput": 2.0,
"duration": 2.0, "total_input_tokens": 400, "total_output_tokens": 40, "mean_ttft_ms": 100.0, "p99_ttft_ms": 150.0})");
  const std::string text = comparison_text(result, {});
  EXPECT_THAT(text, HasSubstr("Note: The result has no requests, only a summary"));
  EXPECT_THAT(text, HasSubstr("TTFT           mean"));
  EXPECT_THAT(text, Not(HasSubstr("What the difference comes from")));
  EXPECT_EQ(report::read_xml(std::string_view(comparison_report(result, "")).substr(16)).problem, "");
  EXPECT_TRUE(Document::parse_json(comparison_json(result), "compare.json"));
}

}  // namespace
}  // namespace plumb::cli
