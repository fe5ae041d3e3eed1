// Is a table of kernels read as it stands, and refused with its place where it is wrong?

#include "calibration/kernel_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb::calibration {
namespace {

using testing::HasSubstr;

Result<KernelTable> read(std::string_view text) {
  KernelTableReader reader("table.csv", gemm_model());
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    PLUMB_TRY(reader.take(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finish();
}

std::string error_of(std::string_view text) {
  const Result<KernelTable> table = read(text);
  return table ? "read" : one_line(table.error());
}

TEST(KernelTable, IsReadAsItStands) {
  const Result<KernelTable> table =
      read("# source: somebody\nk,latency_us,n,m,format,more\n4096,12.5,1024,16,fp8,x\n# a remark\n\n8,2,2,1,bf16,\n");
  ASSERT_TRUE(table) << one_line(table.error());
  EXPECT_EQ(table->source, "somebody");
  const KernelPoint& point = table->points.at("fp8").at(0);
  EXPECT_EQ(point.at[0], 16.0);
  EXPECT_EQ(point.at[1], 1024.0);
  EXPECT_EQ(point.at[2], 4096.0);
  EXPECT_DOUBLE_EQ(point.seconds, 12.5e-6);
  EXPECT_EQ(table->points.at("bf16").size(), 1U);
}

TEST(KernelTable, MayBeInMillisecondsAndWithoutFormat) {
  const Result<KernelTable> table = read("m,n,k,latency_ms\n1,2,3,0.5\n");
  ASSERT_TRUE(table);
  EXPECT_DOUBLE_EQ(table->points.at("bf16").at(0).seconds, 0.5e-3);
}

TEST(KernelTable, IsRefusedWithItsPlace) {
  EXPECT_THAT(error_of("m,n,latency_us\n"), HasSubstr("table.csv:1: the table has no column \"k\""));
  EXPECT_THAT(error_of("m,n,k\n"), HasSubstr("no column \"latency_us\""));
  EXPECT_THAT(error_of("m,n,k,latency_us\n"), HasSubstr("the table has no rows"));
  EXPECT_THAT(error_of("m,n,k,latency_us\n1,2,3\n"), HasSubstr("table.csv:2"));
  EXPECT_THAT(error_of("m,n,k,latency_us\n1,0,3,4\n"), HasSubstr("table.csv:2:3: n is \"0\""));
  EXPECT_THAT(error_of("m,n,k,latency_us\n1,2,3,-1\n"), HasSubstr("the time is \"-1\""));
  EXPECT_THAT(error_of("m,n,k,latency_us\n1,2,nan,1\n"), HasSubstr("k is \"nan\""));
  EXPECT_THAT(error_of("m,n,k,latency_us,format\n1,2,3,4,fp7\n"), HasSubstr("the format is \"fp7\""));
  EXPECT_THAT(error_of("m,n,k,latency_us\n1,2,3,\"4\n"), HasSubstr("table.csv:2:7"));
}

}  // namespace
}  // namespace plumb::calibration
