// `plumb simulate` as a user runs it: the fields of its JSON, its CSV, what it refuses, and that it repeats itself.

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "support/run_program.h"

namespace plumb::cli {
namespace {

using test::ProgramRun;
using test::run_program;
using testing::HasSubstr;

const std::string deployment = "tests/data/cli/deployment.toml";

ProgramRun simulate(std::vector<std::string> more, const std::string& file = deployment) {
  more.insert(more.begin(), {"simulate", file});
  return run_program(more);
}

Document json_of(const ProgramRun& run) {
  EXPECT_EQ(run.status, 0) << run.err;
  auto document = Document::parse_json(run.out, "out.json");
  EXPECT_TRUE(document.has_value()) << run.out;
  return document.value_or(*Document::parse_json("{}", "empty"));
}

double number(const Node& node, std::string_view key) {
  const Node* member = node.find(key);
  EXPECT_NE(member, nullptr) << key;
  return member == nullptr ? 0.0 : member->number;
}

/// What `vllm bench serve` writes, apart from date, generated texts and the lists of --save-detailed.
const std::vector<std::string> vllm_fields{"endpoint_type",
                                           "backend",
                                           "label",
                                           "model_id",
                                           "tokenizer_id",
                                           "num_prompts",
                                           "request_rate",
                                           "burstiness",
                                           "max_concurrency",
                                           "duration",
                                           "completed",
                                           "failed",
                                           "total_input_tokens",
                                           "total_output_tokens",
                                           "request_throughput",
                                           "request_goodput",
                                           "output_throughput",
                                           "total_token_throughput",
                                           "max_output_tokens_per_s",
                                           "max_concurrent_requests",
                                           "rtfx",
                                           "mean_ttft_ms",
                                           "median_ttft_ms",
                                           "std_ttft_ms",
                                           "p99_ttft_ms",
                                           "mean_tpot_ms",
                                           "median_tpot_ms",
                                           "std_tpot_ms",
                                           "p99_tpot_ms",
                                           "mean_itl_ms",
                                           "median_itl_ms",
                                           "std_itl_ms",
                                           "p99_itl_ms",
                                           "mean_e2el_ms",
                                           "median_e2el_ms",
                                           "std_e2el_ms",
                                           "p99_e2el_ms"};

TEST(Simulate, JsonHasEveryFieldOfVllmsBenchmark) {
  const Document made = json_of(simulate({"--rate", "20", "--requests", "50", "--json", "-"}));
  for (const std::string& field : vllm_fields) EXPECT_NE(made.root().find(field), nullptr) << field;
  EXPECT_EQ(made.root().find("date"), nullptr);
  EXPECT_EQ(number(made.root(), "completed"), 50.0);
  EXPECT_EQ(number(made.root(), "request_rate"), 20.0);
}

TEST(Simulate, RateOfInfinityIsTheWord) {
  const Document made = json_of(simulate({"--requests", "5", "--json", "-"}));
  ASSERT_NE(made.root().find("request_rate"), nullptr);
  EXPECT_EQ(made.root().find("request_rate")->string, "inf");
  EXPECT_EQ(number(made.root(), "max_concurrent_requests"), 5.0);
}

TEST(Simulate, PercentilesAreNamedAsAsked) {
  const Document made = json_of(simulate({"--requests", "5", "--metric-percentiles", "99.9,50", "--json", "-"}));
  EXPECT_NE(made.root().find("p50_ttft_ms"), nullptr);
  EXPECT_NE(made.root().find("p99.9_e2el_ms"), nullptr);
  EXPECT_EQ(made.root().find("p99_ttft_ms"), nullptr);
}

TEST(Simulate, EveryFieldOfPlumbsOwnIsInTheDocumentation) {
  const Document made = json_of(simulate({"--rate", "20", "--requests", "50", "--json", "-"}));
  const auto page = read_file(std::string(PLUMB_SOURCE_DIR "/docs/simulate.md"), 1 << 20);
  ASSERT_TRUE(page.has_value());
  ASSERT_NE(made.root().find("plumb"), nullptr);
  for (const Node::Member& member : made.root().find("plumb")->members) {
    EXPECT_THAT(*page, HasSubstr("`" + member.key + "`"));
  }
  for (const Node::Member& member : made.root().members) {
    if (member.key.ends_with("_ms")) continue;
    EXPECT_THAT(*page, HasSubstr("`" + member.key + "`"));
  }
}

TEST(Simulate, SameSeedSameBytes) {
  const std::vector<std::string> words{"--rate", "20", "--requests", "80", "--burstiness", "0.5", "--json", "-"};
  const std::string first = simulate(words).out;
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(first, simulate(words).out);
  std::vector<std::string> other = words;
  other.insert(other.end(), {"--seed", "2"});
  EXPECT_NE(first, simulate(other).out);
}

TEST(Simulate, CsvHasARowForEachRequest) {
  const ProgramRun run = simulate({"--rate", "20", "--requests", "30", "--replicas", "2", "--requests-out", "-"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 31);
  EXPECT_THAT(run.out, testing::StartsWith(
                           "id,arrival_s,scheduled_s,first_token_s,finish_s,prompt_tokens,output_tokens,"
                           "ttft_ms,tpot_ms,e2el_ms,replica,preemptions,cached_tokens,loaded_tokens,status\n0,"));
  EXPECT_THAT(run.out, HasSubstr(",0,0,0,0,completed\n"));
  EXPECT_THAT(run.out, HasSubstr(",1,0,0,0,completed\n"));
}

TEST(Simulate, FilesAndTextDoNotExcludeEachOther) {
  const TemporaryFolder folder;
  const ProgramRun run =
      simulate({"--requests", "7", "--json", folder.file("a.json"), "--requests-out", folder.file("a.csv")});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("============ Serving Benchmark Result ============\n"));
  EXPECT_THAT(TemporaryFolder::bytes_of(folder.file("a.json")), HasSubstr("\"num_prompts\": 7"));
  const std::string csv = TemporaryFolder::bytes_of(folder.file("a.csv"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 8);
}

TEST(Simulate, RequestsThatAreTooLongAreCountedAsFailed) {
  const TemporaryFolder folder;
  const std::string trace =
      folder.write("trace.csv", "arrival_s,prompt_tokens,output_tokens\n0,5000,10\n1,100,10\n2,5000,10\n");
  const Document made = json_of(simulate({"--trace", trace, "--json", "-"}));
  EXPECT_EQ(number(made.root(), "failed"), 2.0);
  EXPECT_EQ(number(made.root(), "completed"), 1.0);
  EXPECT_EQ(number(*made.root().find("plumb"), "rejected"), 2.0);
  EXPECT_EQ(number(*made.root().find("plumb"), "rejected_too_long"), 2.0);
  const ProgramRun rows = simulate({"--trace", trace, "--requests-out", "-"});
  EXPECT_THAT(rows.out, HasSubstr("\n0,0,,,,5000,10,,,,,0,0,0,rejected_too_long\n"));
  EXPECT_THAT(
      simulate({"--trace", trace}).out,
      HasSubstr("Rejected when they came: 2 too long, with more than 4,096 tokens, prompt and output together."));
}

TEST(Simulate, ALoadOfWhichNothingCanBeServedIsUnmet) {
  const ProgramRun run = simulate({"--requests", "4", "--input-len", "5000", "--output-len", "10", "--json", "-"});
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err,
            "plumb: none of 4 requests was served: all are longer than the 4096 tokens that the deployment admits\n");
}

TEST(Simulate, ATraceWithoutRequestsIsRefused) {
  const TemporaryFolder folder;
  const std::string trace = folder.write("trace.csv", "arrival_s,prompt_tokens,output_tokens\n");
  const ProgramRun run = simulate({"--trace", trace});
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err, "plumb: " + trace +
                         ":1:1: the trace holds no requests; expected rows under the header "
                         "arrival_s,prompt_tokens,output_tokens\n");
}

TEST(Simulate, FixedLengthsAreAdded) {
  const Document made =
      json_of(simulate({"--requests", "10", "--input-len", "300", "--output-len", "20", "--json", "-"}));
  EXPECT_EQ(number(made.root(), "total_input_tokens"), 3000.0);
  EXPECT_EQ(number(made.root(), "total_output_tokens"), 200.0);
}

TEST(Simulate, OneFixedLengthLeavesTheOtherToTheFile) {
  const Document made = json_of(simulate({"--requests", "10", "--output-len", "20", "--json", "-"}));
  EXPECT_EQ(number(made.root(), "total_input_tokens"), 4000.0);
  EXPECT_EQ(number(made.root(), "total_output_tokens"), 200.0);
}

TEST(Simulate, ATraceBringsItsTimesAndLengths) {
  const std::string trace = "tests/data/workload/plain.csv";
  const Document all = json_of(simulate({"--trace", trace, "--json", "-"}));
  const double count = number(all.root(), "num_prompts");
  EXPECT_GT(count, 2.0);
  EXPECT_EQ(all.root().find("burstiness")->kind, NodeKind::null);
  const Document two = json_of(simulate({"--trace", trace, "--requests", "2", "--json", "-"}));
  EXPECT_EQ(number(two.root(), "num_prompts"), 2.0);
  const Document made = json_of(simulate({"--trace", trace, "--rate", "5", "--requests", "20", "--json", "-"}));
  EXPECT_EQ(number(made.root(), "num_prompts"), 20.0);
  EXPECT_EQ(number(made.root(), "request_rate"), 5.0);
}

TEST(Simulate, AServiceRunsTheFirstChoiceOfItsPlan) {
  const ProgramRun run = simulate({"--requests", "50", "--jobs", "1"}, "tests/data/cli/small.toml");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("The first choice of the plan of small: "));
  EXPECT_THAT(run.out, HasSubstr("TTFT P95, target 1 s (ms):"));
}

