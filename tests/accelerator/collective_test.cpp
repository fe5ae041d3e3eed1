// Do collectives cost what their algorithms cost, and never less than the wire allows?

#include "accelerator/collective.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace plumb::accelerator {
namespace {

using Kind = model::Collective::Kind;

constexpr Wire wire{400e9, 0.8, 2e-6};

TEST(Collective, NothingToSendTakesNoTime) {
  EXPECT_EQ(collective_time_s(Kind::all_reduce, 1, 1e6, wire), 0.0);
  EXPECT_EQ(collective_time_s(Kind::all_reduce, 8, 0.0, wire), 0.0);
}

// Large: ring, 2 (n - 1) a + 2 (n - 1) / n M / (e B). Small: one shot, a + (n - 1) M / (e B).
TEST(Collective, AllReduceTakesTheFasterAlgorithm) {
  const double large = 1e9, small = 1e3;
  EXPECT_DOUBLE_EQ(collective_time_s(Kind::all_reduce, 8, large, wire), 14 * 2e-6 + 2.0 * 7.0 / 8.0 * large / 320e9);
  EXPECT_DOUBLE_EQ(collective_time_s(Kind::all_reduce, 8, small, wire), 2e-6 + 7.0 * small / 320e9);
}

TEST(Collective, OthersAreDirect) {
  EXPECT_DOUBLE_EQ(collective_time_s(Kind::all_gather, 4, 1e6, wire), 2e-6 + 0.75 * 1e6 / 320e9);
  EXPECT_DOUBLE_EQ(collective_time_s(Kind::reduce_scatter, 4, 1e6, wire), 2e-6 + 0.75 * 1e6 / 320e9);
  EXPECT_DOUBLE_EQ(collective_time_s(Kind::all_to_all, 4, 1e6, wire), 2e-6 + 0.75 * 1e6 / 320e9);
  EXPECT_DOUBLE_EQ(collective_time_s(Kind::send, 2, 1e6, wire), 2e-6 + 1e6 / 320e9);
}

RC_GTEST_PROP(Collective, NeverBelowTheWireAndMonotoneInBytes, ()) {
  const auto kind =
      *rc::gen::element(Kind::all_reduce, Kind::all_gather, Kind::reduce_scatter, Kind::all_to_all, Kind::send);
  const int ranks = *rc::gen::inRange(2, 73);
  const double bytes = *rc::gen::inRange(1, 2'000'000'000);
  const double more = bytes + *rc::gen::inRange(0, 2'000'000'000);
  RC_ASSERT(collective_time_s(kind, ranks, bytes, wire) >= wire_bound_s(kind, ranks, bytes, wire));
  RC_ASSERT(collective_time_s(kind, ranks, more, wire) >= collective_time_s(kind, ranks, bytes, wire));
}

// 16 ranks in domains of 8: of 16 MB a rank sends 7 MB over links (22 us at 320 GB/s) and 8 MB over its port (178 us at
// 45 GB/s), which sets the time.
TEST(Collective, ExchangeBeyondADomainIsPacedByTheSlowerOfLinksAndNetwork) {
  const Wire network{50e9, 0.9, 10e-6};
  EXPECT_DOUBLE_EQ(collective_time_s(Kind::all_to_all, 16, 16e6, wire_of_all_to_all(16, 8, wire, network)),
                   10e-6 + 8e6 / 45e9);
  const Wire wide{5000e9, 0.9, 10e-6};
  EXPECT_DOUBLE_EQ(collective_time_s(Kind::all_to_all, 16, 16e6, wire_of_all_to_all(16, 8, wire, wide)),
                   10e-6 + 7e6 / 320e9);
  EXPECT_EQ(wire_of_all_to_all(8, 8, wire, network).bytes_per_s, wire.bytes_per_s);
}

// A wire of rings only: 2 (n - 1) hops even for a message of a byte.
TEST(Collective, RingsOnlyGoRoundForTheSmallestMessage) {
  const Wire any{300e9, 1.0, 3e-6}, rings{300e9, 1.0, 3e-6, true};
  EXPECT_NEAR(collective_time_s(Kind::all_reduce, 8, 1.0, rings), 14 * 3e-6, 1e-9);
  EXPECT_LT(collective_time_s(Kind::all_reduce, 8, 1.0, any), 4e-6);
  EXPECT_EQ(collective_time_s(Kind::all_gather, 8, 1e6, rings), collective_time_s(Kind::all_gather, 8, 1e6, any));
}

}  // namespace
}  // namespace plumb::accelerator
