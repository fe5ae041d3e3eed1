// Are the traces of other simulators read as they mean it, and refused where they are wrong, with the place?

#include "memory/access_trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "base/file.h"
#include "base/temporary_folder.h"
#include "memory/access_trace_lines.h"
#include "memory/specifications.h"

namespace plumb::memory {
namespace {

using testing::HasSubstr;

struct System {
  explicit System(const std::string& name) : specification(test::specification(name)) {}
  Specification specification;
  AddressMapping mapping = *AddressMapping::make(specification.mapping, specification.organisation, {});
  TraceSystem trace() const { return {specification, mapping}; }
};

const System& hbm3() {
  static const System system("hbm3");
  return system;
}

Result<std::vector<AddressedAccess>> read(const std::string& text, const System& system = hbm3()) {
  AccessTraceLines lines("trace", system.trace());
  std::vector<AddressedAccess> accesses;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    AddressedAccess access;
    PLUMB_ASSIGN(const bool found, lines.take(std::string_view(text).substr(begin, end - begin), access));
    if (found) accesses.push_back(access);
    begin = end + 1;
  }
  return accesses;
}

struct Read {
  std::uint64_t address;
  bool write;
  Tick arrival;
};
void expect_accesses(const std::string& text, const std::vector<Read>& expected) {
  const auto found = read(text);
  ASSERT_TRUE(found.has_value()) << render(found.error());
  ASSERT_EQ(found->size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ((*found)[i].address, expected[i].address) << i;
    EXPECT_EQ((*found)[i].write, expected[i].write) << i;
    EXPECT_EQ((*found)[i].arrival, expected[i].arrival) << i;
  }
}

TEST(AccessTrace, LoadsAndStoresOfRamulator) {
  expect_accesses("LD 0x12340\nST 4096\n\n# a comment\nLD\t0X20 \r\n",
                  {{0x12340, false, -1}, {4096, true, -1}, {0x20, false, -1}});
}

TEST(AccessTrace, ReadsAndWritesWithTheAddressOnEitherSide) {
  expect_accesses("R 0x40\nW 64\n", {{0x40, false, -1}, {64, true, -1}});
  expect_accesses("0x12345680 R\n4096 W\n", {{0x12345680, false, -1}, {4096, true, -1}});
}

TEST(AccessTrace, ClocksOfDramsim3AreTicksOfTheSpecification) {
  // A clock of this specification has two ticks; addresses are hexadecimal also without 0x.
  expect_accesses("0x100 READ 10\n200 WRITE 10\n0x300 P_MEM_WR 12\n",
                  {{0x100, false, 20}, {0x200, true, 20}, {0x300, true, 24}});
}

TEST(AccessTrace, APlaceIsTheAddressThatTheMappingPutsThere) {
  const auto found = read("R 3,1,1,2,3,345,6\nW 15,0,0,0,0,0,0\n");
  ASSERT_TRUE(found.has_value()) << render(found.error());
  const Location at = hbm3().mapping.locate((*found)[0].address);
  EXPECT_EQ(at.channel, 3);
  EXPECT_EQ(at.bank, ((1 * 2 + 1) * 4 + 2) * 4 + 3);
  EXPECT_EQ(at.row, 345);
  EXPECT_EQ(at.column, 6);
  EXPECT_FALSE((*found)[0].write);
  EXPECT_TRUE((*found)[1].write);
}

TEST(AccessTrace, AFileMayBeCompressed) {
  const TemporaryFolder folder;
  const std::string path = folder.file("trace.gz");
  gzFile file = gzopen(path.c_str(), "wb");
  const std::string text = "LD 0x40\nST 0x80\n";
  ASSERT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())), static_cast<int>(text.size()));
  gzclose(file);
  const auto trace = open_access_trace(path, hbm3().trace());
  ASSERT_TRUE(trace.has_value());
  std::vector<AddressedAccess> accesses(10);
  EXPECT_EQ(*(*trace)->next(accesses), 2U);
  EXPECT_EQ(accesses[1].address, 0x80U);
  EXPECT_EQ(*(*trace)->next(accesses), 0U);
}

TEST(AccessTrace, WithoutAccessesIsRefused) {
  const TemporaryFolder folder;
  const std::string path = folder.file("trace");
  ASSERT_TRUE(write_file(path, "# nothing\n\n").has_value());
  const auto trace = open_access_trace(path, hbm3().trace());
  ASSERT_TRUE(trace.has_value());
  std::vector<AddressedAccess> accesses(10);
  const auto found = (*trace)->next(accesses);
  ASSERT_FALSE(found.has_value());
  EXPECT_THAT(one_line(found.error()), HasSubstr("the trace holds no accesses"));
}

struct Wrong {
  const char* name;
  const char* text;
  const char* error;
};
const Wrong wrongs[] = {
    {"NoTrace", "time,address\n",
     "trace:1:1: no trace of accesses has such a line; expected one of \"R 0,0,1,2,345,6\", \"LD 0x12340\", \"0x12340 "
     "R\", \"0x12340 READ 1200\""},
    {"NoAddress", "LD 0x40\nLD 0x4g\n",
     "trace:2:4: \"0x4g\" is no address; expected an address in bytes, such as 0x12340"},
    {"Negative", "LD -1\n", "trace:1:4: \"-1\" is no address; expected an address in bytes, such as 0x12340"},
    {"OtherWord", "LD 0x40\nXX 0x40\n", "trace:2:1: \"XX\" is no access; expected LD, ST, R or W"},
    {"TooFewFields", "LD 0x40\nLD\n", "trace:2:3: 1 fields; expected 2: LD 0x12340"},
    {"TooManyFields", "LD 0x40 7\n", "trace:1:9: 3 fields; expected 2: LD 0x12340"},
    {"Beyond", "LD 0x400000000\n",
     "trace:1:4: the address 0x400000000 is beyond the memory; expected one below 0x400000000, or more channels or "
     "stacks"},
    {"ClockGoesBack", "0x40 READ 10\n0x40 READ 9\n",
     "trace:2:11: the access comes at clock 9, before the one before it; expected at least 10"},
    {"NoClock", "0x40 READ ten\n", "trace:1:11: \"ten\" is no clock; expected a whole number of clocks from 0"},
    {"HugeClock", "0x40 READ 9999999999999999999\n",
     "trace:1:11: \"9999999999999999999\" is no clock; expected a whole number of clocks from 0"},
    {"NoSuchChannel", "R 16,0,0,0,0,0,0\n", "trace:1:3: \"16\" is not there; expected a number from 0 to 15"},
    {"NoSuchColumn", "R 0,0,0,0,0,0,32\n", "trace:1:15: \"32\" is not there; expected a number from 0 to 31"},
    {"EmptyNumber", "R 0,,0,0,0,0,0\n", "trace:1:5: \"\" is not there; expected a number from 0 to 1"},
    {"ShortPlace", "R 0,0,1\n",
     "trace:1:3: 3 numbers of a place in the memory; expected channel, pseudo-channel, rank, bank group, bank, row and "
     "column"},
};
class AccessTraceError : public testing::TestWithParam<Wrong> {};
TEST_P(AccessTraceError, HasItsPlace) {
  const auto found = read(GetParam().text);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(one_line(found.error()), GetParam().error);
}
INSTANTIATE_TEST_SUITE_P(All, AccessTraceError, testing::ValuesIn(wrongs),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace plumb::memory
