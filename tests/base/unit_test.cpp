// Are quantities read as people write them, and is everything else refused with words that help?

#include "base/unit.h"

#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plumb {
namespace {

struct Accepted {
  std::string text;
  DimensionValue dimension;
  double value;
};

const DimensionValue time = dimension_of<Seconds>(), bytes = dimension_of<Bytes>(),
                     rate = dimension_of<BytesPerSecond>();
const DimensionValue flop_rate = dimension_of<FlopsPerSecond>(), power = dimension_of<Watts>();
const DimensionValue frequency = dimension_of<PerSecond>(), energy = dimension_of<Joules>();
const DimensionValue money = dimension_of<Dollars>(), rent = dimension_of<DollarsPerSecond>();

TEST(Unit, AcceptsWhatPeopleWrite) {
  const std::vector<Accepted> table{
      {"500 ms", time, 0.5},
      {"500ms", time, 0.5},
      {"  500  ms  ", time, 0.5},
      {"-3 us", time, -3e-6},
      {"3 \u00b5s", time, 3e-6},
      {"3 \u03bcs", time, 3e-6},
      {"12 ns", time, 12e-9},
      {"1.5 h", time, 5400.0},
      {"2 min", time, 120.0},
      {"2 hours", time, 7200.0},
      {"3 days", time, 259200.0},
      {"1 week", time, 604800.0},
      {"1 month", time, 2628000.0},
      {"3 years", time, 94608000.0},
      {"1.7 GHz", frequency, 1.7e9},
      {"25 /s", frequency, 25.0},
      {"25/s", frequency, 25.0},
      {"80 GiB", bytes, 80.0 * 1073741824.0},
      {"1 PiB", bytes, 1125899906842624.0},
      {"80 GB", bytes, 80e9},
      {"64 KiB", bytes, 65536.0},
      {"64 kB", bytes, 64e3},
      {"64 KB", bytes, 64e3},
      {"16 Gb", bytes, 2e9},
      {"16 Gbit", bytes, 2e9},
      {"1e3 B", bytes, 1000.0},
      {".5 B", bytes, 0.5},
      {"3350 GB/s", rate, 3.35e12},
      {"3350 GB / s", rate, 3.35e12},
      {"9.2 Gb/s", rate, 1.15e9},
      {"400 Gbit/s", rate, 50e9},
      {"989.4 TFLOP/s", flop_rate, 989.4e12},
      {"989.4 TFLOPS", flop_rate, 989.4e12},
      {"1979 TOPS", flop_rate, 1979e12},
      {"700 W", power, 700.0},
      {"5 mW", power, 0.005},
      {"1 kWh", energy, 3.6e6},
      {"2 pJ", energy, 2e-12},
      {"3.9 pJ/bit", dimension_of<JoulesPerByte>(), 3.9e-12 * 8.0},
      {"$30000", money, 30000.0},
      {"$ 30000", money, 30000.0},
      {"30000 USD", money, 30000.0},
      {"30000 $", money, 30000.0},
      {"$2.35/h", rent, 2.35 / 3600.0},
      {"2.35 USD/h", rent, 2.35 / 3600.0},
      {"$9.99/month", rent, 9.99 / 2628000.0},
      {"$0.08/kWh", dimension_of<DollarsPerJoule>(), 0.08 / 3.6e6},
      {"$15/GB", dimension_of<DollarsPerByte>(), 15e-9},
      {"$0.02/GB/month", {-1, -1, 0, 0, 1}, 0.02 / 1e9 / 2628000.0},
  };
  for (const Accepted& row : table) {
    const Result<double> value = parse_in_dimension(row.text, row.dimension);
    ASSERT_TRUE(value) << one_line(value.error());
    EXPECT_NEAR(*value, row.value, 4e-16 * std::abs(row.value)) << row.text;
  }
}

TEST(Unit, RefusesTheRestAndSaysWhy) {
  struct Refused {
    std::string text;
    DimensionValue dimension;
    std::string error;
  };
  const std::vector<Refused> table{
      {"", time, R"("" does not begin with a finite number; expected a quantity such as "500 ms")"},
      {"ms", time, R"("ms" does not begin with a finite number; expected a quantity such as "500 ms")"},
      {"nan s", time, R"("nan s" does not begin with a finite number; expected a quantity such as "500 ms")"},
      {"inf s", time, R"("inf s" does not begin with a finite number; expected a quantity such as "500 ms")"},
      {"1e999 s", time, R"("1e999 s" is too large or too small; expected a quantity such as "500 ms")"},
      {"1e300 EB", bytes, R"("1e300 EB" is too large or too small; expected a quantity such as "80 GiB")"},
      {"500", time, R"("500" has the wrong unit; expected a quantity such as "500 ms")"},
      {"500 GB", time, R"("500 GB" has the wrong unit; expected a quantity such as "500 ms")"},
      {"80 GB/s", bytes, R"("80 GB/s" has the wrong unit; expected a quantity such as "80 GiB")"},
      {"700 J", power, R"("700 J" has the wrong unit; expected a quantity such as "700 W")"},
      {"$5 USD", money, R"("$5 USD" has the wrong unit; expected a quantity such as "$30000")"},
      {"80 gb", bytes, R"(unknown unit "gb" in "80 gb"; expected a quantity such as "80 GiB")"},
      {"80 mB", bytes, R"(unknown unit "mB" in "80 mB"; expected a quantity such as "80 GiB")"},
      {"80 mb", bytes, R"(unknown unit "mb" in "80 mb"; expected a quantity such as "80 GiB")"},
      {"1 Kis", time, R"(unknown unit "Kis" in "1 Kis"; expected a quantity such as "500 ms")"},
      {"1 mmin", time, R"(unknown unit "mmin" in "1 mmin"; expected a quantity such as "500 ms")"},
      {"1 k", time, R"(unknown unit "k" in "1 k"; expected a quantity such as "500 ms")"},
      {"1,000 GB", bytes, R"(unknown unit ",000 GB" in "1,000 GB"; expected a quantity such as "80 GiB")"},
      {"3 1/s", frequency, R"(unknown unit "1" in "3 1/s"; expected a quantity such as "1.7 GHz")"},
      {"80 GB/", bytes, R"(a unit is missing beside "/" in "80 GB/"; expected a quantity such as "80 GiB")"},
      {"80 /", frequency, R"(a unit is missing beside "/" in "80 /"; expected a quantity such as "1.7 GHz")"},
      {"80 //s", frequency, R"(a unit is missing beside "/" in "80 //s"; expected a quantity such as "1.7 GHz")"},
      {"80 GB//s", rate, R"(a unit is missing beside "/" in "80 GB//s"; expected a quantity such as "3350 GB/s")"},
      {"5 J", {1, 1, 0, 1, 0}, R"("5 J" has the wrong unit; expected a quantity such as "1 J*B*s")"},
      {"5\n s", time, R"(unknown unit "\n s" in "5\n s"; expected a quantity such as "500 ms")"},
  };
  for (const Refused& row : table) {
    const Result<double> value = parse_in_dimension(row.text, row.dimension);
    ASSERT_FALSE(value) << row.text;
    EXPECT_EQ(one_line(value.error()), row.error);
    EXPECT_EQ(value.error().place.line, 0);
  }
}

TEST(Unit, AMegabyteOfTextGivesAShortMessage) {
  const Result<double> value = parse_in_dimension("5 " + std::string(1 << 20, 'x'), time);
  ASSERT_FALSE(value);
  EXPECT_LT(one_line(value.error()).size(), 300u);
  const Result<double> slashes = parse_in_dimension("5 s" + std::string(1 << 20, '/'), time);
  ASSERT_FALSE(slashes);
  EXPECT_LT(one_line(slashes.error()).size(), 300u);
}

TEST(Unit, EveryExampleIsReadInItsOwnDimension) {
  for (const DimensionValue dimension : {time, bytes, rate, flop_rate, power, frequency, energy, money, rent}) {
    EXPECT_TRUE(parse_in_dimension(unit_example(dimension), dimension)) << unit_example(dimension);
    EXPECT_TRUE(parse_in_dimension("1 " + base_unit(dimension), dimension)) << base_unit(dimension);
  }
}

TEST(Unit, ParseQuantityGivesTheType) {
  const Result<BytesPerSecond> bandwidth = parse_quantity<BytesPerSecond>("3350 GB/s");
  ASSERT_TRUE(bandwidth);
  EXPECT_DOUBLE_EQ(bandwidth->value(), 3.35e12);
  EXPECT_FALSE(parse_quantity<Seconds>("3350 GB/s"));
}

// The shortest text of a double reads back as the same double; so does a value written in its base unit, in any
// dimension that the notation can express (one unit above the line at most).
RC_GTEST_PROP(UnitLaw, WhatIsWrittenIsReadBack, ()) {
  const DimensionValue dimension = *rc::gen::elementOf(std::vector<DimensionValue>{
      time, bytes, rate, flop_rate, power, frequency, energy, money, rent, {-2, 0, 0, 1, 0}, {0, -1, -1, 0, 1}});
  const double value =
      *rc::gen::suchThat<double>([](double x) { return std::isfinite(x) && (x == 0.0 || std::isnormal(x)); });
  const std::string text = fmt::format("{} {}", value, base_unit(dimension));
  const Result<double> read = parse_in_dimension(text, dimension);
  RC_ASSERT(bool(read));
  RC_ASSERT(*read == value);
}

}  // namespace
}  // namespace plumb
