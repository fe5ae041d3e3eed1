// Do dimensions follow the rules of physics, and do wrong ones not compile?

#include "base/quantity.h"

#include <type_traits>

#include <gtest/gtest.h>

#include "base/evidence.h"
#include "base/number_format.h"

namespace plumb {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) { a + b; };
template <class A, class B>
concept Subtractable = requires(A a, B b) { a - b; };
template <class A, class B>
concept Comparable = requires(A a, B b) { a < b; };
template <class A, class B>
concept Equatable = requires(A a, B b) { a == b; };
template <class A, class B>
concept Accumulates = requires(A a, B b) { a += b; };
template <class A, class B>
concept Assignable = requires(A a, B b) { a = b; };

// What must compile.
static_assert(Addable<Bytes, Bytes> && Subtractable<Seconds, Seconds> && Comparable<Dollars, Dollars>);
static_assert(Accumulates<Joules, Joules> && Assignable<Bytes, Bytes>);
// What must not: different dimensions, and plain numbers where a unit belongs.
static_assert(!Addable<Bytes, Seconds> && !Addable<Bytes, double> && !Addable<int, Seconds>);
static_assert(!Subtractable<Watts, Joules> && !Comparable<Flops, FlopsPerSecond> && !Equatable<Bytes, double>);
static_assert(!Accumulates<Dollars, DollarsPerSecond> && !Accumulates<Seconds, double>);
static_assert(!Assignable<Seconds, double> && !Assignable<Bytes, Seconds>);
static_assert(!std::is_convertible_v<Bytes, double> && !std::is_constructible_v<Bytes, double>);
// Dimensions of products and quotients.
static_assert(std::is_same_v<decltype(Bytes{} / Seconds{}), BytesPerSecond>);
static_assert(std::is_same_v<decltype(Bytes{} / BytesPerSecond{}), Seconds>);
static_assert(std::is_same_v<decltype(Flops{} / FlopsPerSecond{}), Seconds>);
static_assert(std::is_same_v<decltype(Watts{} * Seconds{}), Joules>);
static_assert(std::is_same_v<decltype(JoulesPerByte{} * BytesPerSecond{}), Watts>);
static_assert(std::is_same_v<decltype(DollarsPerJoule{} * Watts{}), DollarsPerSecond>);
static_assert(std::is_same_v<decltype(DollarsPerByte{} * Bytes{}), Dollars>);
static_assert(std::is_same_v<decltype(1.0 / Seconds{}), PerSecond>);
static_assert(std::is_same_v<decltype(Seconds{} / Seconds{}), double>);
static_assert(std::is_same_v<decltype(PerSecond{} * Seconds{}), double>);
// A quantity costs what a double costs.
static_assert(sizeof(Bytes) == sizeof(double) && std::is_trivially_copyable_v<Bytes>);

TEST(Quantity, ArithmeticIsThatOfItsValues) {
  const Bytes weights = 16.0 * gigabyte;
  const BytesPerSecond bandwidth = 3.2e12 * (Bytes::of(1.0) / second);
  EXPECT_DOUBLE_EQ((weights / bandwidth).value(), 0.005);
  EXPECT_DOUBLE_EQ((weights + gibibyte - gigabyte * 2.0).value(), 14e9 + 1073741824.0);
  EXPECT_DOUBLE_EQ((-weights / 4.0).value(), -4e9);
  Seconds total;
  total += hour;
  total -= 600.0 * second;
  total *= 2.0;
  total /= 3.0;
  EXPECT_DOUBLE_EQ(total.value(), 2000.0);
  EXPECT_LT(millisecond, second);
  EXPECT_EQ(1000.0 * millisecond, second);
  EXPECT_DOUBLE_EQ(1000.0 * Watts::of(1.0) * hour / kilowatt_hour, 1.0);
}

TEST(Quantity, TheCalendarIsTheStatedOne) {
  EXPECT_DOUBLE_EQ(year / day, 365.0);
  EXPECT_DOUBLE_EQ(year / month, 12.0);
  EXPECT_DOUBLE_EQ(day / hour, 24.0);
}

TEST(NumberFormat, NamesGoThereAndBack) {
  for (const std::string_view name : number_format_names) {
    ASSERT_TRUE(number_format(name)) << name;
    EXPECT_EQ(number_format_name(*number_format(name)), name);
  }
  EXPECT_FALSE(number_format("fp5"));
  EXPECT_FALSE(number_format(""));
  EXPECT_EQ(format_bits(NumberFormat::bf16), 16.0);
  EXPECT_EQ(format_bits(NumberFormat::int4), 4.0);
}

TEST(Evidence, OfAResultIsTheWorstItRestsOn) {
  EXPECT_EQ(worse(Evidence::measured, Evidence::datasheet), Evidence::datasheet);
  EXPECT_EQ(worse(Evidence::assumed, Evidence::measured), Evidence::assumed);
  EXPECT_EQ(evidence_name(Evidence::datasheet), "datasheet");
}

}  // namespace
}  // namespace plumb
