// Does an accelerator with another memory differ from the one that is sold by that memory alone?

#include <gtest/gtest.h>

#include "accelerator/machine.h"
#include "accelerator/memory_swap.h"
#include "accelerator/roofline.h"
#include "base/document_edit.h"
#include "memory/specification_file.h"
#include "memory/sustained_table.h"

namespace plumb::accelerator {
namespace {

catalog::Catalog builtin() { return catalog::Catalog::builtin().value(); }

model::Operator product() {
  model::Operator op;
  op.name = "down";
  op.count = 1.0;
  op.shape = model::Gemm{.k = 4096, .n = 4096};
  return op;
}

double seconds_of(const catalog::Catalog& catalog, const catalog::Accelerator& accelerator, const model::Work& work) {
  const Machine machine = resolve(catalog, accelerator).value();
  const OperatorDemands demands{.cache = {memory::Demand::Kind::gathered, 32768.0}};
  return OperatorRoofline(machine, *machine.rate(NumberFormat::bf16), product(), demands).seconds(work);
}

memory::SustainedBandwidth table_of(const catalog::Catalog& catalog, std::string_view name) {
  const memory::Specification of = memory::find_specification(name, catalog).value();
  return memory::sustained_of(memory::as_run_by(*catalog.efficiency_class("gpu"), of), "");
}

constexpr model::Work streams{.weight_bytes = 1e9};
constexpr model::Work gathers{.cache_bytes = 1e9};

TEST(MemorySwap, AMemoryPutInForItselfChangesNothing) {
  const catalog::Catalog catalog = builtin();
  const catalog::Accelerator& h100 = *catalog.accelerator("h100-sxm");
  const catalog::Accelerator same = with_memory(catalog, h100, "hbm3:5200", "").value();
  EXPECT_EQ(same.title, h100.title);
  EXPECT_EQ(same.memory_bandwidth->value.value(), h100.memory_bandwidth->value.value());
  EXPECT_EQ(same.power->value.value(), h100.power->value.value());
  EXPECT_EQ(seconds_of(catalog, same, streams), seconds_of(catalog, h100, streams));
  EXPECT_EQ(seconds_of(catalog, same, gathers), seconds_of(catalog, h100, gathers));
}

TEST(MemorySwap, TakesCapacityAndBandwidthOfTheNewStacks) {
  const catalog::Catalog catalog = builtin();
  const catalog::Accelerator& h100 = *catalog.accelerator("h100-sxm");
  const catalog::Accelerator faster = with_memory(catalog, h100, "hbm3", "").value();
  EXPECT_NEAR(faster.memory_bandwidth->value.value(), 5.0 * 819.2e9, 1e9);
  EXPECT_EQ(faster.memory_capacity->value.value(), 5.0 * 16.0 * 0x1p30);
  EXPECT_EQ(faster.memory_bandwidth->evidence, Evidence::assumed);
  EXPECT_GT(faster.power->value.value(), h100.power->value.value()) << "more bits a second";
  EXPECT_LT(seconds_of(catalog, faster, streams), seconds_of(catalog, h100, streams));
}

// The ratio of the two memories' own losses is all that is added to the ratio of their peaks.
TEST(MemorySwap, CountsEachLossOnce) {
  const catalog::Catalog catalog = builtin();
  const catalog::Accelerator& h100 = *catalog.accelerator("h100-sxm");
  const catalog::Accelerator swapped = with_memory(catalog, h100, "hbm2e", "").value();
  const memory::SustainedBandwidth own = table_of(catalog, "hbm3:5200"), other = table_of(catalog, "hbm2e");
  const double peaks = h100.memory_bandwidth->value.value() / swapped.memory_bandwidth->value.value();
  const double streamed = seconds_of(catalog, swapped, streams) / seconds_of(catalog, h100, streams);
  EXPECT_NEAR(streamed, peaks * own.streamed() / other.streamed(), 1e-12 * streamed);
  const double gathered = seconds_of(catalog, swapped, gathers) / seconds_of(catalog, h100, gathers);
  EXPECT_NEAR(gathered, peaks * own.gathered(32768.0) / other.gathered(32768.0), 1e-12 * gathered);
}

// There and back again: the residual stays that of the memory which the accelerator was sold with.
TEST(MemorySwap, ASecondSwapForgetsTheFirst) {
  const catalog::Catalog catalog = builtin();
  const catalog::Accelerator& h100 = *catalog.accelerator("h100-sxm");
  const catalog::Accelerator twice =
      with_memory(catalog, with_memory(catalog, h100, "hbm2e", "").value(), "hbm3", "").value();
  const catalog::Accelerator once = with_memory(catalog, h100, "hbm3", "").value();
  EXPECT_EQ(twice.sold_with, "hbm3:5200");
  EXPECT_EQ(seconds_of(catalog, twice, streams), seconds_of(catalog, once, streams));
  EXPECT_EQ(seconds_of(catalog, twice, gathers), seconds_of(catalog, once, gathers));
}

/// The catalog with a timing of a memory's file set to `value`.
catalog::Catalog edited(std::vector<std::string> path, std::string value) {
  catalog::Catalog catalog = builtin();
  Node node;
  const Document written = Document::parse_toml("value = " + value, "study.toml").value();
  node = *written.root().find("value");
  const Document study = Document::parse_toml("", "study.toml").value();
  const Edit edit{std::move(path), node, std::nullopt, std::make_shared<EditOrigin>(EditOrigin{study, "axis"})};
  const Document document = catalog.memory("hbm3")->document->with({&edit, 1}).value();
  EXPECT_TRUE(catalog.put("memories", "hbm3", document).has_value());
  const Status followed = follow_memory_edits(catalog, "");
  EXPECT_TRUE(followed.has_value()) << (followed ? "" : one_line(followed.error()));
  return catalog;
}

// A timing of the memory changes what its accelerator gets of it, though the peak is the same.
TEST(MemoryEdits, AWiderActivationWindowSlowsTheAcceleratorsOfThatMemory) {
  const catalog::Catalog before = builtin(), after = edited({"dram", "timing", "tFAW"}, "\"60 ns\"");
  const catalog::Accelerator &was = *before.accelerator("h100-sxm"), &is = *after.accelerator("h100-sxm");
  EXPECT_EQ(is.memory_bandwidth->value.value(), was.memory_bandwidth->value.value());
  EXPECT_NEAR(seconds_of(after, is, streams), seconds_of(before, was, streams), 0.01 * seconds_of(before, was, streams))
      << "a stream opens few rows";
  EXPECT_GT(seconds_of(after, is, gathers), 1.2 * seconds_of(before, was, gathers));
  const auto seconds = [](const catalog::Catalog& catalog, std::string_view name) {
    return seconds_of(catalog, *catalog.accelerator(name), gathers);
  };
  EXPECT_GT(seconds(after, "h200-sxm"), seconds(before, "h200-sxm")) << "hbm3e is like hbm3";
  EXPECT_EQ(seconds(after, "l40s"), seconds(before, "l40s"));
}

TEST(MemoryEdits, AValueThatStoodThereChangesNothing) {
  const catalog::Catalog before = builtin(), after = edited({"dram", "timing", "tFAW"}, "\"15 ns\"");
  const catalog::Accelerator &was = *before.accelerator("h100-sxm"), &is = *after.accelerator("h100-sxm");
  EXPECT_EQ(is.power->value.value(), was.power->value.value());
  EXPECT_EQ(seconds_of(after, is, streams), seconds_of(before, was, streams));
  EXPECT_EQ(seconds_of(after, is, gathers), seconds_of(before, was, gathers));
}

TEST(MemoryEdits, MoreRowsAreMoreCapacity) {
  const catalog::Catalog before = builtin(), after = edited({"dram", "organisation", "ranks"}, "4");
  EXPECT_EQ(after.accelerator("h100-sxm")->memory_capacity->value.value(),
            2.0 * before.accelerator("h100-sxm")->memory_capacity->value.value());
  EXPECT_EQ(after.accelerator("h100-sxm")->memory_capacity->evidence, Evidence::assumed);
}

TEST(MemorySwap, ChangesTheAcceleratorsThatHaveTheMemoryAndNoOthers) {
  catalog::Catalog catalog = builtin();
  const catalog::Catalog before = catalog;
  ASSERT_TRUE(swap_memory(catalog, "hbm3e->hbm3", "").has_value());
  EXPECT_EQ(catalog.accelerator("h200-sxm")->memory_kind, "hbm3");
  EXPECT_EQ(catalog.accelerator("h100-sxm")->title, before.accelerator("h100-sxm")->title);
}

// By hand: five stacks of hbm3-pim cost what five of hbm3 do (16 GiB at $12.5/GB), once and a half as much, from 1.1 to
// 2 times; the premium comes on top of the accelerator.
TEST(MemorySwap, AMemoryThatComputesCostsItsPremium) {
  const catalog::Catalog catalog = builtin();
  const catalog::Accelerator& h100 = *catalog.accelerator("h100-sxm");
  const catalog::Accelerator pim = with_memory(catalog, h100, "hbm3-pim", "").value();
  const double stacks = 5.0 * 16.0 * 0x1p30 * 12.5e-9;
  ASSERT_FALSE(h100.purchase.empty());
  ASSERT_EQ(pim.purchase.size(), h100.purchase.size());
  const double old_capacity = h100.memory_capacity->value.value() * 12.5e-9;
  const auto &before = h100.purchase.front(), &after = pim.purchase.front();
  EXPECT_NEAR((after.figure.value - before.figure.value).value(), 1.5 * stacks - old_capacity, 0.01);
  EXPECT_NEAR((after.low - before.low).value(), 1.1 * stacks - old_capacity, 0.01);
  EXPECT_NEAR((after.high - before.high).value(), 2.0 * stacks - old_capacity, 0.01);
}

// By hand: at 8192 x 8192 units of one stack take 0.71 mJ in 25.6 us, 28 W; its pins at 670 GB/s and 3.6 pJ/bit 19
// to 21.
TEST(MemorySwap, AMemoryThatComputesDrawsWhatItsUnitsDo) {
  const catalog::Catalog catalog = builtin();
  const catalog::Accelerator& h100 = *catalog.accelerator("h100-sxm");
  const double change_w =
      with_memory(catalog, h100, "hbm3-pim", "").value().power->value.value() - h100.power->value.value();
  EXPECT_GT(change_w, 5.0 * (27.7 - 21.5));
  EXPECT_LT(change_w, 5.0 * (27.8 - 19.0));
}

TEST(MemorySwap, GivesUnitsToEveryMemoryThatNamesSomeWith) {
  catalog::Catalog catalog = builtin();
  const catalog::Catalog before = catalog;
  ASSERT_TRUE(swap_memory(catalog, "+pim", "").has_value());
  EXPECT_EQ(catalog.accelerator("h100-sxm")->memory_kind, "hbm3-pim");
  EXPECT_EQ(catalog.accelerator("mi100")->memory_kind, "hbm2-pim");
  EXPECT_EQ(catalog.accelerator("h200-sxm")->memory_kind, "hbm3e") << "of which no kind with units is known";
  EXPECT_NE(resolve(catalog, *catalog.accelerator("h100-sxm"))->pim, nullptr);
  EXPECT_EQ(resolve(before, *before.accelerator("h100-sxm"))->pim, nullptr);
  EXPECT_LT(catalog.accelerator("mi100")->memory_capacity->value, before.accelerator("mi100")->memory_capacity->value)
      << "units take the place of cells";
}

TEST(MemorySwap, SaysWhatIsWrong) {
  catalog::Catalog catalog = builtin();
  EXPECT_NE(one_line(swap_memory(catalog, "hbm3", "").error()).find("names no two memories"), std::string::npos);
  EXPECT_NE(one_line(swap_memory(catalog, "hbm9->hbm3", "").error()).find("has the memory \"hbm9\""),
            std::string::npos);
  EXPECT_NE(one_line(swap_memory(catalog, "hbm3->hbm9", "").error()).find("unknown memory \"hbm9\""),
            std::string::npos);
}

}  // namespace
}  // namespace plumb::accelerator