TEST(Simulate, AServiceThatNothingMeetsExitsWithOne) {
  const ProgramRun run = simulate({}, "tests/data/cli/unmet.toml");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, testing::StartsWith("plumb: tests/data/cli/unmet.toml: Nothing meets the targets."));
}

TEST(Simulate, AModelThatDoesNotFitExitsWithOne) {
  const ProgramRun run = simulate({}, "tests/data/cli/deployment-too-large.toml");
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err,
              testing::MatchesRegex("plumb: tests/data/cli/deployment-too-large\\.toml: [0-9.]+ GB of weights a rank "
                                    "do not fit in the [0-9.]+ GB usable of l4[^\n]*\n"));
}

struct Refused {
  const char* name;
  std::vector<std::string> words;
  const char* err;
};

const Refused refused[] = {
    {"Rate",
     {"--rate", "fast"},
     "plumb: --rate is \"fast\"; expected requests a second, such as 2.5, or inf for all at once\n"},
    {"RateOfZero",
     {"--rate", "0"},
     "plumb: --rate is \"0\"; expected requests a second, such as 2.5, or inf for all at once\n"},
    {"Router",
     {"--router", "random"},
     "plumb: --router is \"random\"; expected one of round-robin, least-outstanding\n"},
    {"Percentiles",
     {"--metric-percentiles", "50,,99"},
     "plumb: --metric-percentiles is \"50,,99\"; expected numbers from 0 to 100 with commas between them, such as "
     "50,90,99\n"},
    {"LengthsOfATrace",
     {"--trace", "tests/data/workload/plain.csv", "--input-len", "3"},
     "plumb: --input-len does not go with the times and lengths of --trace; expected --rate beside it, which makes "
     "arrivals of "
     "its own\n"},
    {"MissingTrace", {"--trace", "absent.csv"}, "plumb: absent.csv: cannot open: No such file or directory\n"},
    {"TwoResults",
     {"--json", "-", "--requests-out", "-"},
     "plumb: --json and --requests-out both ask for standard output; expected a path for one of them\n"},
};

class SimulateUsage : public testing::TestWithParam<Refused> {};

TEST_P(SimulateUsage, IsRefused) {
  const ProgramRun run = simulate(GetParam().words);
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, GetParam().err);
}

INSTANTIATE_TEST_SUITE_P(All, SimulateUsage, testing::ValuesIn(refused),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Simulate, WithoutLengthsSaysHowToGiveThem) {
  const ProgramRun run = simulate({"--rate", "1"}, "tests/data/cli/deployment-no-lengths.toml");
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err,
            "plumb: tests/data/cli/deployment-no-lengths.toml: the lengths of the requests are not known; expected a "
            "table [lengths], or --input-len and --output-len, or --trace\n");
}

}  // namespace
}  // namespace plumb::cli
