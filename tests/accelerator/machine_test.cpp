// Is a machine resolved from what is known, and refused by name for what is not?

#include "accelerator/machine.h"

#include <gtest/gtest.h>

#include "base/document.h"
#include "support/machines.h"

namespace plumb::accelerator {
namespace {

TEST(Machine, NarrowFormatsFallBackToWiderOnes) {
  const Machine machine = test::machine(test::ideal_class());
  ASSERT_TRUE(machine.rate(NumberFormat::fp4));
  EXPECT_EQ(machine.rate(NumberFormat::fp4)->format, NumberFormat::fp8);
  EXPECT_EQ(machine.rate(NumberFormat::int4)->format, NumberFormat::bf16);
  EXPECT_EQ(machine.rate(NumberFormat::fp16)->format, NumberFormat::bf16);
  EXPECT_FALSE(machine.rate(NumberFormat::fp32));
}

TEST(Machine, MissingFiguresAreNamed) {
  const auto catalog = catalog::Catalog::builtin();
  ASSERT_TRUE(catalog) << one_line(catalog.error());
  const auto machine = resolve(*catalog, *catalog->accelerator("sapeon-x330-prime"));
  ASSERT_FALSE(machine);
  EXPECT_EQ(machine.error().fault, Fault::unmet);
  EXPECT_EQ(one_line(machine.error()),
            "sapeon-x330-prime: not known: memory.bandwidth, compute.bf16; expected these figures in "
            "[assume.sapeon-x330-prime] of the "
            "service file");
}

TEST(Machine, EvidenceIsTheWorstOfItsFigures) {
  const auto catalog = catalog::Catalog::builtin();
  ASSERT_TRUE(catalog) << one_line(catalog.error());
  const auto h100 = resolve(*catalog, *catalog->accelerator("h100-sxm"));
  ASSERT_TRUE(h100) << one_line(h100.error());
  EXPECT_EQ(h100->evidence, Evidence::measured) << "it has a calibration of its own";
  const auto h100_pcie = resolve(*catalog, *catalog->accelerator("h100-pcie"));
  ASSERT_TRUE(h100_pcie);
  EXPECT_EQ(h100_pcie->evidence, Evidence::datasheet);
  EXPECT_EQ(h100_pcie->kernels.find("gemm", "bf16")->evidence, Evidence::datasheet);
  EXPECT_EQ(h100->memory_bytes_per_s, 3350e9);
  EXPECT_EQ(h100->domain_ranks, 8);
}

TEST(Machine, AnAssumedFigureMakesItResolvable) {
  auto catalog = catalog::Catalog::builtin();
  ASSERT_TRUE(catalog) << one_line(catalog.error());
  const auto document =
      Document::parse_toml("memory.bandwidth = \"512 GB/s\"\ncompute.bf16 = \"184 TFLOP/s\"", "service.toml");
  ASSERT_TRUE(document);
  Reader figures(*document);
  ASSERT_TRUE(catalog->assume("sapeon-x330-prime", figures));
  const auto machine = resolve(*catalog, *catalog->accelerator("sapeon-x330-prime"));
  ASSERT_TRUE(machine) << one_line(machine.error());
  EXPECT_EQ(machine->evidence, Evidence::assumed);
  EXPECT_EQ(machine->memory_bytes_per_s, 512e9);
}

}  // namespace
}  // namespace plumb::accelerator
