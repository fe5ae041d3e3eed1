// Are measured collectives what their equation says, never below the wire, and the faster of what libraries offer?

#include "accelerator/kernel_collective.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/attention_fits.h"
#include "support/machines.h"

namespace plumb::accelerator {
namespace {

using Kind = model::Collective::Kind;

constexpr CollectiveParameters ring{6e-6, 1.6e-6, 0.7, 0.86, 4e-5, 3e-5};

// By hand, 8 ranks: 6 hops more, a link that reaches 0.7 / 0.86^2, and a pipeline of which 100 of 130 us are paid.
TEST(KernelCollective, IsItsEquation) {
  const double bound = 1e-4;
  EXPECT_NEAR(measured_collective_s(ring, 8, bound),
              6e-6 + 6.0 * 1.6e-6 + bound * 0.86 * 0.86 / 0.7 + 4e-5 * 100.0 / 130.0, 1e-12);
}

TEST(KernelCollective, CrowdsNoMoreBeyondWhatWasMeasured) {
  const double of_8 = measured_collective_s(ring, 8, 1e-4), of_64 = measured_collective_s(ring, 64, 1e-4);
  EXPECT_NEAR(of_64 - of_8, 56.0 * 1.6e-6, 1e-12);
}

RC_GTEST_PROP(KernelCollective, IsNeverBelowTheWireAndGrowsWithBytes, ()) {
  CollectiveParameters any = ring;
  any.share = *rc::gen::inRange(2, 101) / 100.0;
  any.crowding = *rc::gen::inRange(50, 800) / 100.0;
  const int ranks = *rc::gen::inRange(2, 73);
  const double bound = *rc::gen::inRange(1, 1'000'000) * 1e-8, more = bound + *rc::gen::inRange(0, 1'000'000) * 1e-8;
  RC_ASSERT(measured_collective_s(any, ranks, bound) >= bound);
  RC_ASSERT(measured_collective_s(any, ranks, more) >= measured_collective_s(any, ranks, bound));
}

// Of 8 ranks, 8 experts are on 8 (1 - (7/8)^8) = 5.25 on average.
TEST(KernelCollective, CopiesToOneRankAreOne) {
  EXPECT_DOUBLE_EQ(distinct_ranks(8, 1.0), 1.0);
  EXPECT_NEAR(distinct_ranks(8, 8.0), 5.251, 1e-3);
}

Machine with_libraries() {
  Machine machine = test::machine(test::lossy_class());
  machine.kernels.put(test::attention_fit("all_reduce", "bf16", {1e-5, 1e-6, 0.9, 1.0, 1e-9, 1e-6}));
  machine.kernels.put(test::attention_fit("custom_all_reduce", "bf16", {3e-6, 1e-7, 0.3, 1.0, 1e-9, 1e-6}));
  machine.kernels.put(test::attention_fit("exchange", "bf16", {3e-5, 1e-9, 0.7, 1.0, 1e-9, 1e-6}));
  return machine;
}

TEST(CollectiveKernels, SmallMessagesGoTheShortWayAndLargeOnesTheWideOne) {
  const Machine machine = with_libraries();
  const Wire inside{400e9, 0.8, 2e-6};
  const CollectiveKernels kernels(machine, {.kind = Kind::all_reduce, .ranks = 8, .bytes_per_token = 1.0}, inside);
  const auto bound = [&](double bytes) { return wire_bound_s(Kind::all_reduce, 8, bytes, inside); };
  EXPECT_NEAR(kernels.seconds(1e4), 3.6e-6 + bound(1e4) / 0.3, 1e-8);
  EXPECT_NEAR(kernels.seconds(1e9), 1.6e-5 + bound(1e9) / 0.9, 1e-8);
  EXPECT_DOUBLE_EQ(kernels.bound_s(1e9), bound(1e9));
}

TEST(CollectiveKernels, AnExchangeSendsOneCopyToARank) {
  const Machine machine = with_libraries();
  const Wire inside{400e9, 0.8, 2e-6};
  const CollectiveKernels kernels(machine, {.kind = Kind::all_to_all, .ranks = 8, .copies = 8}, inside);
  EXPECT_NEAR(kernels.bound_s(8e9), wire_bound_s(Kind::all_to_all, 8, 5.251e9, inside), 1e-5);
  EXPECT_GE(kernels.seconds(8e9), kernels.bound_s(8e9));
}

TEST(CollectiveKernels, NoneBeyondTheDomainOrFromAnotherAccelerator) {
  Machine machine = with_libraries();
  const Wire inside{400e9, 0.8, 2e-6};
  EXPECT_TRUE(CollectiveKernels(machine, {.kind = Kind::all_reduce, .ranks = 16}, inside).empty());
  EXPECT_TRUE(CollectiveKernels(machine, {.kind = Kind::send, .ranks = 2}, inside).empty());
  catalog::KernelFit of_class = test::attention_fit("all_gather", "bf16", {1e-5, 1e-6, 0.9, 1.0, 1e-9, 1e-6});
  of_class.evidence = Evidence::datasheet;
  machine.kernels.put(of_class);
  EXPECT_TRUE(CollectiveKernels(machine, {.kind = Kind::all_gather, .ranks = 4}, inside).empty());
}

}  // namespace
}  // namespace plumb::accelerator
