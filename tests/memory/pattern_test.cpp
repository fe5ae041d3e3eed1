// Are the patterns those by which peers were measured? First addresses by hand; splitmix64's values from seed 1 are
// those of its reference implementation (Vigna, prng.di.unimi.it/splitmix64.c).

#include "memory/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plumb::memory {
namespace {

using testing::ElementsAre;

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;
constexpr std::uint64_t first = 0x910a2dec89025cc1, second = 0xbeeb8da1658eec67, third = 0xf893a2eefb32555e;

std::vector<AddressedAccess> take(std::string_view name, const PatternSpace& space, std::size_t count) {
  std::vector<AddressedAccess> accesses(count);
  const auto pattern = make_pattern(name, space);
  EXPECT_EQ(*pattern->next(accesses), count);
  return accesses;
}

std::vector<std::uint64_t> addresses(std::string_view name, const PatternSpace& space, std::size_t count) {
  std::vector<std::uint64_t> found;
  for (const AddressedAccess& access : take(name, space, count)) found.push_back(access.address);
  return found;
}

std::vector<std::size_t> writes(std::string_view name, const PatternSpace& space, std::size_t count) {
  std::vector<std::size_t> found;
  const auto accesses = take(name, space, count);
  for (std::size_t i = 0; i < count; ++i)
    if (accesses[i].write) found.push_back(i);
  return found;
}

constexpr PatternSpace space{gibibyte, 32, 1};

TEST(Pattern, SeqReadsOneAccessAfterTheOther) {
  EXPECT_THAT(addresses("seq", space, 4), ElementsAre(0, 32, 64, 96));
  EXPECT_THAT(writes("seq", space, 100), ElementsAre());
}

TEST(Pattern, SeqBeginsAnewAtTheEndOfTheMemory) {
  EXPECT_THAT(addresses("seq", {96, 32, 1}, 5), ElementsAre(0, 32, 64, 0, 32));
}

TEST(Pattern, RandIsSplitmix64ModuloTheAccesses) {
  constexpr std::uint64_t accesses = gibibyte / 32;
  EXPECT_THAT(addresses("rand", space, 3),
              ElementsAre(first % accesses * 32, second % accesses * 32, third % accesses * 32));
  EXPECT_THAT(writes("rand", space, 100), ElementsAre());
}

TEST(Pattern, RandOfAMemoryWhoseSizeIsNoPowerOfTwo) {
  constexpr std::uint64_t capacity = 3 * gibibyte;
  EXPECT_THAT(addresses("rand", {capacity, 64, 1}, 2),
              ElementsAre(first % (capacity / 64) * 64, second % (capacity / 64) * 64));
}

TEST(Pattern, GatherReadsRandomBlocksOfFourKibibytes) {
  constexpr std::uint64_t blocks = gibibyte / 4096, one = first % blocks * 4096, two = second % blocks * 4096;
  const auto found = addresses("gather", space, 130);
  EXPECT_EQ(found[0], one);
  EXPECT_EQ(found[1], one + 32);
  EXPECT_EQ(found[127], one + 4064);
  EXPECT_EQ(found[128], two);
  EXPECT_EQ(found[129], two + 32);
}

TEST(Pattern, MixsWritesEveryThirdOfOneStream) {
  EXPECT_THAT(addresses("mixs", space, 4), ElementsAre(0, 32, 64, 96));
  EXPECT_THAT(writes("mixs", space, 9), ElementsAre(2, 5, 8));
}

TEST(Pattern, MixReadsTwoArraysAndWritesAThird) {
  constexpr std::uint64_t quarter = gibibyte / 4;
  EXPECT_THAT(addresses("mix", space, 6), ElementsAre(0, quarter, 2 * quarter, 32, quarter + 32, 2 * quarter + 32));
  EXPECT_THAT(writes("mix", space, 9), ElementsAre(2, 5, 8));
}

TEST(Pattern, ASeedGivesOtherAddresses) {
  EXPECT_NE(addresses("rand", space, 8), addresses("rand", {gibibyte, 32, 2}, 8));
}

TEST(Pattern, AnUnknownOneIsNone) { EXPECT_EQ(make_pattern("seqq", space), nullptr); }

RC_GTEST_PROP(PatternLaw, LiesInTheMemoryHoweverItIsTaken, ()) {
  const auto names = pattern_names();
  const auto name = names[*rc::gen::inRange<std::size_t>(0, names.size())].name;
  const auto access = std::uint64_t{1} << *rc::gen::inRange(5, 9);
  const PatternSpace any{access * *rc::gen::inRange<std::uint64_t>(4, 100'000), access,
                         *rc::gen::arbitrary<std::uint64_t>()};
  const auto whole = take(name, any, 1000);
  for (const AddressedAccess& each : whole)
    RC_ASSERT(each.address + access <= any.capacity && each.arrival == always_waiting);
  // In pieces it is the same stream.
  const auto pattern = make_pattern(name, any);
  for (std::size_t at = 0; at < whole.size();) {
    std::vector<AddressedAccess> piece(std::min(whole.size() - at, *rc::gen::inRange<std::size_t>(1, 100)));
    RC_ASSERT(*pattern->next(piece) == piece.size());
    for (const AddressedAccess& each : piece) {
      RC_ASSERT(each.address == whole[at].address && each.write == whole[at].write);
      ++at;
    }
  }
}

}  // namespace
}  // namespace plumb::memory
