// Does a [load] or [sessions] table mean what it says, and is every wrong one refused at its place?

#include <algorithm>
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "base/document.h"
#include "base/statistics.h"
#include "sources.h"
#include "workload/load_file.h"

namespace plumb::workload {
namespace {

const std::string folder = PLUMB_SOURCE_DIR "/examples";

template <class Table>
Result<Table> read(const std::string& toml, Result<Table> (*reader)(Reader, const std::string&)) {
  PLUMB_ASSIGN(const Document document, Document::parse_toml(toml, "load.toml"));
  Reader root(document);
  PLUMB_ASSIGN(Table table, reader(root, folder));
  PLUMB_TRY(root.finish());
  return table;
}

Result<LoadTable> load_of(const std::string& toml) { return read<LoadTable>(toml, read_load); }
Result<SessionsTable> sessions_of(const std::string& toml) { return read<SessionsTable>(toml, read_sessions); }

std::string load_error(const std::string& toml) {
  const Result<LoadTable> load = load_of(toml);
  return load ? "no error" : one_line(load.error());
}

std::string sessions_error(const std::string& toml) {
  const Result<SessionsTable> sessions = sessions_of(toml);
  return sessions ? "no error" : one_line(sessions.error());
}

TEST(LoadFile, TwoOfRateCountAndDuration) {
  const auto rate = load_of("rate = 2.5"), rate_count = load_of("rate = 2.5\ncount = 70"),
             rate_duration = load_of("rate = 2.5\nduration = \"2 min\""),
             count_duration = load_of("count = 600\nduration = \"1 h\""), nothing = load_of(""),
             infinite = load_of("rate = \"inf\"\ncount = 5");
  ASSERT_TRUE(rate && rate_count && rate_duration && count_duration && nothing && infinite);
  EXPECT_EQ(rate->arrivals.rate_per_s, 2.5);
  EXPECT_EQ(rate->arrivals.count, 1000);
  EXPECT_FALSE(rate->has_count);
  EXPECT_EQ(rate_count->arrivals.count, 70);
  EXPECT_TRUE(rate_count->has_count);
  EXPECT_EQ(rate_duration->arrivals.duration_s, 120.0);
  EXPECT_NEAR(static_cast<double>(all_of(*requests_of(*rate_duration, fixed_lengths({1, 1}))).size()), 300.0,
              5.0 * std::sqrt(300.0));
  EXPECT_DOUBLE_EQ(count_duration->arrivals.rate_per_s, 1.0 / 6.0);
  EXPECT_EQ(all_of(*requests_of(*count_duration, fixed_lengths({1, 1}))).size(), 600u);
  EXPECT_TRUE(std::isinf(nothing->arrivals.rate_per_s) && std::isinf(infinite->arrivals.rate_per_s));
}

TEST(LoadFile, ReadsEveryKey) {
  const auto load = load_of(R"(rate = 1
burstiness = 0.5
curve = [1, 3]
curve_period = "2 days"
max_concurrency = 4
priority = -1
deadline = "30 s"
cancel_after = { distribution = "exponential", mean = "1 min" })");
  ASSERT_TRUE(load) << one_line(load.error());
  EXPECT_EQ(load->arrivals.burstiness, 0.5);
  EXPECT_EQ(load->arrivals.curve.period_s(), 172800.0);
  EXPECT_DOUBLE_EQ(load->arrivals.curve.peak_over_mean(), 1.5);
  const RequestSourcePtr source = requests_of(*load, fixed_lengths({1, 1}));
  EXPECT_TRUE(source->closed_loop());
  const Served served = serve(*source, [](const Request&) { return 100.0; });
  EXPECT_EQ(served.in_flight_max, 4);
  Moments patience_s;
  for (const Request& request : served.requests) {
    EXPECT_EQ(request.priority, -1);
    EXPECT_EQ(request.deadline_s, 30.0);
    patience_s.add(request.cancel_s);
  }
  EXPECT_NEAR(patience_s.mean(), 60.0, 5.0 * 60.0 / std::sqrt(1000.0));
}

TEST(LoadFile, Errors) {
  EXPECT_EQ(load_error("rate = 0"), "load.toml:1:8: \"rate\" is 0; expected at least 1e-09 and at most 1000000000");
  EXPECT_EQ(
      load_error("rate = \"fast\""),
      "load.toml:1:8: \"rate\" is a text; expected a number of requests a second, or \"inf\" for all at the start");
  EXPECT_EQ(load_error("rate = 1\ncount = 2\nduration = \"1 s\""),
            "load.toml:3:12: \"duration\" stands beside \"rate\" and \"count\"; expected two of the three");
  EXPECT_EQ(load_error("duration = \"1 s\""),
            "load.toml:1:12: \"duration\" stands alone; expected a finite rate or a count beside it");
  EXPECT_EQ(load_error("rate = 1\ncurve = [0, 0]"),
            "load.toml:2:9: \"curve\" has no load in it; expected relative loads of equal parts of the period");
  EXPECT_EQ(load_error("rate = 1\ncurve_period = \"1 d\"").substr(0, 44),
            "load.toml:2:16: there is no \"curve\"; expecte");
  EXPECT_EQ(load_error("count = 5\ncurve = [1, 2]"),
            "load.toml:2:9: \"curve\" has no rate to shape; expected a finite rate, or a count and a duration");
  EXPECT_EQ(load_error("rate = 1\nmax_concurrency = 0"),
            "load.toml:2:19: \"max_concurrency\" is 0; expected at least 1 and at most 1000000000");
  EXPECT_EQ(load_error("rate = 1\nrates = 2"), "load.toml:2:1: unknown key \"rates\"; expected perhaps \"rate\"");
  EXPECT_EQ(load_error("rate = 1\ndeadline = 3"),
            "load.toml:2:12: \"deadline\" is an integer; expected a string with a unit such as \"500 ms\"");
  EXPECT_TRUE(load_error("rate = 1\ncurve = \"missing.csv\"")
                  .starts_with("load.toml:2:9: " + folder + "/missing.csv: cannot open"));
}

TEST(SessionsFile, ReadsEveryKey) {
  const auto read = sessions_of(R"(rate = 0.5
count = 200
turns = { distribution = "geometric", mean = 8, max = 50 }
think_time = { distribution = "lognormal", p50 = "20 s", p90 = "90 s" }
memory = 400
system_prompt_tokens = 1500
system_prompts = 20
system_prompt_exponent = 0.8
max_prompt_tokens = 8192
keep_prompt_tokens = 4096
lengths.prompt = { distribution = "lognormal", p50 = 40, p90 = 150, max = 2000 }
lengths.output = { distribution = "fixed", tokens = 120 })");
  ASSERT_TRUE(read) << one_line(read.error());
  const Served served = serve(*requests_of(*read), [](const Request&) { return 2.0; });
  EXPECT_GT(served.requests.size(), 1000u);
  std::int64_t longest = 0;
  for (const Request& request : served.requests) {
    EXPECT_EQ(request.output_tokens, 120);
    EXPECT_EQ(request.shared_prefix_tokens, 1500);
    EXPECT_LT(request.shared_prefix, 20);
    EXPECT_GT(request.prompt_tokens, 1900);
    longest = std::max(longest, request.prompt_tokens);
  }
  EXPECT_LE(longest, 8192);
  EXPECT_TRUE(
      std::any_of(served.requests.begin(), served.requests.end(), [](const Request& r) { return r.session == 199; }));
}

TEST(SessionsFile, Errors) {
  const std::string lengths =
      "lengths = { prompt = { distribution = \"fixed\", tokens = 9 }, output = "
      "{ distribution = \"fixed\", tokens = 9 } }\n";
  EXPECT_EQ(sessions_error("rate = 1\n"),
            "load.toml:1:1: the lengths of the turns are not known; expected a table [sessions.lengths] with prompt "
            "(the new tokens of a turn) and output");
  EXPECT_EQ(sessions_error(lengths + "turns = 0"),
            "load.toml:2:9: \"turns\" is 0; expected at least 1 and at most 1000000");
  EXPECT_EQ(sessions_error(lengths + "think_time = \"3 GB\"").substr(0, 27), "load.toml:2:14: think_time:");
  EXPECT_EQ(sessions_error(lengths + "think_time = { distribution = \"normal\" }"),
            "load.toml:2:31: \"distribution\" is \"normal\"; expected one of uniform, exponential, lognormal");
  EXPECT_EQ(sessions_error(lengths + "max_prompt_tokens = 5\nkeep_prompt_tokens = 6"),
            "load.toml:3:22: \"keep_prompt_tokens\" is more than \"max_prompt_tokens\"; expected at most as many");
  EXPECT_EQ(sessions_error(lengths + "turn = 3"), "load.toml:2:1: unknown key \"turn\"; expected perhaps \"turns\"");
  EXPECT_EQ(sessions_error("lengths = { prompt = { distribution = \"fixed\", tokens = 9 } }"),
            "load.toml:1:11: \"output\" is missing; expected output = ...");
}

std::string curve_error(const std::string& text) {
  const std::string path = testing::TempDir() + "curve.csv";
  std::ofstream(path, std::ios::binary) << text;
  const Result<LoadCurve> curve = read_curve(path);
  return curve ? "no error" : one_line(curve.error()).substr(path.size());
}

TEST(CurveFile, Errors) {
  EXPECT_EQ(curve_error("time_s,load\n0,1\n60,2\n"), "no error");
  EXPECT_EQ(curve_error("time_s,load\n0,1\n"),
            ":2:1: the curve has one row; expected at least two, which say its period");
  EXPECT_EQ(curve_error("time_s,load\n0,1\n60,1\n180,1\n"),
            ":4:1: time_s is 180; expected times from 0 in equal steps");
  EXPECT_EQ(curve_error("time_s,load\n5,1\n60,1\n"), ":2:1: time_s is 5; expected times from 0 in equal steps");
  EXPECT_EQ(curve_error("time_s,load\n0,1\n0,1\n"), ":2:1: time_s is 0; expected times from 0 in equal steps");
  EXPECT_EQ(curve_error("time_s,load\n0,0\n60,0\n"),
            ":2:1: the curve has no load in it; expected one row at least with a load above 0");
  EXPECT_EQ(curve_error("time_s,load\n0,1\n60,-1\n"),
            ":3:4: load is \"-1\"; expected a number from 0 to 1000000000000");
  EXPECT_EQ(curve_error("time_s,load\n0,1\n60\n"), ":3:1: the row has 1 fields; expected 2, as the header has");
  EXPECT_EQ(curve_error("time,load\n0,1\n"),
            ":1:1: the header has no column \"time_s\"; expected a header such as time_s,load");
  EXPECT_EQ(curve_error(""), ":1:1: the table has no rows; expected rows under a header such as time_s,load");
  EXPECT_EQ(curve_error("time_s,load\n0,1\n1e9,1\n"),
            ":3:1: the curve's period is 2000000000 s; expected a second to 30 years");
}

/// The figures that the trace's owner published, as the data's README has them.
TEST(AzureWeek, HasThePublishedCurveAndLengths) {
  const auto load = load_of(R"(count = 27_303_999
duration = "7 days"
curve = "loads/azure2024-conversation/week.csv")");
  ASSERT_TRUE(load) << one_line(load.error());
  const LoadCurve& curve = load->arrivals.curve;
  EXPECT_EQ(curve.period_s(), 604800.0);
  EXPECT_EQ(curve.weights().size(), 1008u);
  EXPECT_EQ(load->curve_name, "loads/azure2024-conversation/week.csv");
  EXPECT_NEAR(load->arrivals.rate_per_s, 45.146, 0.001);
  EXPECT_NEAR(curve.peak_over_mean(), 1.74, 0.005);
  // Requests a minute, so that ten minutes each sum to the trace's rows but for the rounding of 1,008 figures.
  double sum = 0.0;
  for (const double weight : curve.weights()) sum += 10.0 * weight;
  EXPECT_NEAR(sum, 27303999.0, 0.05 * 10 * 1008);

  const Result<Document> document = Document::parse_toml(R"(
prompt = { distribution = "quantiles", file = "loads/azure2024-conversation/prompt_tokens.csv" }
output = { distribution = "quantiles", file = "loads/azure2024-conversation/output_tokens.csv" })",
                                                         "lengths.toml");
  ASSERT_TRUE(document);
  Reader table(*document);
  const auto lengths = read_lengths(table, folder);
  ASSERT_TRUE(lengths) << one_line(lengths.error());
  std::vector<double> prompts, outputs;
  Stream stream(3, "lengths");
  for (int i = 0; i < 200000; ++i) {
    const Lengths pair = (*lengths)->sample(stream);
    prompts.push_back(static_cast<double>(pair.prompt_tokens));
    outputs.push_back(static_cast<double>(pair.output_tokens));
  }
  // Within 2 %: the plots' steps are 18 and 11 tokens wide.
  EXPECT_NEAR(percentile(prompts, 50), 910.0, 18.0);
  EXPECT_NEAR(percentile(prompts, 90), 3810.0, 76.0);
  EXPECT_NEAR(percentile(prompts, 99), 6570.0, 131.0);
  EXPECT_NEAR(percentile(outputs, 50), 33.0, 1.0);
  EXPECT_NEAR(percentile(outputs, 90), 334.0, 7.0);
  EXPECT_NEAR(percentile(outputs, 99), 674.0, 13.0);
}

/// Made requests follow the week: counts in each of its days against the integral of the curve.
TEST(AzureWeek, RequestsFollowTheCurve) {
  const auto load = load_of(R"(count = 200_000
duration = "7 days"
curve = "loads/azure2024-conversation/week.csv")");
  ASSERT_TRUE(load) << one_line(load.error());
  std::vector<double> counts(42, 0.0);  // of four hours each
  const std::vector<Request> requests = all_of(*requests_of(*load, fixed_lengths({1, 1})));
  for (const Request& request : requests) {
    if (request.arrival_s < 604800.0) counts[static_cast<std::size_t>(request.arrival_s / 14400.0)] += 1.0;
  }
  const LoadCurve& curve = load->arrivals.curve;
  double chi_square = 0.0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double from_s = 14400.0 * static_cast<double>(i);
    const double expected =
        200000.0 * (curve.load_s(std::min(from_s + 14400.0, 604799.999)) - curve.load_s(from_s)) / 604800.0;
    chi_square += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  EXPECT_LT(chi_square, 76.1);  // 99.9th percentile at 42 degrees of freedom
}

}  // namespace
}  // namespace plumb::workload
