// Are files read as their text is, compressed or not, and do they agree with plain arithmetic on them?

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workload/lengths.h"
#include "workload/trace.h"

namespace plumb::workload {
namespace {

const std::string data = PLUMB_SOURCE_DIR "/tests/data/workload/";
const std::string azure_slice = PLUMB_SOURCE_DIR "/examples/traces/azure2023-conversation.csv";

std::string temporary_file(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

class CompressedTrace : public testing::TestWithParam<std::string> {};

TEST_P(CompressedTrace, ReadsTheSameRequests) {
  const Result<std::vector<Request>> requests = read_trace(data + "azure-2024.csv" + GetParam());
  ASSERT_TRUE(requests) << one_line(requests.error());
  ASSERT_EQ(requests->size(), 4u);
  EXPECT_EQ(requests->at(0).arrival_s, 0.0);
  EXPECT_EQ(requests->at(1).arrival_s, 0.1);
  EXPECT_EQ(requests->at(2).arrival_s, 0.100001);
  EXPECT_EQ(requests->at(3).arrival_s, 6 * 86400 + 0.5);
  EXPECT_EQ(requests->at(2).prompt_tokens, 76);
  EXPECT_EQ(requests->at(2).output_tokens, 15);
}

INSTANTIATE_TEST_SUITE_P(Compressions, CompressedTrace, testing::Values("", ".gz", ".zst"),
                         [](const auto& test) { return test.param.empty() ? "plain" : test.param.substr(1); });

TEST(TraceFile, ReadsBurstGpt) {
  const Result<std::unique_ptr<TraceSource>> trace = open_trace(data + "burstgpt-3.csv");
  ASSERT_TRUE(trace) << one_line(trace.error());
  EXPECT_EQ((*trace)->format(), "burstgpt");
  std::vector<Request> requests;
  for (;;) {
    const Result<std::optional<Request>> request = (*trace)->next();
    ASSERT_TRUE(request);
    if (!*request) break;
    requests.push_back(**request);
  }
  ASSERT_EQ(requests.size(), 4u);
  EXPECT_EQ((*trace)->counts().read, 4);
  EXPECT_EQ((*trace)->counts().skipped_without_output, 1);
  EXPECT_EQ(requests[0].session, 0);
  EXPECT_EQ(requests[1].session, 1);
  EXPECT_EQ(requests[2].session, -1);
  EXPECT_EQ(requests[3].session, 0);
  EXPECT_EQ(requests[3].arrival_s, 90.0);
  EXPECT_EQ(requests[3].prompt_tokens, 1400);
  EXPECT_EQ(requests[3].output_tokens, 120);
}

TEST(TraceFile, ReadsTheOlderBurstGpt) {
  const Result<std::vector<Request>> requests = read_trace(data + "burstgpt-1.csv");
  ASSERT_TRUE(requests) << one_line(requests.error());
  ASSERT_EQ(requests->size(), 3u);
  EXPECT_EQ(requests->at(2).arrival_s, 113.0);
  EXPECT_EQ(requests->at(2).prompt_tokens, 417);
  EXPECT_EQ(requests->at(2).session, -1);
}

TEST(TraceFile, ReadsPlainAndItsAliases) {
  const Result<std::vector<Request>> plain = read_trace(data + "plain.csv"),
                                     vidur = read_trace(data + "plain-vidur.csv");
  ASSERT_TRUE(plain && vidur);
  EXPECT_EQ(plain->at(1).arrival_s, 10.75);
  EXPECT_EQ(plain->at(2).prompt_tokens, 2048);
  EXPECT_EQ(plain->at(2).output_tokens, 512);
  EXPECT_EQ(vidur->at(1).arrival_s, 0.420806);
  EXPECT_EQ(vidur->at(1).prompt_tokens, 396);
}

TEST(TraceFile, ReadsMooncake) {
  const Result<std::vector<Request>> requests = read_trace(data + "mooncake-conversation-100.jsonl");
  ASSERT_TRUE(requests) << one_line(requests.error());
  ASSERT_EQ(requests->size(), 100u);
  std::int64_t prompt_tokens = 0, blocks = 0;
  for (const Request& request : *requests) {
    prompt_tokens += request.prompt_tokens;
    blocks += static_cast<std::int64_t>(request.prefix_hashes.size());
    // A block of Mooncake's has 512 tokens.
    EXPECT_EQ(request.prefix_hashes.size(), static_cast<std::size_t>((request.prompt_tokens + 511) / 512));
  }
  EXPECT_EQ(prompt_tokens, 1524742);
  EXPECT_EQ(blocks, 3034);
  EXPECT_EQ(requests->back().arrival_s, 33.0);
}

TEST(TraceFile, AzureSliceAgreesWithArithmeticOnTheFile) {
  const Result<std::vector<Request>> requests = read_trace(azure_slice);
  ASSERT_TRUE(requests) << one_line(requests.error());
  std::ifstream file(azure_slice);
  std::string line;
  std::getline(file, line);
  long long prompt_sum = 0, output_sum = 0;
  double first_s = -1.0;
  std::size_t rows = 0;
  for (; std::getline(file, line); ++rows) {
    int hour = 0, minute = 0;
    double second = 0.0;
    long long prompt = 0, output = 0;
    ASSERT_EQ(std::sscanf(line.c_str(), "2023-11-16 %d:%d:%lf,%lld,%lld", &hour, &minute, &second, &prompt, &output),
              5);
    const double time_s = hour * 3600 + minute * 60 + second;
    if (first_s < 0.0) first_s = time_s;
    ASSERT_LT(rows, requests->size());
    EXPECT_NEAR(requests->at(rows).arrival_s, time_s - first_s, 1e-9);
    prompt_sum += prompt;
    output_sum += output;
  }
  ASSERT_EQ(rows, 5000u);
  ASSERT_EQ(requests->size(), rows);
  long long prompt_read = 0, output_read = 0;
  for (const Request& request : *requests) prompt_read += request.prompt_tokens, output_read += request.output_tokens;
  EXPECT_EQ(prompt_read, prompt_sum);
  EXPECT_EQ(output_read, output_sum);
}

TEST(TraceFile, CountMaxStops) {
  for (const std::string name : {"plain.csv", "mooncake-conversation-100.jsonl"}) {
    for (const std::int64_t count : {1, 2}) {
      TraceOptions options;
      options.count_max = count;
      const Result<std::vector<Request>> requests = read_trace(data + name, options);
      ASSERT_TRUE(requests);
      EXPECT_EQ(static_cast<std::int64_t>(requests->size()), count) << name;
    }
  }
}

TEST(TraceFile, StopsAtWhatIsBeyondCountMax) {
  TraceOptions options;
  options.count_max = 1;
  const std::string path = temporary_file("late.csv", "arrival_s,prompt_tokens,output_tokens\n1,1,1\n2,x,1\n");
  EXPECT_TRUE(read_trace(path, options));
  const Result<std::vector<Request>> all = read_trace(path);
  ASSERT_FALSE(all);
  EXPECT_EQ(one_line(all.error()), path + ":3:3: prompt_tokens is \"x\"; expected a whole number from 1 to 1000000000");
}

TEST(TraceFile, NothingFollowsAnError) {
  const std::string path = temporary_file("wrong.csv", "arrival_s,prompt_tokens,output_tokens\n1,x,1\n2,1,1\n");
  const Result<std::unique_ptr<TraceSource>> trace = open_trace(path);
  ASSERT_TRUE(trace);
  EXPECT_FALSE((*trace)->next());
  const Result<std::optional<Request>> after = (*trace)->next();
  ASSERT_TRUE(after);
  EXPECT_FALSE(*after);
}

TEST(TraceFile, MissingAndEmptyFilesAreErrors) {
  const Result<std::vector<Request>> missing = read_trace(data + "missing.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().fault, Fault::input);
  EXPECT_TRUE(one_line(missing.error()).starts_with(data + "missing.csv: cannot open: No such file or directory"));

  const std::string path = temporary_file("empty.csv", "");
  const Result<std::unique_ptr<TraceSource>> empty = open_trace(path);
  ASSERT_FALSE(empty);
  EXPECT_TRUE(one_line(empty.error()).starts_with(path + ":1:1: the trace is empty; expected one of azure: "));

  const std::string header = temporary_file("header.csv", "arrival_s,prompt_tokens,output_tokens\n");
  const Result<std::vector<Request>> none = read_trace(header);
  ASSERT_FALSE(none);
  EXPECT_EQ(
      one_line(none.error()),
      header +
          ":1:1: the trace holds no requests; expected rows under the header arrival_s,prompt_tokens,output_tokens");
}

TEST(TraceFile, ATruncatedCompressedTraceIsAnError) {
  std::ifstream file(data + "azure-2024.csv.gz", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  ASSERT_GT(bytes.size(), 40u);
  const Result<std::vector<Request>> requests =
      read_trace(temporary_file("cut.csv.gz", bytes.substr(0, bytes.size() - 12)));
  EXPECT_FALSE(requests);
}

TEST(TraceFile, ATimeScaleThatIsNoneIsAnError) {
  for (const double scale : {-1.0, std::nan(""), HUGE_VAL}) {
    TraceOptions options;
    options.time_scale = scale;
    EXPECT_FALSE(read_trace(data + "plain.csv", options)) << scale;
  }
}

}  // namespace
}  // namespace plumb::workload
