// Is every format read to the exact values that its lines state?

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trace_text.h"

namespace plumb::workload {
namespace {

using testing::ElementsAre;

std::vector<double> arrivals(const std::vector<Request>& requests) {
  std::vector<double> arrivals;
  for (const Request& request : requests) arrivals.push_back(request.arrival_s);
  return arrivals;
}

std::vector<double> azure_arrivals(const std::vector<std::string>& timestamps) {
  std::string text = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
  for (const std::string& timestamp : timestamps) text += timestamp + ",1,1\n";
  const Result<TraceText> trace = read_trace_text(text);
  return trace ? arrivals(trace->requests) : std::vector<double>{};
}

TEST(Trace, ReadsAzure2023) {
  const Result<TraceText> trace = read_trace_text(
      "TIMESTAMP,ContextTokens,GeneratedTokens\n"
      "2023-11-16 18:17:03.9799600,4808,10\n"
      "2023-11-16 18:17:04.0319600,3180,8\n"
      "2023-11-16 18:17:04.0319601,110,27");
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->format, "azure");
  // Exact: differences are taken in whole ticks of 100 ns.
  EXPECT_THAT(arrivals(trace->requests), ElementsAre(0.0, 0.052, 0.0520001));
  EXPECT_EQ(trace->requests[0].prompt_tokens, 4808);
  EXPECT_EQ(trace->requests[0].output_tokens, 10);
  EXPECT_EQ(trace->requests[2].id, 2);
  EXPECT_EQ(trace->requests[2].prompt_tokens, 110);
  EXPECT_EQ(trace->requests[2].output_tokens, 27);
  EXPECT_EQ(trace->requests[2].session, -1);
  EXPECT_EQ(trace->counts.read, 3);
}

TEST(Trace, AzureTimesRollOverDaysMonthsAndYears) {
  EXPECT_THAT(azure_arrivals({"2024-05-16 23:59:59.9", "2024-05-17 00:00:00.1"}), ElementsAre(0.0, 0.2));
  EXPECT_THAT(azure_arrivals({"2024-05-10 00:00:00+00:00", "2024-05-16 23:59:59.5+00:00"}), ElementsAre(0.0, 604799.5));
  EXPECT_THAT(azure_arrivals({"2024-02-28 23:00:00", "2024-02-29 00:00:00", "2024-03-01 01:00:00"}),
              ElementsAre(0.0, 3600.0, 93600.0));
  EXPECT_THAT(azure_arrivals({"2023-02-28 00:00:00", "2023-03-01 00:00:00"}), ElementsAre(0.0, 86400.0));
  EXPECT_THAT(azure_arrivals({"2023-12-31 23:59:59", "2024-01-01 00:00:00", "2025-01-01 00:00:00"}),
              ElementsAre(0.0, 1.0, 1.0 + 366 * 86400.0));
}

TEST(Trace, AzureTimesMayHaveAZone) {
  EXPECT_THAT(azure_arrivals({"2024-05-12 00:00:00.25+00:00", "2024-05-12 02:00:00.5+02:00", "2024-05-11T19:00:01-0500",
                              "2024-05-12T00:00:02Z"}),
              ElementsAre(0.0, 0.25, 0.75, 1.75));
}

TEST(Trace, AzureColumnsMayStandInAnyOrderAmongOthers) {
  const Result<TraceText> trace = read_trace_text(
      "NumImages,GeneratedTokens,TIMESTAMP,ContextTokens\r\n"
      "3,11,2024-10-23 00:00:01.5,22\r\n");
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->requests[0].prompt_tokens, 22);
  EXPECT_EQ(trace->requests[0].output_tokens, 11);
}

