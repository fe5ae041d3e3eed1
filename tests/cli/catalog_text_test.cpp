// Does the catalog show what it knows, where that stands, and that it does not know?

#include "cli/catalog_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/document.h"
#include "support/golden.h"
#include "support/run_program.h"
#include "support/services.h"

namespace plumb::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

template <class T>
catalog::Figure<T> figure(T value, Evidence evidence, int line, std::string note = "") {
  return {value,
          evidence,
          evidence == Evidence::assumed ? "a guess" : "a data sheet",
          std::move(note),
          {"made.toml", line, 1}};
}

catalog::Accelerator accelerator() {
  catalog::Accelerator made;
  made.name = "made-up";
  made.title = "An accelerator made up for this test";
  made.vendor = "Nobody";
  made.efficiency_class = "gpu";
  made.year = 2026;
  made.memory_kind = "hbm3";
  made.link = "nvlink4";
  made.scale_up_ranks = 8;
  made.compute.emplace(NumberFormat::bf16, figure(FlopsPerSecond::of(989.4e12), Evidence::datasheet, 10));
  made.memory_capacity = figure(80.0 * gibibyte, Evidence::datasheet, 12, "GiB although printed GB");
  made.memory_bandwidth = figure(BytesPerSecond::of(3.35e12), Evidence::measured, 13);
  made.power = figure(Watts::of(700.0), Evidence::assumed, 14);
  const auto price = [](double value, double low, double high, std::string date, int line) {
    return catalog::Price<DollarsPerSecond>{figure(value * dollar / hour, Evidence::datasheet, line),
                                            low * dollar / hour, high * dollar / hour, std::move(date)};
  };
  made.rent = {price(2.0, 1.5, 2.5, "2026-03", 20), price(4.0, 4.0, 4.0, "2024", 25)};
  made.notes = {"It does not exist."};
  made.place = {"made.toml", 0, 0};
  return made;
}

TEST(CatalogText, ShowsEveryFigureWithItsOrigin) {
  test::expect_golden("cli/catalog-show.txt", catalog_entry_text(entry_of(accelerator()), {}));
}

TEST(CatalogText, ListsKeyFiguresAndMarksAssumptions) {
  const std::vector<CatalogEntry> entries{entry_of(accelerator())};
  test::expect_golden("cli/catalog-list.txt", render_text(catalog_table("accelerators", entries)));
}

TEST(CatalogText, ThePriceOfTheListIsTheOneThatPlansUse) {
  catalog::Accelerator made = accelerator();
  EXPECT_EQ(entry_of(made).latest_price("rent")->date, "2026-03");
  EXPECT_EQ(entry_of(made).latest_price("purchase"), nullptr);
  for (const auto& [name, known] : test::builtin_catalog().accelerators()) {
    economics::CostTerms terms;
    terms.basis = economics::Basis::rent;
    const auto cost = economics::accelerator_cost(terms, known, Watts::of(1.0));
    const CatalogEntry entry = entry_of(known);
    const PriceLine* shown = entry.latest_price("rent");
    ASSERT_EQ(cost.has_value(), shown != nullptr) << name;
    if (cost) {
      EXPECT_EQ(cost->price.rent.value(), shown->figure.value) << name;
    }
  }
}

TEST(CatalogText, AnUnknownFigureIsUnknownAndNotZero) {
  const CatalogEntry entry = entry_of(catalog::Link{});
  EXPECT_EQ(entry.figure("latency")->shown, "unknown");
  EXPECT_FALSE(entry.figure("latency")->value.has_value());
  const std::vector<CatalogEntry> entries{entry};
  const auto json = Document::parse_json(catalog_json(entries), "out.json");
  ASSERT_TRUE(json.has_value());
  const Node& latency = *json->root().find("entries")->items[0].find("figures")->find("latency");
  EXPECT_EQ(latency.find("value")->kind, NodeKind::null);
  EXPECT_EQ(latency.find("evidence")->kind, NodeKind::null);
}

TEST(CatalogText, EveryEntryOfTheProgramCanBeShown) {
  for (const std::string_view kind : catalog_kinds()) {
    const std::vector<CatalogEntry> entries = entries_of(test::builtin_catalog(), kind);
    EXPECT_FALSE(entries.empty()) << kind;
    EXPECT_EQ(catalog_table(kind, entries).rows().size(), entries.size());
    for (const CatalogEntry& entry : entries) {
      EXPECT_THAT(catalog_entry_text(entry, {}), HasSubstr(entry.title));
      EXPECT_FALSE(entries_named(test::builtin_catalog(), entry.name).empty());
    }
  }
}

TEST(Catalog, ListsAndShows) {
  const test::ProgramRun list = test::run_program({"catalog", "list"});
  EXPECT_EQ(list.status, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr("h100-sxm"));
  const test::ProgramRun show = test::run_program({"catalog", "show", "hbm4", "--json", "-"});
  EXPECT_EQ(show.status, 0) << show.err;
  EXPECT_THAT(show.out, HasSubstr("\"package.bandwidth\": {"));
}

TEST(Catalog, AFolderOfTheUserComesOnTop) {
  const test::ProgramRun run = test::run_program({"catalog", "show", "made-up", "--catalog", "tests/data/cli/catalog"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("tests/data/cli/catalog/memories/made-up.toml"));
}

struct Refused {
  const char* name;
  std::vector<std::string> words;
  const char* err;
};
const Refused refused[] = {
    {"UnknownAction", {"catalog", "print"}, "plumb: plumb catalog cannot \"print\"; expected list or show\n"},
    {"UnknownKind",
     {"catalog", "list", "models"},
     "plumb: the catalog has no list of \"models\"; expected one of accelerators, memories, links, classes, tiers, "
     "calibrations\n"},
    {"NoName",
     {"catalog", "show"},
     "plumb: plumb catalog show: the name is missing; expected a name of plumb catalog list\n"},
    {"HalfAName",
     {"catalog", "show", "h200"},
     "plumb: the catalog has no \"h200\"; expected perhaps h200-nvl, h200-sxm\n"},
    {"Misspelt", {"catalog", "show", "hmb4"}, "plumb: the catalog has no \"hmb4\"; expected perhaps hbm4\n"},
};
class CatalogUsage : public testing::TestWithParam<Refused> {};
TEST_P(CatalogUsage, IsRefused) {
  const test::ProgramRun run = test::run_program(GetParam().words);
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, GetParam().err);
}
INSTANTIATE_TEST_SUITE_P(All, CatalogUsage, testing::ValuesIn(refused),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace plumb::cli
