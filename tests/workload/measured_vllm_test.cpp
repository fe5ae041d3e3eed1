// Is the result of vllm bench serve read as it says, and whatever is wrong with it refused at its place?

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "base/file.h"
#include "workload/measured_run.h"

namespace plumb::workload {
namespace {

/// What --save-detailed writes, shortened: two requests that completed and one that failed.
const std::string detailed = R"({"backend": "vllm", "model_id": "m", "num_prompts": 3, "request_rate": 2.0,
"burstiness": 0.5, "max_concurrency": null, "duration": 5.0, "completed": 2, "failed": 1,
"total_input_tokens": 30, "total_output_tokens": 7, "request_throughput": 0.4, "request_goodput": null,
"input_lens": [10, 40, 20], "output_lens": [3, 0, 4], "start_times": [101.0, 102.0, 100.5],
"ttfts": [0.5, 0.0, 0.25], "itls": [[0.1, 0.2], [], [0.1, 0.1, 0.3]], "latencies": [0.8, 0.0, 0.75],
"generated_texts": ["a", "", "b"], "errors": ["", "Bad Gateway", ""],
"mean_ttft_ms": 375.0, "median_ttft_ms": 375.0, "std_ttft_ms": 125.0, "p99_ttft_ms": 497.5, "p99.9_ttft_ms": 499.75})";

/// `detailed` with one text in place of another.
std::string with(const std::string& old, const std::string& text) {
  std::string changed = detailed;
  changed.replace(changed.find(old), old.size(), text);
  return changed;
}

MeasuredRun read(const std::string& text, int benchmark = 0) {
  const auto run = parse_measured_run(text, "r.json", benchmark);
  EXPECT_TRUE(run) << (run ? "" : render(run.error()));
  return run.value_or(MeasuredRun{});
}

std::string error(const std::string& text, int benchmark = 0) {
  const auto run = parse_measured_run(text, "r.json", benchmark);
  return run ? "no error" : one_line(run.error());
}

TEST(MeasuredVllm, RequestsComeByStartAndFailuresAreMarked) {
  const MeasuredRun run = read(detailed);
  EXPECT_EQ(run.tool, "vllm bench serve");
  EXPECT_EQ(run.model, "m");
  EXPECT_EQ(run.completed, 2);
  EXPECT_EQ(run.failed, 1);
  EXPECT_TRUE(run.start_times);
  ASSERT_EQ(run.requests.size(), 3u);
  EXPECT_EQ(run.requests[0].id, 2);
  EXPECT_EQ(run.requests[0].start_s, 0.0);
  EXPECT_EQ(run.requests[0].prompt_tokens, 20);
  EXPECT_EQ(run.requests[0].output_tokens, 4);
  EXPECT_EQ(run.requests[0].ttft_s, 0.25);
  EXPECT_EQ(run.requests[0].e2e_s, 0.75);
  EXPECT_EQ(run.requests[0].gaps_s, (std::vector{0.1, 0.1, 0.3}));
  EXPECT_EQ(run.requests[1].id, 0);
  EXPECT_EQ(run.requests[1].start_s, 0.5);
  EXPECT_TRUE(run.requests[1].completed);
  EXPECT_FALSE(run.requests[2].completed);
  EXPECT_EQ(run.in_flight_max, 2);  // 0 ... 0.75 and 0.5 ... 1.3
}

TEST(MeasuredVllm, LoadAndSummary) {
  const MeasuredRun run = read(detailed);
  EXPECT_EQ(run.load.prompts, 3);
  EXPECT_EQ(run.load.rate_per_s, 2.0);
  EXPECT_EQ(run.load.burstiness, 0.5);
  EXPECT_EQ(run.load.gaps, StatedLoad::Gaps::gamma);
  EXPECT_FALSE(run.load.max_concurrency);
  EXPECT_EQ(run.summary.duration_s, 5.0);
  EXPECT_EQ(run.summary.prompt_tokens, 30.0);
  EXPECT_EQ(run.summary.ttft.mean_s, 0.375);
  EXPECT_EQ(run.summary.ttft.percentiles_s, (std::vector<std::pair<double, double>>{{99.0, 0.4975}, {99.9, 0.49975}}));
  EXPECT_FALSE(run.summary.tpot.mean_s);
}

