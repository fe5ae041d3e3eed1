// Does an operator take what the roofline says, and never less than physics allows?

#include "accelerator/roofline.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/machines.h"

namespace plumb::accelerator {
namespace {

using test::ideal_class;
using test::lossy_class;
using test::machine;

constexpr double peak = 1e15;

OperatorTime compute_time(const Machine& machine, double peak_flops_per_s, const model::Operator& op,
                          const model::Work& work) {
  const OperatorRoofline roofline(machine, {NumberFormat::bf16, peak_flops_per_s}, op);
  EXPECT_NEAR(roofline.seconds(work), roofline.time(work).seconds(), 1e-12 * roofline.seconds(work));
  return roofline.time(work);
}

model::Operator product(std::int64_t k, std::int64_t n) {
  model::Operator op;
  op.name = "product";
  op.family = model::Family::gemm;
  op.count = 1.0;
  op.shape = model::Gemm{.k = k, .n = n};
  return op;
}

model::Work work_of_rows(const model::Operator& op, std::int64_t rows) {
  model::Step step;
  step.prefill_tokens = rows;
  return model::work_of(op, step);
}

// A product of few rows reads its weights: t = bytes / W.
TEST(Roofline, FewRowsAreBoundByWeights) {
  const model::Operator op = product(4096, 4096);
  const model::Work work = work_of_rows(op, 1);
  const OperatorTime time = compute_time(machine(ideal_class()), peak, op, work);
  EXPECT_DOUBLE_EQ(time.seconds(), work.bytes() / 3e12);
  EXPECT_GT(time.at(Bound::weights), 0.99 * time.seconds());
  EXPECT_EQ(time.at(Bound::compute), 0.0);
}

// Many rows multiply: t = 2 R k n / P.
TEST(Roofline, ManyRowsAreBoundByCompute) {
  const model::Operator op = product(4096, 4096);
  const OperatorTime time = compute_time(machine(ideal_class()), peak, op, work_of_rows(op, 8192));
  EXPECT_DOUBLE_EQ(time.at(Bound::compute), 2.0 * 8192.0 * 4096.0 * 4096.0 / peak);
}

// 65 rows in tiles of 64 cost as much compute as 128; 33 rows fit in one tile and cost what they are.
TEST(Roofline, RowsBeyondATileFillTiles) {
  Machine padded = machine(ideal_class());
  padded.memory_bytes_per_s = 1e30;
  padded.efficiency.tile_rows = test::figure(64.0);
  const model::Operator op = product(4096, 4096);
  const double rows_65 = compute_time(padded, peak, op, work_of_rows(op, 65)).seconds();
  const double rows_128 = compute_time(padded, peak, op, work_of_rows(op, 128)).seconds();
  const double rows_33 = compute_time(padded, peak, op, work_of_rows(op, 33)).seconds();
  EXPECT_DOUBLE_EQ(rows_65, rows_128);
  EXPECT_DOUBLE_EQ(rows_33, rows_128 * 33.0 / 128.0);
}

TEST(Roofline, LaunchesAreOverhead) {
  const model::Operator op = product(64, 64);
  const model::Work work = work_of_rows(op, 1);
  EXPECT_DOUBLE_EQ(compute_time(machine(lossy_class()), peak, op, work).at(Bound::overhead), work.launches * 2e-6);
}

// Law: no operator under its roofline, whatever its shape.
RC_GTEST_PROP(Roofline, NeverBelowPhysics, ()) {
  const model::Operator op =
      product(*rc::gen::inRange<std::int64_t>(1, 20000), *rc::gen::inRange<std::int64_t>(1, 20000));
  const model::Work work = work_of_rows(op, *rc::gen::inRange<std::int64_t>(1, 20000));
  const Machine lossy = machine(lossy_class());
  RC_ASSERT(compute_time(lossy, peak, op, work).seconds() >= physical_bound_s(lossy, peak, work));
}

// Law: more bandwidth or more FLOP/s never makes an operator slower.
RC_GTEST_PROP(Roofline, MonotoneInBandwidthAndCompute, ()) {
  const model::Operator op =
      product(*rc::gen::inRange<std::int64_t>(1, 20000), *rc::gen::inRange<std::int64_t>(1, 20000));
  const model::Work work = work_of_rows(op, *rc::gen::inRange<std::int64_t>(1, 20000));
  const double factor = 1.0 + *rc::gen::inRange(0, 300) / 100.0;
  const Machine slow = machine(lossy_class());
  Machine wide = slow;
  wide.memory_bytes_per_s *= factor;
  const double before = compute_time(slow, peak, op, work).seconds();
  RC_ASSERT(compute_time(wide, peak, op, work).seconds() <= before);
  RC_ASSERT(compute_time(slow, peak * factor, op, work).seconds() <= before);
}

}  // namespace
}  // namespace plumb::accelerator
