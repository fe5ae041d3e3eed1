// Does what has no tile leave its share of the machine unused, and is the tile the cheapest?

#include "accelerator/tiling.h"

#include <array>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "accelerator/roofline.h"
#include "support/machines.h"

namespace plumb::accelerator {
namespace {

constexpr std::array edges{8.0, 16.0, 32.0, 64.0, 128.0, 192.0, 256.0, 320.0, 384.0, 448.0, 512.0};

TEST(Tiling, FillIsTheShareOfUnitsThatHaveATile) {
  EXPECT_DOUBLE_EQ(fill_of(12, 108), 12.0 / 108.0);
  EXPECT_DOUBLE_EQ(fill_of(108, 108), 1.0);
  EXPECT_DOUBLE_EQ(fill_of(109, 108), 109.0 / 216.0);
}

// By hand, 12288 x 4608 on 108 units. One row: 16 columns make 288 tiles in 3 waves; wider ones leave more units idle,
// narrower ones fill no better. 54 rows: re-reading them for each tile costs more than idle units, so 64 columns, 72
// tiles of 108.
TEST(Tiling, NarrowForFewRowsAndWideForMany) {
  EXPECT_NEAR(product_fill(1, 12288, 4608, 1, edges, 108), 288.0 / 324.0, 1e-12);
  EXPECT_NEAR(product_fill(54, 12288, 4608, 1, edges, 108), 72.0 / 108.0, 1e-12);
}

RC_GTEST_PROP(Tiling, FillIsAShare, ()) {
  const auto any = [](int most) { return static_cast<double>(*rc::gen::inRange(1, most)); };
  const double fill = product_fill(any(5000), any(20000), any(20000), any(64), edges, any(200));
  RC_ASSERT(fill > 0.0);
  RC_ASSERT(fill <= 1.0);
}

// Four heads on a machine of eight units: half of the bandwidth. Without tile edges all of it.
TEST(Tiling, AttentionOfFewHeadsHasFewUnits) {
  Machine machine = test::machine(test::ideal_class());
  model::Operator op;
  op.family = model::Family::attention;
  op.count = 1.0;
  op.shape = model::Attention{.heads = 4, .key_width = 128, .value_width = 128, .key_bytes = 4 * 512.0, .kv_heads = 4};
  model::Step step;
  step.decode_sequences = 1;
  step.spans[0].decode_keys = 100000;
  const model::Work work = model::work_of(op, step);
  const double whole_s = OperatorRoofline(machine, {NumberFormat::bf16, 1e15}, op).seconds(work);
  machine.efficiency.tile_edges = {64.0};
  machine.efficiency.concurrent_tiles = test::figure(8.0);
  EXPECT_NEAR(OperatorRoofline(machine, {NumberFormat::bf16, 1e15}, op).seconds(work) / whole_s, 2.0, 1e-9);
  EXPECT_NEAR(OperatorRoofline(machine, {NumberFormat::bf16, 1e15}, op).time(work).seconds() / whole_s, 2.0, 1e-9);
}

TEST(Tiling, ElementwiseOperatorsMayHaveALaunchOfTheirOwn) {
  Machine machine = test::machine(test::ideal_class());
  machine.efficiency.elementwise_launch = test::figure(7.0 * microsecond);
  model::Operator op;
  op.family = model::Family::elementwise;
  op.count = 1.0;
  op.shape = model::Elementwise{0.0, 1.0};
  EXPECT_DOUBLE_EQ(OperatorRoofline(machine, {NumberFormat::bf16, 1e15}, op).launch_s(), 7e-6);
  op.family = model::Family::gemm;
  op.shape = model::Gemm{.k = 64, .n = 64};
  EXPECT_DOUBLE_EQ(OperatorRoofline(machine, {NumberFormat::bf16, 1e15}, op).launch_s(), 0.0);
}

}  // namespace
}  // namespace plumb::accelerator
