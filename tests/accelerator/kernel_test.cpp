// Are products and grouped products what their equations say, never below their roofline, and monotone?

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "accelerator/kernel_expert.h"
#include "accelerator/kernel_gemm.h"
#include "accelerator/kernel_norm.h"
#include "accelerator/roofline.h"
#include "support/machines.h"

namespace plumb::accelerator {
namespace {

constexpr double peak = 1e15, bandwidth = 3e12;

GemmParameters some_parameters() {
  return {.share = 0.8,
          .bandwidth = 0.9,
          .half_depth = 160.0,
          .overlap = 4.0,
          .launch_s = 3e-6,
          .depth_latency_s = 2.5e-10,
          .quantise_s = 3e-12,
          .tile_rows = 128.0};
}

double gemm_seconds(const GemmParameters& parameters, double m, double n, double k) {
  const double bytes = 2.0 * (n * k + m * (n + k));
  return gemm_time(parameters, peak,
                   {.rows = m,
                    .depth = k,
                    .operations = 2.0 * m * n * k,
                    .memory_s = bytes / (parameters.bandwidth * bandwidth)})
      .seconds();
}

TEST(KernelNorm, GoesFromSumToLargest) {
  EXPECT_DOUBLE_EQ(joined(3.0, 4.0, 1.0), 7.0);
  EXPECT_DOUBLE_EQ(joined(3.0, 4.0, 2.0), 5.0);
  EXPECT_DOUBLE_EQ(joined(3.0, 4.0, 64.0), 4.0);
  EXPECT_DOUBLE_EQ(joined(0.0, 4.0, 2.0), 4.0);
}

// By hand: m = 256, n = k = 4096: T_c = 2 m n k (1 + 160 / 4096) / 0.8e15, T_m = bytes / 2.7e12.
TEST(KernelGemm, IsItsEquation) {
  const double m = 256.0, n = 4096.0, k = 4096.0;
  const double compute = 2.0 * m * n * k * (1.0 + 160.0 / k) / (0.8 * peak);
  const double memory = 2.0 * (n * k + m * (n + k)) / (0.9 * bandwidth);
  const double both = std::pow(std::pow(compute, 4.0) + std::pow(memory, 4.0), 0.25);
  EXPECT_NEAR(gemm_seconds(some_parameters(), m, n, k), 3e-6 + k * 2.5e-10 + both, 1e-15);
}

TEST(KernelGemm, RowsArePaddedBeyondATile) {
  EXPECT_EQ(padded_rows(1.0, 128.0), 1.0);
  EXPECT_EQ(padded_rows(128.0, 128.0), 128.0);
  EXPECT_EQ(padded_rows(129.0, 128.0), 256.0);
  EXPECT_EQ(padded_rows(384.0, 128.0), 384.0);
}

TEST(KernelGemm, QuantisingTakesTimeOfItsOwn) {
  const GemmWork work{.rows = 16.0, .depth = 1024.0, .operations = 1e6, .memory_s = 1e-6};
  GemmWork quantised = work;
  quantised.quantised = 16.0 * 1024.0;
  const GemmParameters parameters = some_parameters();
  EXPECT_NEAR(gemm_time(parameters, peak, quantised).seconds() - gemm_time(parameters, peak, work).seconds(),
              16.0 * 1024.0 * 3e-12, 1e-18);
}

// Law: never below the roofline; more of any size never takes less.
RC_GTEST_PROP(KernelGemm, IsAboveItsRooflineAndMonotone, ()) {
  GemmParameters parameters = some_parameters();
  parameters.overlap = 1.0 + *rc::gen::inRange(0, 640) / 10.0;
  parameters.share = *rc::gen::inRange(5, 101) / 100.0;
  const double m = *rc::gen::inRange(1, 40000), n = *rc::gen::inRange(1, 70000), k = *rc::gen::inRange(1, 70000);
  const double time = gemm_seconds(parameters, m, n, k);
  RC_ASSERT(time >= 2.0 * m * n * k / peak);
  RC_ASSERT(time >= 2.0 * (n * k + m * (n + k)) / bandwidth);
  const double more = 1.0 + *rc::gen::inRange(1, 200);
  RC_ASSERT(gemm_seconds(parameters, m + more, n, k) >= time * (1.0 - 1e-12));
  RC_ASSERT(gemm_seconds(parameters, m, n + more, k) >= time * (1.0 - 1e-12));
  RC_ASSERT(gemm_seconds(parameters, m, n, k + more) >= time * (1.0 - 1e-12));
}

RC_GTEST_PROP(KernelExpert, IsAboveItsRooflineAndMonotone, ()) {
  const ExpertParameters parameters{.share = 0.6,
                                    .bandwidth = 0.9,
                                    .half_depth = 100.0,
                                    .overlap = 1.0 + *rc::gen::inRange(0, 640) / 10.0,
                                    .launch_s = 1.8e-5,
                                    .gather_s = 6e-13};
  const double rows = *rc::gen::inRange(1, 100000), memory = *rc::gen::inRange(1, 1000) * 1e-6;
  const auto time = [&](double r) {
    return expert_time(
               parameters, peak,
               {.depth = 2048.0, .operations = 2.0 * r * 2048.0 * 4096.0, .memory_s = memory, .gathered = r * 6144.0})
        .seconds();
  };
  RC_ASSERT(time(rows) >= std::max(2.0 * rows * 2048.0 * 4096.0 / peak, memory));
  RC_ASSERT(time(rows + 1.0) >= time(rows));
}

catalog::KernelFit gemm_fit(Evidence evidence) {
  catalog::KernelFit fit;
  fit.family = catalog::kernel_family("gemm");
  fit.format = "bf16";
  fit.values = {0.8, 0.9, 160.0, 4.0, 3e-6, 2.5e-10, 1e-16};
  fit.evidence = evidence;
  return fit;
}

model::Operator product(std::int64_t k, std::int64_t n) {
  model::Operator op;
  op.count = 2.0;
  op.shape = model::Gemm{.k = k, .n = n};
  return op;
}

model::Work work_of_rows(const model::Operator& op, std::int64_t rows) {
  model::Step step;
  step.prefill_tokens = rows;
  return model::work_of(op, step);
}

/// A machine with a fit and a grid that says 20 % more at one size.
Machine gridded(Evidence evidence) {
  Machine machine = test::machine(test::lossy_class());
  machine.efficiency.tile_rows = test::figure(128.0);
  machine.kernels.put(gemm_fit(evidence));
  catalog::KernelGrid grid({{"m", {1, 16}}, {"n", {1024, 2048}}, {"k", {1024, 2048}}});
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      for (std::size_t k = 0; k < 2; ++k) grid.value(i, j, k) = std::log(1.2);
    }
  }
  catalog::KernelGrids grids;
  grids.put("gemm", "bf16", grid);
  machine.grids = std::make_shared<const catalog::KernelGrids>(std::move(grids));
  return machine;
}