TEST(Trace, ReadsMooncake) {
  const Result<TraceText> trace = read_trace_text(
      R"({"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46, 47, 18446744073709551615]})"
      "\n"
      R"({"timestamp": 27482, "input_length": 6472, "output_length": 26, "hash_ids": []})"
      "\n"
      R"({"input_length": 512.0, "timestamp": 30535.5, "output_length": 1, "type": {"deep": [1, null]}})"
      "\n");
  ASSERT_TRUE(trace) << one_line(trace.error());
  EXPECT_EQ(trace->format, "mooncake");
  EXPECT_THAT(arrivals(trace->requests), ElementsAre(0.0, 0.0, 3.0535));
  EXPECT_THAT(trace->requests[0].prefix_hashes, ElementsAre(46u, 47u, 18446744073709551615u));
  EXPECT_THAT(trace->requests[1].prefix_hashes, ElementsAre());
  EXPECT_EQ(trace->requests[0].prompt_tokens, 6955);
  EXPECT_EQ(trace->requests[0].output_tokens, 52);
  // 512.0 is what the quick reading refuses and the careful one takes.
  EXPECT_EQ(trace->requests[2].prompt_tokens, 512);
}

TEST(Trace, MooncakeSessionsMayBeNamesOrNumbers) {
  const Result<TraceText> trace = read_trace_text(R"({"timestamp":0,"input_length":1,"output_length":1,"session_id":"b"}
{"timestamp":0,"input_length":1,"output_length":1}
{"timestamp":0,"input_length":1,"output_length":1,"session_id":"a"}
{"timestamp":0,"input_length":1,"output_length":1,"session_id":-7}
{"timestamp":0,"input_length":1,"output_length":1,"session_id":"b"}
)");
  ASSERT_TRUE(trace) << one_line(trace.error());
  std::vector<std::int64_t> sessions;
  for (const Request& request : trace->requests) sessions.push_back(request.session);
  EXPECT_THAT(sessions, ElementsAre(0, -1, 1, 2, 0));
}

TEST(Trace, ATurnRepeatsTheContextBeforeItWhereItIsLongEnough) {
  const Result<TraceText> trace = read_trace_text(
      "arrival_s,prompt_tokens,output_tokens,session\n"
      "0,100,20,a\n"
      "1,500,10,b\n"
      "2,120,30,a\n"  // as long as prompt and output before it: all of them
      "3,149,5,a\n"   // one token short of 150: nothing can be said
      "4,900,1,\n"    // no session
      "5,900,1,\n"
      "6,600,0,b\n"  // did not complete, so it is no turn
      "7,510,7,b\n"
      "8,1000,9,a\n");  // the last context of a is 154
  ASSERT_TRUE(trace) << one_line(trace.error());
  std::vector<std::int64_t> history;
  for (const Request& request : trace->requests) history.push_back(request.history_tokens);
  EXPECT_THAT(history, ElementsAre(0, 0, 120, 0, 0, 0, 510, 154));
}

TEST(Trace, MooncakeSessionsHaveTheirHistory) {
  const Result<TraceText> trace =
      read_trace_text(R"({"timestamp":0,"input_length":10,"output_length":5,"session_id":"b"}
{"timestamp":9,"input_length":40,"output_length":5,"session_id":"b"}
)");
  ASSERT_TRUE(trace) << one_line(trace.error());
  EXPECT_EQ(trace->requests[1].history_tokens, 15);
}

TEST(Trace, PlainMayHavePrioritiesDeadlinesAndCancellations) {
  const Result<TraceText> trace = read_trace_text(
      "cancel_s,arrival_s,priority,prompt_tokens,output_tokens,deadline_s\n"
      "2.5,0,-1,10,10,\n"
      ",1,,10,10,0.25\n");
  ASSERT_TRUE(trace) << one_line(trace.error());
  const Request &a = trace->requests[0], &b = trace->requests[1];
  EXPECT_EQ(a.priority, -1);
  EXPECT_EQ(a.cancel_s, 2.5);
  EXPECT_TRUE(std::isinf(a.deadline_s));
  EXPECT_EQ(b.priority, 0);
  EXPECT_TRUE(std::isinf(b.cancel_s));
  EXPECT_EQ(b.deadline_s, 0.25);
}

