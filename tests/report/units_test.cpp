// unit: what people are shown, and where one unit gives way to the next.

#include "report/units.h"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace plumb::report {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class Value>
struct Case {
  Value value;
  const char* text;
};

template <class Q>
void expect_all(const std::vector<Case<double>>& cases) {
  for (const auto& [value, text] : cases) EXPECT_EQ(human(Q::of(value)), text) << value;
}

TEST(Units, SignificantFiguresKeepTheWholeNumber) {
  const std::vector<Case<double>> cases{{0.0, "0"},           {-0.0, "0"},         {1.0, "1"},
                                        {1.30, "1.3"},        {9.994, "9.99"},     {9.996, "10"},
                                        {0.9996, "1"},        {99.96, "100"},      {123.4, "123"},
                                        {1234.0, "1,234"},    {12345.6, "12,346"}, {-1234567.0, "-1,234,567"},
                                        {0.00123, "0.00123"}, {0.0001, "0.0001"},  {0.000015, "1.5e-05"},
                                        {1.5e15, "1.5e+15"},  {nan, "n/a"},        {infinity, "∞"},
                                        {-infinity, "-∞"}};
  for (const auto& [value, text] : cases) EXPECT_EQ(significant(value), text) << value;
  EXPECT_EQ(significant(3.14159, 5), "3.1416");
}

TEST(Units, Time) {
  expect_all<Seconds>({{0.0, "0 s"},
                       {2.5e-6, "2.5 µs"},
                       {0.412, "412 ms"},
                       {0.9994, "999 ms"},
                       {0.9996, "1 s"},
                       {8.2, "8.2 s"},
                       {119.4, "119 s"},
                       {119.6, "1.99 min"},
                       {120.0, "2 min"},
                       {210.0, "3.5 min"},
                       {7200.0, "2 h"},
                       {47.9 * 3600, "47.9 h"},
                       {48.0 * 3600, "2 days"},
                       {86400 * 730.0, "2 years"},
                       {-0.412, "-412 ms"},
                       {1e-12, "0.001 ns"},
                       {nan, "n/a"},
                       {infinity, "∞"}});
}

TEST(Units, Bytes) {
  expect_all<Bytes>({{0.0, "0 B"},
                     {512.0, "512 B"},
                     {999.4, "999 B"},
                     {999.6, "1 kB"},
                     {1.3e12, "1.3 TB"},
                     {999.96e9, "1 TB"},
                     {-2e9, "-2 GB"},
                     {0.5, "0.5 B"},
                     {1e21, "1 ZB"},
                     {1e25, "10,000 ZB"}});
  EXPECT_EQ(human_binary(80.0 * gibibyte), "80 GiB");
  EXPECT_EQ(human_binary(Bytes::of(1023.0)), "1,023 B");
  EXPECT_EQ(human_binary(Bytes::of(1023.7)), "1 KiB");
  EXPECT_EQ(human_binary(Bytes::of(1024.0)), "1 KiB");
  EXPECT_EQ(human_binary(Bytes::of(0.0)), "0 B");
}

TEST(Units, Rates) {
  EXPECT_EQ(human(BytesPerSecond::of(3.35e12)), "3.35 TB/s");
  EXPECT_EQ(human(FlopsPerSecond::of(989.4e12)), "989 TFLOP/s");
  EXPECT_EQ(human(Flops::of(1.2e15)), "1.2 PFLOP");
  EXPECT_EQ(human(PerSecond::of(3.5)), "3.5 /s");
  EXPECT_EQ(human(PerSecond::of(1234.0)), "1.23 k/s");
}

TEST(Units, PowerAndEnergy) {
  expect_all<Watts>({{0.0, "0 W"}, {700.0, "700 W"}, {999.7, "1 kW"}, {1.2e6, "1.2 MW"}, {0.0125, "12.5 mW"}});
  expect_all<Joules>({{0.0, "0 J"}, {3.9e-12, "3.9 pJ"}, {1200.0, "1.2 kJ"}});
  EXPECT_EQ(human(JoulesPerByte::of(3.9e-12 * 8.0)), "3.9 pJ/bit");
  EXPECT_EQ(human_kwh(1.2 * kilowatt_hour), "1.2 kWh");
  EXPECT_EQ(human_kwh(3000.0 * kilowatt_hour), "3 MWh");
}

TEST(Units, Money) {
  expect_all<Dollars>({{0.0, "$0"},           {0.52, "$0.52"},   {0.5, "$0.50"},    {0.523, "$0.523"},
                       {0.00123, "$0.00123"}, {5.0, "$5"},       {12.3, "$12.30"},  {12.345, "$12.35"},
                       {99.99, "$99.99"},     {99.996, "$100"},  {123.4, "$123"},   {999.6, "$1 k"},
                       {45600.0, "$45.6 k"},  {1.2e6, "$1.2 M"}, {999.7e6, "$1 B"}, {1.5e12, "$1.5 T"},
                       {-3e6, "-$3 M"},       {-0.25, "-$0.25"}, {nan, "n/a"},      {infinity, "∞"}});
  EXPECT_EQ(per_hour(2.35 * dollar / hour), "$2.35/h");
  EXPECT_EQ(per_month(9.99 * dollar / month), "$9.99/month");
  EXPECT_EQ(per_year(1.2e6 * dollar / year), "$1.2 M/year");
}

TEST(Units, Counts) {
  EXPECT_EQ(count(1234567), "1,234,567");
  EXPECT_EQ(count(-1234), "-1,234");
  EXPECT_EQ(count(999), "999");
  EXPECT_EQ(count(0), "0");
  EXPECT_EQ(count(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
  EXPECT_EQ(count(999.5), "1,000");
  EXPECT_EQ(count(-0.2), "0");
  EXPECT_EQ(count(nan), "n/a");
  EXPECT_EQ(compact(1.2e6), "1.2 M");
  EXPECT_EQ(compact(999.7), "1 k");
  EXPECT_EQ(compact(12.0), "12");
  EXPECT_EQ(compact(3e9), "3 B");
}

TEST(Units, Percent) {
  EXPECT_EQ(percent(0.0), "0 %");
  EXPECT_EQ(percent(0.123), "12.3 %");
  EXPECT_EQ(percent(1.0), "100 %");
  EXPECT_EQ(percent(0.99995), "99.995 %") << "an availability under 1 is not shown as 1";
  EXPECT_EQ(percent(-0.05), "-5 %");
  EXPECT_EQ(percent(2.5), "250 %");
  EXPECT_EQ(percent(nan), "n/a");
}

}  // namespace
}  // namespace plumb::report
