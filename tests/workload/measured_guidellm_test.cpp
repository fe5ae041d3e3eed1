// Is GuideLLM's report read by vLLM's definitions, and whatever is wrong with it refused at its place?

#include <cmath>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "workload/measured_run.h"

namespace plumb::workload {
namespace {

std::string request(double start_s, double ttft_ms, double latency_s, int prompt, int output,
                    const std::string& more = "") {
  return fmt::format(R"({{"type_": "generative_request_stats", "request_id": "r", "request_start_time": {},
"time_to_first_token_ms": {}, "request_latency": {}, "prompt_tokens": {}, "output_tokens": {}{}}})",
                     start_s, ttft_ms, latency_s, prompt, output, more);
}

std::string benchmark(const std::string& strategy, const std::string& successful, const std::string& more = "",
                      int made = 2) {
  return fmt::format(R"({{"type_": "generative_benchmark", "config": {{"strategy": {}}}, "duration": 12.5,
"scheduler_metrics": {{"requests_made": {{"successful": {}, "incomplete": 1, "errored": 0, "total": {}}}}},
"metrics": {{"time_to_first_token_ms": {{"successful": {{"mean": 300.0, "median": 250.0,
 "percentiles": {{"p001": 100.0, "p50": 250.0, "p999": 900.0}}}}}},
 "request_latency": {{"successful": {{"mean": 2.5, "median": 2.0}}}},
 "time_per_output_token_ms": {{"successful": {{"mean": 77.0}}}},
 "inter_token_latency_ms": {{"successful": {{"mean": 20.0, "median": 19.0, "percentiles": {{"p99": 30.0}}}}}},
 "prompt_token_count": {{"successful": {{"total_sum": 300.0}}}},
 "output_token_count": {{"successful": {{"total_sum": 110.0}}}}}},
"requests": {{"successful": [{}], "incomplete": [{}], "errored": []}}{}}})",
                     strategy, made, made + 1, successful, request(1003.0, 100.0, 0.5, 30, 7), more);
}

std::string report(const std::string& benchmarks) {
  return fmt::format(R"({{"metadata": {{"version": 2}}, "config": {{}}, "benchmarks": [{}]}})", benchmarks);
}

const std::string poisson = R"({"type_": "poisson", "rate": 3.5, "max_concurrency": 100})";
const std::string two = request(1002.0, 250.0, 2.25, 100, 11, ", \"input_metrics\": {\"cached_tokens\": 64}") + "," +
                        request(1001.0, 350.0, 2.75, 200, 99);

MeasuredRun read(const std::string& text, int benchmark = 0) {
  const auto run = parse_measured_run(text, "b.json", benchmark);
  EXPECT_TRUE(run) << (run ? "" : render(run.error()));
  return run.value_or(MeasuredRun{});
}

std::string error(const std::string& text, int benchmark = 0) {
  const auto run = parse_measured_run(text, "b.json", benchmark);
  return run ? "no error" : one_line(run.error());
}

TEST(MeasuredGuidellm, RequestsOfAllStatesAreTheLoad) {
  const MeasuredRun run = read(report(benchmark(poisson, two)));
  EXPECT_EQ(run.tool, "GuideLLM");
  EXPECT_EQ(run.completed, 2);
  EXPECT_EQ(run.failed, 1);
  EXPECT_TRUE(run.start_times);
  ASSERT_EQ(run.requests.size(), 3u);
  EXPECT_EQ(run.requests[0].id, 1);
  EXPECT_EQ(run.requests[0].start_s, 0.0);
  EXPECT_DOUBLE_EQ(run.requests[0].ttft_s, 0.35);
  EXPECT_DOUBLE_EQ(run.requests[0].e2e_s, 2.75);
  EXPECT_FALSE(run.requests[0].cached_tokens);
  EXPECT_EQ(run.requests[1].cached_tokens, 64);
  EXPECT_FALSE(run.requests[2].completed);
  EXPECT_EQ(run.requests[2].output_tokens, 7);
  EXPECT_EQ(run.in_flight_max, 3);
}

