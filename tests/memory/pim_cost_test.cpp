// Are the costs that the chain asks for those of the command level? And from which batch is the host faster?

#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

#include "memory/pim_cost.h"
#include "memory/specifications.h"

namespace plumb::memory {
namespace {

TEST(PimCost, IsWithinARefreshOfTheCommandLevel) {
  struct Case {
    const char* memory;
    PimShape shape;
    int batch;
  };
  for (const Case& c :
       {Case{"hbm2-pim", {4096, 4096}, 1}, Case{"hbm2-pim", {8192, 2048}, 7}, Case{"gddr6-aim", {2048, 3000}, 3},
        Case{"hbm3-pim", {12288, 12288}, 2}, Case{"hbm3-pim:logic_die", {4096, 12288}, 4}}) {
    const Specification& of = catalog_specification(c.memory);
    const PimCost cost(of, 2);
    const PimFigure figure = cost.gemv(c.shape, c.batch).value();
    const PimRun run = play(of, PimGemv::make(of, cost.pseudo_channels(), c.shape).value().program(c.batch), {});
    const double played = static_cast<double>(run.end) / of.ticks_per_clock;
    const double refresh = static_cast<double>(pim_refresh_cost(of)) / of.ticks_per_clock;
    std::printf("%-20s %6lld x %6lld x %d: %10.0f clocks, played %10.0f\n", c.memory,
                static_cast<long long>(c.shape.outputs), static_cast<long long>(c.shape.inputs), c.batch, figure.clocks,
                played);
    EXPECT_LT(std::fabs(figure.clocks - played), refresh + 0.01 * played) << c.memory;
    ASSERT_TRUE(figure.energy);
    EXPECT_GT(figure.energy->value(), 0.0);
  }
}

TEST(PimCost, TheHostOvertakesTheUnitsAsTheBatchGrows) {
  const Specification& of = catalog_specification("hbm2-pim:2000");
  const Crossover found = find_crossover(of, 4, {4096, 4096}, 16).value();
  std::printf("4096 x 4096 on four stacks of %s\n batch     host      PIM  host/PIM\n", of.name.c_str());
  for (const CrossoverPoint& point : found.points)
    std::printf("%6d %8.0f %8.0f %9.3f\n", point.batch, point.host_clocks, point.pim_clocks, point.ratio());
  ASSERT_TRUE(found.batch);
  EXPECT_EQ(*found.batch, 3);  // printed: 2.74 at one vector and 0.696 at four
  for (std::size_t i = 1; i < found.points.size(); ++i) EXPECT_LT(found.points[i].ratio(), found.points[i - 1].ratio());
}

TEST(PimCost, ReadingInTheBanksCostsLessThanBringingItOut) {
  const Specification& of = catalog_specification("hbm3-pim");
  const PimFigure bank = PimCost(of, 1).gemv({8192, 8192}).value();
  const PimFigure buffer = PimCost(catalog_specification("hbm3-pim:buffer"), 1).gemv({8192, 8192}).value();
  EXPECT_LT(bank.energy->value(), buffer.energy->value());
  EXPECT_LT(bank.time, buffer.time);
}

TEST(PimUnits, WhatTheyTakeFollowsFromTheCommands) {
  EXPECT_DOUBLE_EQ(pim_bandwidth_multiple(catalog_specification("hbm2-pim:2000")), 4.0);  // published: 4 times on chip
  EXPECT_DOUBLE_EQ(pim_bandwidth_multiple(catalog_specification("gddr6-aim")), 16.0);     // 512 against 32 GB/s
  EXPECT_DOUBLE_EQ(pim_bandwidth_multiple(catalog_specification("hbm3-pim:bank-unlimited")), 16.0);
  EXPECT_DOUBLE_EQ(pim_bandwidth_multiple(catalog_specification("hbm3-pim:logic_die")), 4.0);
  EXPECT_DOUBLE_EQ(pim_bandwidth_multiple(catalog_specification("hbm3-pim:buffer")), 1.0);
}

}  // namespace
}  // namespace plumb::memory
