// Is what a table of sustained bandwidth says what the command-level model does, between its points as well as at them?

#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/temporary_folder.h"
#include "catalog/builtin_files.h"
#include "memory/fingerprint.h"
#include "memory/specifications.h"
#include "memory/sustained_table.h"

namespace plumb::memory {
namespace {

std::string_view builtin_table() {
  for (const catalog::BuiltinFile& file : catalog::builtin_files())
    if (file.path == "catalog/sustained.csv") return file.text;
  return {};
}

/// What the program carries, which the next test compares with the model.
SustainedBandwidth table_of(const Specification& of) {
  auto table = find_sustained(builtin_table(), of);
  EXPECT_TRUE(table.has_value()) << of.name << ": run `plumb memory sustained --csv catalog/sustained.csv`";
  return table ? *std::move(table) : measure_all(of);
}

TEST(SustainedBandwidth, BuiltinTableIsOfTheCatalogsMemories) {
  const catalog::Catalog catalog = catalog::Catalog::builtin().value();
  const std::vector<Specification> tabled = tabled_specifications(catalog).value();
  EXPECT_GT(tabled.size(), specifications_in_use(catalog).size()) << "a class has a queue of its own";
  for (const Specification& of : tabled)
    EXPECT_TRUE(find_sustained(builtin_table(), of).has_value())
        << of.full_name() << ", queue " << of.controller.read_queue
        << ": run `plumb memory sustained --csv catalog/sustained.csv`";
}

TEST(SustainedBandwidth, BuiltinTableIsWhatTheModelGives) {
  for (const char* name : {"hbm3", "lpddr5x"}) {
    const Specification of = test::specification(name);
    const SustainedBandwidth table = table_of(of);
    for (std::size_t i = 0; i < table.points().size(); i += 13) {
      const SustainedPoint& kept = table.points()[i];
      const SustainedPoint made = measure(of, kept.demand);
      EXPECT_NEAR(made.share, kept.share, 1e-5 * kept.share) << name << " point " << i;
      EXPECT_NEAR(made.row_hit_share, kept.row_hit_share, 1e-5);
      EXPECT_NEAR(made.joules_per_byte, kept.joules_per_byte, 1e-5 * kept.joules_per_byte);
    }
  }
}

/// What the table may be off by, in percent. The last page of a block that is no whole number of pages opens rows for
/// few accesses, and a run has few of the largest blocks.
double tolerance(const Demand& demand) {
  constexpr double page_bytes = 4096.0, large_bytes = 1048576.0;
  const bool pages = std::fmod(demand.parameter, page_bytes) == 0.0 && demand.parameter <= large_bytes;
  return demand.kind == Demand::Kind::gathered && !pages ? 4.0 : 2.0;
}

// Blocks and mixtures that no point of the table has.
TEST(SustainedBandwidth, IsWhatTheModelGivesBetweenThePoints) {
  for (const char* name : {"hbm2e", "hbm3", "hbm3e", "gddr6", "lpddr5x", "ddr5"}) {
    const Specification of = test::specification(name);
    const SustainedBandwidth table = table_of(of);
    const auto compare = [&](const Demand& demand) {
      const double measured = measure(of, demand).share, said = table.at(demand).share;
      const double error = 100.0 * std::log(said / measured);
      std::printf("%-8s %-8s %9.2f  model %.4f  table %.4f  %+.2f %%\n", name,
                  std::string(demand_name(demand.kind)).c_str(), demand.parameter, measured, said, error);
      EXPECT_LE(std::abs(error), tolerance(demand))
          << name << " " << demand_name(demand.kind) << " " << demand.parameter;
    };
    for (const double kib : {2.3, 21.0, 68.0, 100.0, 140.0, 700.0, 3000.0})
      compare({Demand::Kind::gathered, 1024.0 * kib});
    for (const double write_share : {0.07, 0.33, 0.55, 0.8, 0.93}) compare({Demand::Kind::mixed, write_share});
  }
}

// Points that nobody has asked for are not there; those that somebody has are kept and read back.
TEST(SustainedBandwidth, PointsAreMeasuredWhenTheyAreAskedForAndKept) {
  Specification of = test::specification("hbm3");
  of.controller.read_queue = 17;  // that no table of the program has
  const TemporaryFolder folder;
  const SustainedBandwidth table = sustained_of(of, folder.file(""));
  const std::string path = folder.file("sustained-" + fingerprint(of) + ".csv");
  EXPECT_FALSE(read_file(path, 1U << 20U).has_value());
  const double streamed = table.streamed();
  const SustainedPoint point = table.at({Demand::Kind::mixed, 0.5});
  EXPECT_EQ(find_points(read_file(path, 1U << 20U).value(), of).size(), 2U);
  EXPECT_NEAR(streamed, measure(of, {Demand::Kind::streamed, 0.0}).share, 1e-5);
  const SustainedBandwidth again = sustained_of(of, folder.file(""));
  EXPECT_EQ(again.streamed(), streamed);
  EXPECT_EQ(again.at({Demand::Kind::mixed, 0.5}).joules_per_byte, point.joules_per_byte);
  folder.write("sustained-" + fingerprint(of) + ".csv", "no table\n");
  EXPECT_EQ(sustained_of(of, folder.file("")).streamed(), streamed) << "what is spoilt is measured again";
}

TEST(SustainedBandwidth, RowsReadBackAreTheTable) {
  Specification of = test::specification("gddr6");
  of.name = "a, \"b\"\n.toml";  // a path may be anything
  const SustainedBandwidth table({{{Demand::Kind::streamed, 0.0}, 0.5, 0.25, 1e-3, 1e-12}});
  const std::string rows = sustained_rows(of, table);
  EXPECT_EQ(rows, fingerprint(of) + ",a_ _b__.toml,streamed,0,0.5,0.25,0.001,1e-12\n");
  EXPECT_FALSE(find_sustained(rows, of).has_value()) << "a table that is cut is none";
  std::vector<SustainedPoint> points;
  for (const Demand& demand : measured_demands(of)) points.push_back({demand, 0.123456789, 0.5, 1e-3, 1e-12});
  const std::string whole = sustained_rows(of, SustainedBandwidth(points));
  ASSERT_TRUE(find_sustained(whole, of).has_value());
  EXPECT_EQ(sustained_rows(of, *find_sustained(whole, of)), whole);
  EXPECT_FALSE(find_sustained("", of).has_value());
}

TEST(Fingerprint, TellsWhatBehavesOtherwise) {
  const Specification of = test::specification("hbm3");
  EXPECT_EQ(fingerprint(of).size(), 32U);
  Specification other = of;
  other.title = other.name = "another name";
  other.notes.clear();
  EXPECT_EQ(fingerprint(other), fingerprint(of)) << "names are for people";
  other.controller.read_queue += 1;
  EXPECT_NE(fingerprint(other), fingerprint(of));
  other = of;
  other.constraints.back().ticks += 1;
  EXPECT_NE(fingerprint(other), fingerprint(of));
}

}  // namespace
}  // namespace plumb::memory