TEST(MeasuredGuidellm, SummaryIsInVllmsWords) {
  const MeasuredRun run = read(report(benchmark(poisson, two)));
  EXPECT_EQ(run.summary.duration_s, 12.5);
  EXPECT_EQ(run.summary.ttft.mean_s, 0.3);
  EXPECT_EQ(run.summary.ttft.percentiles_s,
            (std::vector<std::pair<double, double>>{{0.1, 0.1}, {50.0, 0.25}, {99.9, 0.9}}));
  EXPECT_EQ(run.summary.e2el.mean_s, 2.5);
  EXPECT_EQ(run.summary.itl.mean_s, 0.02);
  EXPECT_FALSE(run.summary.itl.median_s);
  EXPECT_TRUE(run.summary.itl.percentiles_s.empty());
  EXPECT_FALSE(run.summary.tpot.mean_s);
}

TEST(MeasuredGuidellm, StrategiesAreLoads) {
  const auto load = [](const std::string& strategy) { return read(report(benchmark(strategy, two))).load; };
  EXPECT_EQ(load(poisson).rate_per_s, 3.5);
  EXPECT_EQ(load(poisson).gaps, StatedLoad::Gaps::gamma);
  EXPECT_EQ(load(poisson).max_concurrency, 100);
  EXPECT_EQ(load(R"({"type_": "constant", "rate": 2})").gaps, StatedLoad::Gaps::equal);
  EXPECT_EQ(load(R"({"type_": "synchronous"})").max_concurrency, 1);
  EXPECT_EQ(load(R"({"type_": "concurrent", "streams": 8})").max_concurrency, 8);
  EXPECT_TRUE(std::isinf(*load(R"({"type_": "throughput"})").rate_per_s));
  EXPECT_EQ(load(R"({"type_": "trace"})").gaps, StatedLoad::Gaps::unknown);
}

TEST(MeasuredGuidellm, ASampleOfTheRequestsIsNoLoad) {
  const MeasuredRun run = read(report(benchmark(poisson, two, "", 50)));
  EXPECT_TRUE(run.requests.empty());
  EXPECT_EQ(run.completed, 50);
  ASSERT_EQ(run.notes.size(), 1u);
  EXPECT_EQ(run.notes[0], "The report keeps 2 of 50 completed requests, so only its percentiles are compared.");
}

TEST(MeasuredGuidellm, OneOfSeveralIsChosen) {
  const std::string several =
      report(benchmark(poisson, two) + "," + benchmark(R"({"type_": "constant", "rate": 2})", two));
  EXPECT_EQ(error(several), "b.json:1:58: the file holds 2 benchmarks; expected --benchmark 1 to --benchmark 2");
  EXPECT_EQ(read(several, 2).load.rate_per_s, 2.0);
  EXPECT_EQ(error(several, 3), "b.json:1:58: the file holds 2 benchmarks; expected --benchmark 1 to --benchmark 2");
}

TEST(MeasuredGuidellm, WhatIsWrongHasItsPlace) {
  EXPECT_EQ(error(R"({"benchmarks": []})"), "b.json:1:16: \"benchmarks\" is empty; expected a benchmark that was run");
  EXPECT_EQ(error(R"({"benchmarks": 3})"), "b.json:1:16: \"benchmarks\" is an integer; expected a list of tables");
  EXPECT_EQ(error(report(benchmark(poisson, request(1.0, -5.0, 2.0, 3, 4)))),
            "b.json:11:27: \"time_to_first_token_ms\" is -5; expected at least 0 and at most 10000000000");
  EXPECT_EQ(error(report(benchmark(poisson, request(1.0, 5.0, std::nan(""), 3, 4)))),
            "b.json:11:49: \"nan\" is no JSON value");
  EXPECT_EQ(error(report(benchmark(R"({"type_": "poisson", "rate": -1})", two))),
            "b.json:1:145: \"rate\" is -1; expected at least 1e-09 and at most 1000000000");
}

TEST(MeasuredGuidellm, AnswersThatWereNotStreamedHaveNoFirstToken) {
  const std::string whole = R"({"request_start_time": 1.0, "request_latency": 2.0, "prompt_tokens": 3,
"output_tokens": 4, "time_to_first_token_ms": null})";
  EXPECT_EQ(
      error(report(benchmark(poisson, whole, "", 1))),
      "b.json:10:13: no request has completed with a time to its first token; expected a run in which answers were "
      "streamed");
}

TEST(MeasuredGuidellm, AReportWithoutAnythingButABenchmarkIsRead) {
  const MeasuredRun run = read(R"({"benchmarks": [{}]})");
  EXPECT_EQ(run.completed, 0);
  EXPECT_TRUE(run.requests.empty());
}

}  // namespace
}  // namespace plumb::workload
