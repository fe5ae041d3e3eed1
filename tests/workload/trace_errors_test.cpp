// Does whatever can be wrong with a trace give its place, the value and what was expected?

#include <gtest/gtest.h>

#include "trace_text.h"

namespace plumb::workload {
namespace {

const std::string azure = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
const std::string plain = "arrival_s,prompt_tokens,output_tokens\n";

TEST(TraceErrors, UnknownHeader) {
  EXPECT_EQ(trace_error("\ntime,input,output\n1,2,3\n"),
            "trace.csv:2:1: no known trace starts with \"time,input,output\"; expected one of "
            "azure: TIMESTAMP,ContextTokens,GeneratedTokens; "
            "burstgpt: Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type; "
            "mooncake: {\"timestamp\": 0, \"input_length\": 6758, \"output_length\": 500, \"hash_ids\": [0, 1, 2]}; "
            "plain: arrival_s,prompt_tokens,output_tokens");
}

TEST(TraceErrors, ABinaryFileIsQuotedHarmlessly) {
  const std::string error = trace_error(std::string_view("\x7f\x45LF\x02\x1b[31m\0\0", 12));
  EXPECT_TRUE(error.starts_with("trace.csv:1:1: no known trace starts with \"?ELF??[31m??\"; expected one of azure"))
      << error;
}

TEST(TraceErrors, MissingColumn) {
  EXPECT_EQ(trace_error("TIMESTAMP,ContextTokens\n"),
            "trace.csv:1:1: the header has no column \"GeneratedTokens\"; expected the header of the azure format, "
            "TIMESTAMP,ContextTokens,GeneratedTokens");
  EXPECT_EQ(trace_error("prompt_tokens,output_tokens\n"),
            "trace.csv:1:1: the header has no column \"arrival_s\" or \"arrived_at\"; expected the header of the plain "
            "format, "
            "arrival_s,prompt_tokens,output_tokens");
}

TEST(TraceErrors, EmptyTrace) {
  const std::string empty = "trace.csv:1:1: the trace is empty; expected one of azure: TIMESTAMP";
  EXPECT_TRUE(trace_error("").starts_with(empty)) << trace_error("");
  EXPECT_EQ(trace_error(plain + "\n"),
            "trace.csv:2:1: the trace holds no requests; expected rows under the header "
            "arrival_s,prompt_tokens,output_tokens");
  EXPECT_EQ(
      trace_error(plain + "1,2,0\n2,3,0\n"),
      "trace.csv:3:1: none of the trace's 2 requests has output tokens; expected at least one request that completed");
}

TEST(TraceErrors, PrioritiesDeadlinesAndCancellations) {
  const std::string header = "arrival_s,prompt_tokens,output_tokens,priority,deadline_s,cancel_s\n";
  const std::string whole = "; expected a whole number from -2147483648 to 2147483647, lower is sooner";
  const std::string time = "; expected seconds from the arrival on, above 0, or a blank field for none";
  EXPECT_EQ(trace_error(header + "1,2,3,high,,\n"), "trace.csv:2:7: priority is \"high\"" + whole);
  EXPECT_EQ(trace_error(header + "1,2,3,2147483648,,\n"), "trace.csv:2:7: priority is \"2147483648\"" + whole);
  EXPECT_EQ(trace_error(header + "1,2,3,,0,\n"), "trace.csv:2:8: deadline_s is \"0\"" + time);
  EXPECT_EQ(trace_error(header + "1,2,3,,inf,\n"), "trace.csv:2:8: deadline_s is \"inf\"" + time);
  EXPECT_EQ(trace_error(header + "1,2,3,,,-1\n"), "trace.csv:2:9: cancel_s is \"-1\"" + time);
}

TEST(TraceErrors, Lengths) {
  const std::string expected = "; expected a whole number from 1 to 1000000000";
  EXPECT_EQ(trace_error(plain + "1,2,3\n1,0,3\n"), "trace.csv:3:3: prompt_tokens is \"0\"" + expected);
  EXPECT_EQ(trace_error(plain + "1,-2,3\n"), "trace.csv:2:3: prompt_tokens is \"-2\"" + expected);
  EXPECT_EQ(trace_error(plain + "1,nan,3\n"), "trace.csv:2:3: prompt_tokens is \"nan\"" + expected);
  EXPECT_EQ(trace_error(plain + "1,2.5,3\n"), "trace.csv:2:3: prompt_tokens is \"2.5\"" + expected);
  EXPECT_EQ(trace_error(plain + "1,,3\n"), "trace.csv:2:3: prompt_tokens is \"\"" + expected);
  EXPECT_EQ(trace_error(plain + "1,1000000001,3\n"), "trace.csv:2:3: prompt_tokens is \"1000000001\"" + expected);
  EXPECT_EQ(trace_error(plain + "1,99999999999999999999999,3\n"),
            "trace.csv:2:3: prompt_tokens is \"99999999999999999999999\"" + expected);
  EXPECT_EQ(trace_error(plain + "1,  12x,3\n"), "trace.csv:2:5: prompt_tokens is \"12x\"" + expected);
  EXPECT_EQ(trace_error(plain + "1,2,-3\n"),
            "trace.csv:2:5: output_tokens is \"-3\"; expected a whole number from 0 to 1000000000");
}

TEST(TraceErrors, Times) {
  EXPECT_EQ(trace_error(plain + "nan,2,3\n"),
            "trace.csv:2:1: arrival_s is \"nan\"; expected seconds from the start, 0 or more, such as 12.345");
  EXPECT_EQ(trace_error(plain + "inf,2,3\n"),
            "trace.csv:2:1: arrival_s is \"inf\"; expected seconds from the start, 0 or more, such as 12.345");
  // Milliseconds since 1970 in a column of seconds.
  EXPECT_EQ(
      trace_error(plain + "1700000000000,2,3\n"),
      "trace.csv:2:1: arrival_s is \"1700000000000\"; expected seconds from the start, 0 or more, such as 12.345");
}

TEST(TraceErrors, APlainTraceDoesNotBeginBeforeTheStart) {
  EXPECT_EQ(trace_error(plain + "-0.001,2,3\n"),
            "trace.csv:2:1: arrival_s is \"-0.001\"; expected seconds from the start, 0 or more, such as 12.345");
}

TEST(TraceErrors, AzureTimes) {
  for (const std::string time :
       {"", "17", "2023-11-16", "2023-13-16 18:17:03", "2023-00-16 18:17:03", "2023-11-31 18:17:03",
        "2023-02-29 00:00:00", "2023-11-16 24:00:00", "2023-11-16 18:60:03", "2023-11-16 18:17:60",
        "2023-11-16 18:17:03.", "2023-11-16 18:17:03 PM", "2023-11-16 18:17:03+99:00", "2023-11-16 18:17:03.0000000000",
        "16/11/2023 18:17:03", "-023-11-16 18:17:03"}) {
    EXPECT_EQ(
        trace_error(azure + time + ",1,1\n"),
        "trace.csv:2:1: TIMESTAMP is \"" + time + "\"; expected a date and time such as 2023-11-16 18:17:03.9799600");
  }
}

TEST(TraceErrors, OutOfOrder) {
  EXPECT_EQ(trace_error(azure + "2023-11-16 18:17:04,1,1\n2023-11-16 18:17:03.9999999,1,1\n"),
            "trace.csv:3:1: TIMESTAMP \"2023-11-16 18:17:03.9999999\" is before the request above it; "
            "expected times that never decrease");
  // Requests that are skipped have their place in the order too.
  EXPECT_EQ(trace_error("output_tokens,arrival_s,prompt_tokens\n0,2,1\n1,1,1\n"),
            "trace.csv:3:3: arrival_s \"1\" is before the request above it; expected times that never decrease");
  EXPECT_EQ(trace_error("{\"timestamp\": 5, \"input_length\": 1, \"output_length\": 1}\n"
                        "{\"input_length\": 1, \"timestamp\": 4, \"output_length\": 1}\n"),
            "trace.csv:2:34: timestamp is before that of the request above it; expected times that never decrease");
}

TEST(TraceErrors, Rows) {
  EXPECT_EQ(trace_error(plain + "1,2\n"), "trace.csv:2:1: the row has 2 fields; expected 3, as the header has");
  EXPECT_EQ(trace_error(plain + "1,2,3,4\n"), "trace.csv:2:1: the row has 4 fields; expected 3, as the header has");
  EXPECT_EQ(trace_error(plain + "1,\"2,3\n"),
            "trace.csv:2:3: a quoted field does not end; expected a closing \" on the same line");
  EXPECT_EQ(trace_error(plain + "1,\"2\"3,4\n"), "trace.csv:2:6: text after a closing quote; expected a comma");
}

TEST(TraceErrors, Mooncake) {
  const std::string good = R"({"timestamp": 0, "input_length": 1, "output_length": 1})"
                           "\n";
  EXPECT_EQ(trace_error(good + R"({"timestamp": 0, "input_length": 0, "output_length": 1})"),
            "trace.csv:2:34: \"input_length\" is 0; expected at least 1 and at most 1000000000");
  EXPECT_EQ(trace_error(good + R"({"timestamp": 0, "input_length": 1, "output_length": -1})"),
            "trace.csv:2:54: \"output_length\" is -1; expected at least 0 and at most 1000000000");
  EXPECT_EQ(trace_error(good + R"({"timestamp": "0", "input_length": 1, "output_length": 1})"),
            "trace.csv:2:15: \"timestamp\" is a string; expected a number");
  EXPECT_EQ(trace_error(good + R"({"timestamp": NaN, "input_length": 1, "output_length": 1})"),
            "trace.csv:2:15: \"timestamp\" is nan; expected a finite number at least -10000000000000 and at most "
            "10000000000000");
  EXPECT_EQ(trace_error(good + R"({"timestamp": 0, "input_length": 1})"),
            "trace.csv:2:1: the request has no \"output_length\"; expected "
            R"({"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1, 2]})");
  EXPECT_EQ(trace_error(good + R"({"timestamp": 0, "input_length": 1, "output_length": 1, "hash_ids": [1, -2]})"),
            "trace.csv:2:73: \"hash_ids\" is -2; expected at least 0");
}

TEST(TraceErrors, MooncakeLinesThatAreNoJson) {
  const std::string good = R"({"timestamp": 0, "input_length": 1, "output_length": 1})"
                           "\n";
  for (const std::string line :
       {R"({"timestamp": 0, "input_length": 1, "outp)", "1,2,3", "[1, 2]", "{} {}", R"({"a": })"}) {
    const std::string error = trace_error(good + line);
    EXPECT_TRUE(error.starts_with("trace.csv:2:")) << error;
    EXPECT_NE(error.find("; expected "), std::string::npos) << error;
  }
}

TEST(TraceErrors, KeepTheLineForTheCaret) {
  const Result<TraceText> trace = read_trace_text(plain + "1,-2,3\n");
  ASSERT_FALSE(trace);
  EXPECT_EQ(render(trace.error()),
            "trace.csv:2:3: prompt_tokens is \"-2\"; expected a whole number from 1 to 1000000000\n"
            "  1,-2,3\n"
            "    ^\n");
}

}  // namespace
}  // namespace plumb::workload
