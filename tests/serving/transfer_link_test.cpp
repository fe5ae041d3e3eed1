// Does a link take latency + bytes / bandwidth for each transfer, one after another, and refuse when its queue is full?

#include "serving/transfer_link.h"

#include <limits>

#include <gtest/gtest.h>

namespace plumb::serving {
namespace {

Time at(double seconds) { return Time::of_seconds(seconds); }

TEST(TransferLink, TransfersFollowEachOther) {
  TransferLink link(1024.0, 0.25, 8);
  EXPECT_EQ(link.transfer(at(1.0), 512).end, at(1.75));
  EXPECT_EQ(link.transfer(at(1.5), 1024).end, at(3.0)) << "it begins when the first has ended";
  EXPECT_EQ(link.transfer(at(8.0), 0).end, at(8.25));
  EXPECT_EQ(link.counts().transfers, 3);
  EXPECT_EQ(link.counts().bytes, 1536);
  EXPECT_EQ(link.counts().queued, at(0.25));
  EXPECT_EQ(link.counts().busy, at(2.25));
}

TEST(TransferLink, AFullQueueHasPlaceAgainWhenATransferHasEnded) {
  TransferLink link(1.0, 0.0, 2);
  EXPECT_FALSE(link.full(at(0.0)));
  link.transfer(at(0.0), 10);
  link.transfer(at(0.0), 10);
  EXPECT_TRUE(link.full(at(9.999)));
  EXPECT_FALSE(link.full(at(10.0)));
  link.transfer(at(10.0), 10);
  EXPECT_TRUE(link.full(at(19.999)));
  EXPECT_FALSE(link.full(at(20.0)));
}

TEST(TransferLink, APerfectLinkTakesNoTime) {
  TransferLink link(std::numeric_limits<double>::infinity(), 0.0, 1);
  EXPECT_EQ(link.transfer(at(3.0), std::int64_t{1} << 60).end, at(3.0));
  EXPECT_FALSE(link.full(at(3.0)));
}

}  // namespace
}  // namespace plumb::serving
