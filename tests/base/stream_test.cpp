// Are the random numbers the bytes they are meant to be, today and on any machine?

#include "base/random.h"

#include <array>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "goodness_of_fit.h"

namespace plumb {
namespace {

TEST(Splitmix64, GivesThePublishedSequence) {
  std::uint64_t state = 1234567;  // the test vector of Rosetta Code's page on it
  EXPECT_EQ(splitmix64(state), 6457827717110365317u);
  EXPECT_EQ(splitmix64(state), 3203168211198807973u);
  EXPECT_EQ(splitmix64(state), 9817491932198370423u);
  EXPECT_EQ(splitmix64(state), 4593380528125082431u);
}

TEST(HashName, IsFnv1a) {
  // The test vectors of the FNV page of Noll.
  EXPECT_EQ(hash_name(""), 0xcbf29ce484222325u);
  EXPECT_EQ(hash_name("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(hash_name("foobar"), 0x85944171f73967e8u);
}

// These values come from a second implementation, in Python, that gives the published sequence of xoshiro256++ for the
// state {1, 2, 3, 4}. If they change, every result of every user changes.
TEST(Stream, FirstBitsArePinned) {
  const auto expect = [](std::uint64_t seed, const char* name, std::array<std::uint64_t, 4> wanted) {
    Stream stream(seed, name);
    for (const std::uint64_t bits : wanted) EXPECT_EQ(stream.bits(), bits) << seed << " " << name;
  };
  expect(0, "", {0x96bb3c9cab98ed3f, 0x65b64fbc9a770e81, 0xed86fb2d91de1ae1, 0xc597f5e135156f81});
  expect(1, "arrivals", {0x5e0e888756c6f6b8, 0xe8500522a11d5903, 0x00705a2f5b39e4e0, 0x0bcb0eb57b61d4ab});
  expect(~std::uint64_t{0}, "lengths",
         {0x9d1b8d2f0547ca77, 0x449f099e3d1c9759, 0x5a609fc51a7d12e6, 0x3f2a72224912590e});
}

TEST(Stream, FirstUniformsArePinned) {
  Stream stream(1, "arrivals");
  EXPECT_EQ(stream.uniform(), 0.36740926078962466);
  EXPECT_EQ(stream.uniform(), 0.9074710092109987);
  EXPECT_EQ(stream.uniform(), 0.001714359819039668);
  Stream open(1, "arrivals");
  EXPECT_EQ(open.uniform_open(), 0.36740926078962466 + 0x1p-53);
}

TEST(Stream, DifferentNamesAndSeedsGiveDifferentStreams) {
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    for (const char* name : {"a", "b", "arrivals", "lengths"}) first.insert(Stream(seed, name).bits());
  }
  EXPECT_EQ(first.size(), 400u);
}

TEST(Stream, UniformIsUniform) {
  Stream stream(2, "uniform");
  const auto samples = fit::draws(20000, [&] { return stream.uniform(-3.0, 5.0); });
  EXPECT_LT(fit::ks_distance(samples, [](double x) { return (x + 3.0) / 8.0; }), fit::ks_distance_max(samples.size()));
}

RC_GTEST_PROP(StreamLaw, BelowStaysBelow, (std::uint64_t seed)) {
  const std::uint64_t count = *rc::gen::suchThat<std::uint64_t>([](std::uint64_t n) { return n > 0; });
  Stream stream(seed, "below");
  for (int i = 0; i < 20; ++i) RC_ASSERT(stream.below(count) < count);
}

TEST(Stream, BelowIsEven) {
  for (const std::size_t count : {2u, 7u, 10u, 100u}) {
    Stream stream(3, "below");
    std::vector<double> observed(count);
    for (int i = 0; i < 50000; ++i) ++observed[stream.below(count)];
    const std::vector<double> expected(count, 50000.0 / static_cast<double>(count));
    EXPECT_LT(fit::chi_square(observed, expected), fit::chi_square_max(count)) << count;
  }
}

TEST(Stream, BelowHasNoBiasWhereTheRemainderWould) {
  // Of 3 * 2^62 values a remainder of 64 bits would draw the first third twice as often as the others.
  Stream stream(4, "below");
  constexpr std::uint64_t third = std::uint64_t{1} << 62;
  std::vector<double> observed(3);
  for (int i = 0; i < 30000; ++i) ++observed[stream.below(3 * third) / third];
  EXPECT_LT(fit::chi_square(observed, {10000.0, 10000.0, 10000.0}), fit::chi_square_max(3));
}

}  // namespace
}  // namespace plumb
