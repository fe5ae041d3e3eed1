// Do a user's assumptions fill what is unknown, say that they are assumptions, and change nothing else?

#include <string>

#include <gtest/gtest.h>

#include "catalog_text.h"

namespace plumb::catalog {
namespace {

/// Applies the text, a service file with [assume.NAME], to `catalog`.
std::string assume(Catalog& catalog, const std::string& name, const std::string& text) {
  const auto document = Document::parse_toml(text, "service.toml");
  if (!document) return one_line(document.error());
  Reader service(*document);
  Reader figures = service.table("assume").table(name);
  if (const Status status = catalog.assume(name, figures); !status) return one_line(status.error());
  const Status status = service.finish();
  return status ? "" : one_line(status.error());
}

TEST(Assume, FillsWhatIsUnknown) {
  Catalog catalog = facts();
  ASSERT_EQ(assume(catalog, "sapeon-x330-prime",
                   "[assume.sapeon-x330-prime]\nmemory.bandwidth = \"512 GB/s\"\ncompute.bf16 = \"184 TFLOP/s\"\n"
                   "[assume.sapeon-x330-prime.sram]\nkind = \"SRAM\"\ncapacity = \"64 MB\"\n"),
            "");
  const Accelerator& accelerator = *catalog.accelerator("sapeon-x330-prime");
  ASSERT_TRUE(accelerator.memory_bandwidth);
  EXPECT_DOUBLE_EQ(accelerator.memory_bandwidth->value.value(), 512e9);
  EXPECT_EQ(accelerator.memory_bandwidth->evidence, Evidence::assumed);
  EXPECT_EQ(accelerator.memory_bandwidth->source, "[assume.sapeon-x330-prime] of service.toml");
  EXPECT_EQ(accelerator.memory_bandwidth->place.file, "service.toml");
  EXPECT_EQ(accelerator.memory_bandwidth->place.line, 2);
  EXPECT_DOUBLE_EQ(accelerator.compute.at(NumberFormat::bf16).value.value(), 184e12);
  EXPECT_DOUBLE_EQ(accelerator.compute.at(NumberFormat::int8).value.value(), 734e12) << "not assumed, so as it was";
  EXPECT_DOUBLE_EQ(accelerator.sram->value.value(), 64e6);
}

TEST(Assume, ReplacesWhatIsKnown) {
  Catalog catalog = facts();
  ASSERT_EQ(assume(catalog, "h100-sxm",
                   "[assume.h100-sxm]\nlink.domain = 4\nlink.name = \"pcie5-x16\"\npower.design = \"600 W\"\n"
                   "[[assume.h100-sxm.price]]\nkind = \"rent\"\nvalue = \"$3/h\"\ndate = \"2026-11\"\n"),
            "");
  const Accelerator& accelerator = *catalog.accelerator("h100-sxm");
  EXPECT_EQ(accelerator.scale_up_ranks, 4);
  EXPECT_EQ(accelerator.link, "pcie5-x16");
  EXPECT_DOUBLE_EQ(accelerator.power->value.value(), 600.0);
  ASSERT_EQ(accelerator.rent.size(), 1u) << "a price replaces those of its kind";
  EXPECT_EQ(accelerator.rent[0].figure.evidence, Evidence::assumed);
  EXPECT_EQ(accelerator.rent[0].date, "2026-11");
  EXPECT_EQ(accelerator.purchase.size(), facts().accelerator("h100-sxm")->purchase.size());
}

TEST(Assume, RefusesWhatAFileWouldRefuse) {
  struct Wrong {
    const char *text, *error;
  };
  constexpr Wrong wrong[] = {
      {"[assume.l40s]\nmemry.bandwidth = \"1 TB/s\"\n",
       "service.toml:2:1: unknown key \"memry\"; expected perhaps \"memory\""},
      {"[assume.l40s]\nmemory.bandwidth = \"1 TB\"\n",
       "service.toml:2:20: bandwidth: \"1 TB\" has the wrong unit; expected a quantity such as \"3350 GB/s\""},
      {"[assume.l40s]\nmemory.capacity = \"-1 GB\"\n",
       "service.toml:2:19: \"capacity\" is \"-1 GB\"; expected above 0"},
      {"[assume.l40s]\nlink.name = \"pcie4x16\"\n",
       "service.toml:2:13: unknown link \"pcie4x16\"; expected perhaps \"pcie4-x16\""},
      {"[assume.l40s]\ncompute.bf61 = \"1 TFLOP/s\"\n",
       "service.toml:2:16: unknown number format \"bf61\"; expected perhaps \"bf16\""},
      {"[assume.l40s]\ntitle = \"mine\"\n",
       "service.toml:2:1: unknown key \"title\"; expected one of class, compute, link, "
       "memory, pim, power, price, sram"},
  };
  for (const Wrong& each : wrong) {
    Catalog catalog = facts();
    EXPECT_EQ(assume(catalog, "l40s", each.text), each.error);
    const Accelerator &before = *facts().accelerator("l40s"), &after = *catalog.accelerator("l40s");
    EXPECT_EQ(after.memory_bandwidth->source, before.memory_bandwidth->source) << each.text;
    EXPECT_EQ(after.link, before.link) << each.text;
  }
}

TEST(Assume, RefusesAnUnknownAccelerator) {
  Catalog catalog = facts();
  EXPECT_EQ(assume(catalog, "l40", "[assume.l40]\nmemory.bandwidth = \"1 TB/s\"\n"),
            "service.toml:1:1: unknown accelerator \"l40\"; expected perhaps \"l40s\"");
}

}  // namespace
}  // namespace plumb::catalog
