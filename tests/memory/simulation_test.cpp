// Is every access of a stream served once, on the channel of its address, whatever the number of threads?

#include "memory/simulation.h"

#include <algorithm>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/address_mapping.h"
#include "memory/specifications.h"

namespace plumb::memory {
namespace {

/// What a run did, so that two can be compared.
struct Served {
  MemoryReport report;
  std::vector<std::vector<IssuedCommand>> commands;  ///< a channel each
};

Served serve(const Specification& specification, std::string_view pattern, std::int64_t requests, int jobs) {
  Served made;
  made.commands.resize(static_cast<std::size_t>(specification.organisation.channels));
  SimulationOptions options;
  options.requests = requests;
  options.jobs = jobs;
  options.commands = [&](int channel, std::span<const IssuedCommand> commands) {
    auto& all = made.commands[static_cast<std::size_t>(channel)];
    all.insert(all.end(), commands.begin(), commands.end());
  };
  const auto source = make_pattern(pattern, space_of(specification, 1));
  auto report = simulate(specification, *source, options);
  EXPECT_TRUE(report.has_value());
  made.report = std::move(*report);
  return made;
}

bool is_access(const Specification& of, const IssuedCommand& command) {
  const Does does = of.commands[static_cast<std::size_t>(command.command)].does;
  return does == Does::read || does == Does::read_and_precharge || does == Does::write ||
         does == Does::write_and_precharge;
}

class EveryPattern : public testing::TestWithParam<std::string> {};

TEST_P(EveryPattern, IsServedOnceAndWhereItsAddressesLie) {
  const Specification of = test::specification("hbm3", 4);
  constexpr std::int64_t requests = 50'000;
  const Served made = serve(of, GetParam(), requests, 2);

  const auto mapping = AddressMapping::make(of.mapping, of.organisation, {});
  std::vector<AddressedAccess> accesses(requests);
  ASSERT_TRUE(make_pattern(GetParam(), space_of(of, 1))->next(accesses).has_value());
  std::vector<std::uint64_t> wanted, served;
  std::int64_t writes = 0;
  for (const AddressedAccess& access : accesses) {
    wanted.push_back(access.address);
    writes += access.write ? 1 : 0;
  }
  for (std::size_t channel = 0; channel < made.commands.size(); ++channel)
    for (const IssuedCommand& command : made.commands[channel])
      if (is_access(of, command))
        served.push_back(mapping->address_of({static_cast<int>(channel), command.bank, command.row, command.column}));
  std::sort(wanted.begin(), wanted.end());
  std::sort(served.begin(), served.end());
  EXPECT_EQ(made.report.requests, requests);
  EXPECT_EQ(made.report.counters.writes, writes);
  EXPECT_EQ(made.report.bytes, 32.0 * requests);
  if (made.report.counters.forwarded == 0) {
    EXPECT_EQ(served, wanted);
  }
  EXPECT_EQ(static_cast<std::int64_t>(served.size()) + made.report.counters.forwarded, requests);
  EXPECT_GT(made.report.peak_share(), 0.0);
  EXPECT_LE(made.report.peak_share(), 1.0);
}

TEST_P(EveryPattern, IsTheSameOnAnyNumberOfThreads) {
  const Specification of = test::specification("hbm3", 3);
  const Served one = serve(of, GetParam(), 40'000, 1);
  for (const int jobs : {2, 3}) {
    const Served other = serve(of, GetParam(), 40'000, jobs);
    EXPECT_EQ(one.report.counters.end, other.report.counters.end);
    EXPECT_EQ(one.report.counters.commands, other.report.counters.commands);
    EXPECT_EQ(one.report.counters.read_latency.sum(), other.report.counters.read_latency.sum());
    ASSERT_EQ(one.commands.size(), other.commands.size());
    for (std::size_t channel = 0; channel < one.commands.size(); ++channel) {
      EXPECT_TRUE(std::equal(
          one.commands[channel].begin(), one.commands[channel].end(), other.commands[channel].begin(),
          other.commands[channel].end(), [](const IssuedCommand& a, const IssuedCommand& b) {
            return a.at == b.at && a.command == b.command && a.bank == b.bank && a.row == b.row && a.column == b.column;
          }));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryPattern, testing::Values("seq", "rand", "gather", "mixs", "mix"),
                         [](const auto& test) { return test.param; });

/// Gives so many accesses of one address, then an error or the end.
class Repeated : public AccessSource {
 public:
  explicit Repeated(std::size_t count, bool fails = false) : left_(count), fails_(fails) {}
  Result<std::size_t> next(std::span<AddressedAccess> into) override {
    const std::size_t count = std::min(left_, into.size());
    if (count < into.size() && fails_) return fail(input_error({"trace", 7, 1}, "broken"));
    std::fill_n(into.begin(), count, AddressedAccess{});
    left_ -= count;
    return count;
  }

 private:
  std::size_t left_;
  bool fails_;
};

TEST(Simulation, EndsWhereTheStreamEnds) {
  const Specification of = test::specification("hbm3", 2);
  for (const std::size_t count : {std::size_t{1}, std::size_t{1024}, std::size_t{8192}, std::size_t{20'000}}) {
    Repeated source(count);
    const auto report = simulate(of, source);
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->requests, static_cast<std::int64_t>(count));
  }
}

TEST(Simulation, OfNothingTakesNoTime) {
  Repeated source(0);
  const auto report = simulate(test::specification("hbm3", 2), source);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->requests, 0);
  EXPECT_EQ(report->cycles, 0.0);
  EXPECT_EQ(report->bandwidth.value(), 0.0);
  EXPECT_FALSE(report->latency.has_value());
}

TEST(Simulation, AnErrorOfTheStreamIsItsError) {
  Repeated source(30'000, true);
  const auto report = simulate(test::specification("hbm3", 2), source);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(one_line(report.error()), "trace:7:1: broken");
}

TEST(Simulation, AnInterruptionEndsIt) {
  const std::atomic<bool> interrupt{true};
  const Specification of = test::specification("hbm3", 2);
  const auto source = make_pattern("seq", space_of(of, 1));
  SimulationOptions options;
  options.interrupt = &interrupt;  // without a limit: the pattern has no end
  const auto report = simulate(of, *source, options);
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(report->interrupted);
}

}  // namespace
}  // namespace plumb::memory