TEST(Trace, SkipsAndCountsRequestsWithoutOutput) {
  const Result<TraceText> trace = read_trace_text(
      "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
      "1,GPT-4,10,0,10,API log\n"
      "3,GPT-4,0,0,0,API log\n"
      "4,GPT-4,10,2,12,API log\n"
      "6,GPT-4,10,0,10,API log\n"
      "7,GPT-4,10,3,13,API log\n");
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->format, "burstgpt");
  EXPECT_EQ(trace->counts.read, 2);
  EXPECT_EQ(trace->counts.skipped_without_output, 3);
  // The first request that is given is the one at 0, and ids have no gaps.
  EXPECT_THAT(arrivals(trace->requests), ElementsAre(0.0, 3.0));
  EXPECT_EQ(trace->requests[1].id, 1);
}

TEST(Trace, SkipsMooncakeRequestsWithoutOutput) {
  const Result<TraceText> trace = read_trace_text(R"({"timestamp":0,"input_length":0,"output_length":0}
{"timestamp":5,"input_length":1,"output_length":1}
)");
  ASSERT_TRUE(trace) << one_line(trace.error());
  EXPECT_EQ(trace->requests.size(), 1u);
  EXPECT_EQ(trace->counts.skipped_without_output, 1);
}

TEST(Trace, AllowsBlankLinesAByteOrderMarkAndQuotes) {
  const Result<TraceText> trace = read_trace_text(
      "\xef\xbb\xbf\"arrival_s\", prompt_tokens ,output_tokens,note\n"
      "\n"
      "1, 2 ,\"3\",\"said \"\"a, b\"\"\"\n"
      "   \n"
      "2.0,4.0,5,\n"
      "\n");
  ASSERT_TRUE(trace) << one_line(trace.error());
  EXPECT_EQ(trace->format, "plain");
  ASSERT_EQ(trace->requests.size(), 2u);
  EXPECT_EQ(trace->requests[0].output_tokens, 3);
  EXPECT_EQ(trace->requests[1].prompt_tokens, 4);
}

// What was recorded begins with its first request that completed; who writes times down means them.
TEST(Trace, RecordedTimesAreShiftedAndPlainOnesAreNot) {
  const auto times = [](const char* text) {
    const Result<TraceText> trace = read_trace_text(text);
    return trace ? arrivals(trace->requests) : std::vector<double>{};
  };
  EXPECT_THAT(times("arrival_s,prompt_tokens,output_tokens\n5,1,1\n7.5,1,1\n"), ElementsAre(5.0, 7.5));
  EXPECT_THAT(times("arrived_at,num_prefill_tokens,num_decode_tokens\n4,1,0\n5,1,1\n"), ElementsAre(5.0));
  EXPECT_THAT(times("TIMESTAMP,ContextTokens,GeneratedTokens\n"
                    "2023-11-16 18:17:05,1,1\n2023-11-16 18:17:07.5,1,1\n"),
              ElementsAre(0.0, 2.5));
  EXPECT_THAT(times("Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
                    "5,ChatGPT,1,1,2,API log\n7.5,ChatGPT,1,1,2,API log\n"),
              ElementsAre(0.0, 2.5));
  EXPECT_THAT(times("{\"timestamp\": 5000, \"input_length\": 1, \"output_length\": 1}\n"
                    "{\"timestamp\": 7500, \"input_length\": 1, \"output_length\": 1}\n"),
              ElementsAre(0.0, 2.5));
}

TEST(Trace, TimeScaleMultipliesArrivals) {
  TraceOptions options;
  options.time_scale = 0.5;
  const Result<TraceText> trace =
      read_trace_text("arrival_s,prompt_tokens,output_tokens\n1,1,1\n2,1,1\n6,1,1\n", options);
  ASSERT_TRUE(trace);
  EXPECT_THAT(arrivals(trace->requests), ElementsAre(0.5, 1.0, 3.0));
}

}  // namespace
}  // namespace plumb::workload
