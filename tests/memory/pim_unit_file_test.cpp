// Is [dram.pim] read as written, and does a wrong one say what is wrong?

#include <string>

#include <gtest/gtest.h>

#include "specification_text.h"

namespace plumb::memory {
namespace {

/// The catalog's HBM-PIM with some keys of its own.
std::string with_pim(const std::string& keys) {
  return "title = \"Test\"\n[dram]\nlike = \"hbm2-pim\"\n[dram.pim]\n" + keys + "\n";
}

TEST(PimUnitFile, KeysReplaceThoseOfTheMemoryThatItIsLike) {
  const auto of = read(with_pim("fence_clocks = 7\noperation = \"2 pJ\"\npath = \"1 pJ/bit\"\nnote = \"a note\""));
  ASSERT_TRUE(of) << one_line(of.error());
  ASSERT_TRUE(of->pim);
  EXPECT_EQ(of->pim->placement, PimPlacement::bank_pair);
  EXPECT_EQ(of->pim->vector_registers, 16);
  EXPECT_DOUBLE_EQ(of->pim->fence_clocks, 7.0);
  EXPECT_DOUBLE_EQ(of->pim->operation_j, 2e-12);
  EXPECT_DOUBLE_EQ(of->pim->path_j, 1e-12);
  EXPECT_EQ(of->pim->note, "a note");
  EXPECT_EQ(pim_units(*of), 8);
  EXPECT_FALSE(specification("hbm2").pim);
}

TEST(PimUnitFile, AWrongOneSaysWhatIsWrongAndWhere) {
  const struct {
    const char *keys, *error;
  } wrong[] = {
      {"lanes = 8", "8 lanes of 2 bytes take 16 bytes, an access moves 32"},
      {"placement = \"bank\"", "units with registers serve pairs of banks"},
      {"placement = \"everywhere\"", "\"placement\" is \"everywhere\""},
      {"rows = 100000", "units reach 100000 rows of a bank of 24576"},
      {"vector_registers = 6", "6 vector registers do not divide a row of 32 columns"},
      {"vector_registers = 0", "0 vector registers do not divide"},
      {"style = \"buffer\"", "[dram.commands] has none that does \"read_register\", which [dram.pim] needs"},
      {"source = \"nowhere\"", "\"nowhere\" is no key of [sources]"},
      {"capacity_displaced = 2", "capacity_displaced"},
      {"colour = 1", "unknown key \"colour\""},
  };
  for (const auto& [keys, error] : wrong) {
    const std::string said = read_error(with_pim(keys));
    EXPECT_NE(said.find(error), std::string::npos) << keys << ": " << said;
    EXPECT_EQ(said.find("small.toml:"), 0u) << said;
  }
}

TEST(PimUnitFile, UnitsNeedTheirCommands) {
  const std::string said =
      read_error("title = \"Test\"\n[dram]\nlike = \"hbm2\"\n[dram.pim]\nlanes = 16\nbuffer = \"2 KiB\"\n");
  EXPECT_NE(said.find("has none that does \"compute\""), std::string::npos) << said;
}

}  // namespace
}  // namespace plumb::memory