TEST(MeasuredVllm, RatesMayBeInfinite) {
  EXPECT_TRUE(std::isinf(*read(with("\"request_rate\": 2.0", "\"request_rate\": \"inf\"")).load.rate_per_s));
  EXPECT_TRUE(std::isinf(read(with("\"burstiness\": 0.5", "\"burstiness\": Infinity")).load.burstiness));
  EXPECT_FALSE(read(with("\"request_rate\": 2.0", "\"request_rate\": null")).load.rate_per_s);
}

TEST(MeasuredVllm, ARampHasNoRateOfItsOwn) {
  const MeasuredRun run = read(with("\"burstiness\"", "\"ramp_up_strategy\": \"linear\", \"burstiness\""));
  EXPECT_EQ(run.load.gaps, StatedLoad::Gaps::unknown);
}

TEST(MeasuredVllm, LatenciesFollowFromTheGapsWhereTheyAreMissing) {
  const MeasuredRun run = read(with("\"latencies\": [0.8, 0.0, 0.75],", ""));
  EXPECT_DOUBLE_EQ(run.requests[0].e2e_s, 0.75);
  EXPECT_DOUBLE_EQ(run.requests[1].e2e_s, 0.8);
}

TEST(MeasuredVllm, ASummaryHasNoRequests) {
  const MeasuredRun run = read(R"({"num_prompts": 10, "request_throughput": 2, "completed": 8, "latencies": [1, 2]})");
  EXPECT_TRUE(run.requests.empty());
  EXPECT_FALSE(run.start_times);
  EXPECT_EQ(run.completed, 8);
  EXPECT_EQ(run.load.prompts, 10);
}

TEST(MeasuredVllm, WithoutStartTimesRequestsKeepTheirOrder) {
  const MeasuredRun run = read(with("\"start_times\": [101.0, 102.0, 100.5],", ""));
  EXPECT_FALSE(run.start_times);
  EXPECT_EQ(run.requests[2].id, 2);
  EXPECT_FALSE(run.in_flight_max);
}

TEST(MeasuredVllm, AppendedResultsAreChosenByNumber) {
  std::string one = detailed;
  for (std::size_t at; (at = one.find('\n')) != std::string::npos;) one[at] = ' ';
  const std::string two = one + "\n" + one.substr(0, 1) + "\"label\": \"second\", " + one.substr(1);
  EXPECT_EQ(error(two), "r.json:2:1: the file holds 2 results; expected --benchmark 1 to --benchmark 2");
  EXPECT_EQ(error(two, 3), "r.json:2:1: the file holds 2 results; expected --benchmark 1 to --benchmark 2");
  EXPECT_EQ(read(two, 2).completed, 2);
  std::string broken = two;
  broken.replace(broken.rfind("0.25"), 4, "-0.1");
  EXPECT_EQ(error(broken, 1), "no error");
  EXPECT_EQ(error(broken, 2).substr(0, 9), "r.json:2:");
}

TEST(MeasuredVllm, WhatIsWrongHasItsPlace) {
  EXPECT_EQ(error(with("0.25", "-0.25")),
            "r.json:5:21: \"ttfts\" is -0.25; expected at least 0 and at most 10000000000");
  EXPECT_EQ(error(with("0.25", "NaN")),
            "r.json:5:21: \"ttfts\" is nan; expected a finite number at least 0 and at most 10000000000");
  EXPECT_EQ(error(with("0.25", "null")), "r.json:5:21: \"ttfts\" is null; expected a number");
  EXPECT_EQ(error(with("0.25", "\"fast\"")), "r.json:5:21: \"ttfts\" is a string; expected a number");
  EXPECT_EQ(error(with("[0.1, 0.2]", "0.1")), "r.json:5:37: \"itls\" is a number; expected a list of lists of numbers");
  EXPECT_EQ(error(with("[0.1, 0.2]", "[0.1, Infinity]")),
            "r.json:5:43: \"itls\" is inf; expected a finite number at least 0 and at most 10000000000");
  EXPECT_EQ(error(with("[3, 0, 4]", "[3, 0.5, 4]")), "r.json:4:48: \"output_lens\" is 0.5; expected an integer");
  EXPECT_EQ(error(with("[3, 0, 4]", "[3, 0, 4000000000]")),
            "r.json:4:51: \"output_lens\" is 4000000000; expected at least 0 and at most 1000000000");
  EXPECT_EQ(error(with("\"request_rate\": 2.0", "\"request_rate\": 0")),
            "r.json:1:72: \"request_rate\" is 0; expected at least 1e-09 and at most 1000000000");
  EXPECT_EQ(error(with("\"request_rate\": 2.0", "\"request_rate\": \"fast\"")),
            "r.json:1:72: \"request_rate\" is a text; expected a number above 0, or \"inf\"");
  EXPECT_EQ(error(with("\"completed\": 2", "\"completed\": -2")),
            "r.json:2:75: \"completed\" is -2; expected at least 0 and at most 1000000000");
}