TEST(KernelGrid, MultipliesWhereItCoversAndSaysSo) {
  const Machine own = gridded(Evidence::measured), transferred = gridded(Evidence::datasheet);
  const model::Operator op = product(1500, 1024);
  const Machine::Rate rate{NumberFormat::bf16, peak};
  const OperatorRoofline with(own, rate, op), without(transferred, rate, op);
  const model::Work inside = work_of_rows(op, 8), outside = work_of_rows(op, 17);
  EXPECT_NEAR(with.seconds(inside), 1.2 * without.seconds(inside), 1e-12);
  EXPECT_EQ(with.source(inside), TimeSource::interpolated);
  EXPECT_DOUBLE_EQ(with.seconds(outside), without.seconds(outside));
  EXPECT_EQ(with.source(outside), TimeSource::fitted);
  EXPECT_EQ(without.source(inside), TimeSource::transferred);
  EXPECT_NEAR(with.seconds(inside), with.time(inside).seconds(), 1e-12);
}

// A measurement from a cache may be faster than memory; a step is not.
TEST(KernelGrid, NeverGoesBelowPhysics) {
  Machine machine = gridded(Evidence::measured);
  catalog::KernelGrids grids = *machine.grids;
  catalog::KernelGrid fast = *grids.find("gemm", "bf16");
  fast.value(1, 1, 1) = -5.0;
  grids.put("gemm", "bf16", fast);
  machine.grids = std::make_shared<const catalog::KernelGrids>(std::move(grids));
  const model::Operator op = product(2048, 2048);
  const model::Work work = work_of_rows(op, 16);
  const OperatorRoofline roofline(machine, {NumberFormat::bf16, peak}, op);
  EXPECT_NEAR(roofline.seconds(work), physical_bound_s(machine, peak, work), 1e-15);
}

}  // namespace
}  // namespace plumb::accelerator
