// Is every wrong [lengths] table refused, with its place and what was expected there?

#include <fstream>

#include <gtest/gtest.h>

#include "lengths_text.h"

namespace plumb::workload {
namespace {

TEST(LengthErrors, WhatToGive) {
  EXPECT_EQ(lengths_error(""),
            "lengths.toml:1:1: no lengths are given; expected trace = ..., or prompt = { ... } and output = { ... }");
  EXPECT_EQ(lengths_error("prompt = { distribution = \"fixed\", tokens = 1 }\n"),
            "lengths.toml:1:1: \"output\" is missing; expected output = ...");
  EXPECT_EQ(lengths_error("trace = \"plain.csv\"\noutput = { distribution = \"fixed\", tokens = 1 }\n"),
            "lengths.toml:2:10: \"output\" stands beside \"trace\"; expected either a trace, or prompt and output");
}

TEST(LengthErrors, Distributions) {
  EXPECT_EQ(prompt_error(R"({ distribution = "normal", mean = 3 })"),
            "lengths.toml:1:27: \"distribution\" is \"normal\"; expected one of fixed, uniform, exponential, "
            "lognormal, gamma, "
            "weibull, zipf, geometric, quantiles");
  EXPECT_EQ(prompt_error(R"({ tokens = 3 })"),
            "lengths.toml:1:10: \"distribution\" is missing; expected distribution = ...");
  EXPECT_EQ(prompt_error(R"({ distribution = "fixed", tokens = 0 })"),
            "lengths.toml:1:45: \"tokens\" is 0; expected at least 1 and at most 1000000000");
  EXPECT_EQ(prompt_error(R"({ distribution = "fixed", tokens = 1, cv = 2 })"),
            "lengths.toml:1:48: unknown key \"cv\"; expected one of distribution, max, min, tokens");
  EXPECT_EQ(prompt_error(R"({ distribution = "uniform", low = 9, high = 3 })"),
            "lengths.toml:1:54: \"high\" is 3, under the low of 9; expected high of at least low");
  EXPECT_EQ(prompt_error(R"({ distribution = "exponential", mean = nan })"),
            "lengths.toml:1:49: \"mean\" is nan; expected a finite number at least 1 and at most 1000000000");
  EXPECT_EQ(prompt_error(R"({ distribution = "gamma", mean = 5, cv = 0 })"),
            "lengths.toml:1:51: \"cv\" is 0; expected at least 0.001 and at most 1000");
  EXPECT_EQ(prompt_error(R"({ distribution = "weibull", mean = 5 })"),
            "lengths.toml:1:10: \"shape\" is missing; expected shape = ...");
  EXPECT_EQ(prompt_error(R"({ distribution = "zipf", exponent = 1 })"),
            "lengths.toml:1:10: \"max\" is missing; expected max = ...");
}

TEST(LengthErrors, Lognormal) {
  const std::string two = "; expected mean and p50, mean and cv, or p50 and p90";
  EXPECT_EQ(prompt_error(R"({ distribution = "lognormal", mean = 3 })"),
            "lengths.toml:1:27: a lognormal needs two figures" + two);
  EXPECT_EQ(prompt_error(R"({ distribution = "lognormal", mean = 3, p50 = 2, cv = 1 })"),
            "lengths.toml:1:27: a lognormal needs two figures" + two);
  EXPECT_EQ(prompt_error(R"({ distribution = "lognormal", mean = 3, p50 = 4 })"),
            "lengths.toml:1:47: \"mean\" is 3, under the p50 of 4; expected a mean of at least the p50, as every "
            "lognormal has");
  EXPECT_EQ(prompt_error(R"({ distribution = "lognormal", p50 = 4, p90 = 3 })"),
            "lengths.toml:1:55: \"p90\" is 3, under the p50 of 4; expected a p90 of at least the p50");
}

TEST(LengthErrors, Quantiles) {
  const std::string rise = "\"percent\" does not rise from 0 to 100; expected percentages such as [0, 50, 90, 100]";
  for (const std::string percent : {"[]", "[0]", "[1, 100]", "[0, 99]", "[0, 50, 50, 100]", "[0, 60, 50, 100]"}) {
    EXPECT_EQ(prompt_error("{ distribution = \"quantiles\", percent = " + percent + ", tokens = [1, 2] }"),
              "lengths.toml:1:50: " + rise);
  }
  EXPECT_EQ(prompt_error(R"({ distribution = "quantiles", percent = [0, 100], tokens = [1, 2, 3] })"),
            "lengths.toml:1:69: \"tokens\" has 3 values; expected 2, one for each percentage");
  EXPECT_EQ(prompt_error(R"({ distribution = "quantiles", percent = [0, 100], tokens = [3, 2] })"),
            "lengths.toml:1:69: \"tokens\" decreases; expected values that rise with their percentages");
}

std::string quantile_file_error(const std::string& rows) {
  const std::string path = testing::TempDir() + "quantiles-wrong.csv";
  std::ofstream(path, std::ios::binary) << "percent,tokens\n" << rows;
  std::string error = prompt_error("{ distribution = \"quantiles\", file = \"" + path + "\" }");
  return error.starts_with(path) ? error.substr(path.size()) : error;
}

TEST(LengthErrors, QuantileFiles) {
  const std::string rise = "; expected percentages that rise from 0 to 100";
  EXPECT_EQ(quantile_file_error("1,1\n100,2\n"), ":2:1: percent is 1" + rise);
  EXPECT_EQ(quantile_file_error("0,1\n50,2\n"), ":3:1: percent is 50" + rise);
  EXPECT_EQ(quantile_file_error("0,1\n"), ":2:1: percent is 0" + rise);
  EXPECT_EQ(quantile_file_error("0,1\n50,2\n50,2\n100,3\n"), ":4:1: percent is 50" + rise);
  EXPECT_EQ(quantile_file_error("0,1\n100,3\n100,4\n"), ":4:1: percent is 100" + rise);
  EXPECT_EQ(quantile_file_error("0,5\n100,3\n"),
            ":3:1: tokens is 3, under the 5 above it; expected values that rise with their percentages");
  EXPECT_EQ(quantile_file_error("0,0\n"), ":2:3: tokens is \"0\"; expected a number from 1 to 1000000000");
  EXPECT_EQ(quantile_file_error(""),
            ":1:1: the table has no rows; expected rows under a header such as percent,tokens");
  EXPECT_EQ(prompt_error(R"({ distribution = "quantiles", file = "plain.csv", tokens = [1, 2] })"),
            "lengths.toml:1:69: \"tokens\" stands beside \"file\"; expected either a file, or percent and tokens");
  EXPECT_TRUE(prompt_error(R"({ distribution = "quantiles", file = "missing.csv" })")
                  .starts_with("lengths.toml:1:47: " + data + "missing.csv: cannot open"));
}

TEST(LengthErrors, Bounds) {
  EXPECT_EQ(prompt_error(R"({ distribution = "fixed", tokens = 1, min = 5, max = 4 })"),
            "lengths.toml:1:63: \"max\" is 4, under the min of 5; expected a max of at least the min");
  EXPECT_EQ(prompt_error(R"({ distribution = "fixed", tokens = 1, min = 0 })"),
            "lengths.toml:1:54: \"min\" is 0; expected at least 1 and at most 1000000000");
}

TEST(LengthErrors, Traces) {
  EXPECT_TRUE(lengths_error("trace = \"missing.csv\"\n")
                  .starts_with("lengths.toml:1:9: " + data + "missing.csv: cannot open"))
      << lengths_error("trace = \"missing.csv\"\n");
  // What is wrong inside a trace has its place there.
  EXPECT_TRUE(lengths_error("trace = \"README.md\"\n").starts_with(data + "README.md:1:1: no known trace starts with"));
}

}  // namespace
}  // namespace plumb::workload