TEST(MeasuredVllm, ListsAreOfOneLength) {
  EXPECT_EQ(error(with("[101.0, 102.0, 100.5]", "[101.0, 102.0]")),
            "r.json:4:70: \"start_times\" has 2 entries, \"ttfts\" has 3; expected an entry for every request");
  EXPECT_EQ(error(with("\"output_lens\": [3, 0, 4],", "")),
            "r.json:5:10: there are \"ttfts\" but no \"output_lens\"; expected all lists of --save-detailed");
  EXPECT_EQ(error(with("[\"\", \"Bad Gateway\", \"\"]", "[\"\"]")),
            "r.json:6:46: \"errors\" has 1 entry, \"ttfts\" has 3; expected an entry for every request");
}

TEST(MeasuredVllm, TheLastTokenIsNotBeforeTheFirst) {
  EXPECT_EQ(error(with("[0.8, 0.0, 0.75]", "[0.4, 0.0, 0.75]")),
            "r.json:5:84: entry 1 of \"latencies\" is 0.4 s, that of \"ttfts\" 0.5 s; expected a last token no earlier "
            "than the first");
}

TEST(MeasuredVllm, TruncatedAnywhereItIsAnErrorAndNeverACrash) {
  for (std::size_t length = 0; length < detailed.size(); ++length) {
    const auto run = parse_measured_run(detailed.substr(0, length), "r.json");
    ASSERT_FALSE(run) << length;
    EXPECT_GE(run.error().place.line, 1) << length;
  }
}

TEST(MeasuredVllm, AnotherFileIsSaidToBeNone) {
  EXPECT_EQ(
      error(R"({"architectures": ["LlamaForCausalLM"]})"),
      "r.json:1:1: this is no result of a known benchmark; expected a file with \"request_throughput\" (vllm bench "
      "serve --save-result), or \"benchmarks\" (GuideLLM's JSON report)");
  const auto missing = read_measured_run("absent.json");
  ASSERT_FALSE(missing);
  EXPECT_EQ(one_line(missing.error()), "absent.json: cannot open: No such file or directory");
}

TEST(MeasuredVllm, OneResultNeedsNoNumber) {
  EXPECT_EQ(read(detailed, 1).completed, 2);
  EXPECT_EQ(error(detailed, 2), "r.json:3:75: the file holds 1 benchmark; expected no --benchmark");
}

// The example is a true run: what the reader takes from it is what its authors published.
TEST(MeasuredVllm, ReadsTheExample) {
  const auto run = read_measured_run(std::string(PLUMB_SOURCE_DIR "/examples/results/llama-3.1-8b-rtx4090.json"));
  ASSERT_TRUE(run) << render(run.error());
  EXPECT_EQ(run->requests.size(), 300u);
  EXPECT_EQ(run->completed, 300);
  EXPECT_EQ(run->load.rate_per_s, 10.0);
  EXPECT_NEAR(run->requests.back().start_s, 29.100521, 1e-6);
  EXPECT_NEAR(*run->summary.duration_s, 183.567456, 1e-6);
}

}  // namespace
}  // namespace plumb::workload
