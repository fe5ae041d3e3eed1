// Do kernels keep every constraint of their memories? The checker, which shares no code with what plays them, judges
// their streams; and without refresh a kernel's clocks are those of the sum in its header.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "memory/command_checker.h"
#include "memory/pim_attention.h"
#include "memory/pim_elementwise.h"
#include "memory/pim_gemv.h"
#include "memory/pim_player.h"
#include "memory/specifications.h"

namespace plumb::memory {
namespace {

Status judge(const Specification& of, const PimProgram& program, double phase) {
  CommandChecker checker(of);
  Status status;
  const PimRun run = play(of, program, {.phase = phase}, [&](const IssuedCommand& command) {
    if (status) status = checker.check(command);
  });
  PLUMB_TRY(status);
  // The other pseudo-channels of the channel are not played, so nobody refreshes them: the end is not judged.
  return of.organisation.pseudo_channels == 1 ? checker.finish(run.end) : status;
}

RC_GTEST_PROP(PimLegality, KernelsKeepTheConstraints, ()) {
  const std::string name = *rc::gen::elementOf(
      std::vector<std::string>{"hbm2-pim", "hbm2-pim:2000", "gddr6-aim", "hbm3-pim", "hbm3-pim:bank-unlimited",
                               "hbm3-pim:buffer", "hbm3-pim:bank_group", "hbm3-pim:logic_die"});
  Specification of = catalog_specification(name);
  of.organisation.channels = 1;
  // One pseudo-channel alone, as kernels are played.
  of.organisation.pseudo_channels = 1;
  const double phase = *rc::gen::inRange(0, 100) / 100.0;
  const PimShape shape{*rc::gen::inRange<std::int64_t>(1, 3000), *rc::gen::inRange<std::int64_t>(1, 3000)};
  const PimGemv gemv = PimGemv::make(of, 1, shape).value();
  const Status status = judge(of, gemv.program(*rc::gen::inRange(1, 3)), phase);
  if (!status) RC_FAIL(name + ": " + one_line(status.error()));
}

TEST(PimLegality, ElementwiseKernelsKeepTheConstraints) {
  Specification of = catalog_specification("hbm2-pim");
  of.organisation.channels = of.organisation.pseudo_channels = 1;
  for (const auto kind : {PimElementwiseKind::add, PimElementwiseKind::multiply, PimElementwiseKind::relu}) {
    const Status status = judge(of, PimElementwise::make(of, 1, kind, 100000).value().program(), 0.6);
    EXPECT_TRUE(status) << one_line(status.error());
  }
}

TEST(PimLegality, AStreamPlayedWithAShorterDistanceIsRefused) {
  Specification of = catalog_specification("gddr6-aim"), hasty = of;
  of.organisation.channels = hasty.organisation.channels = 1;
  const int compute = of.command(Does::compute);
  for (Constraint& constraint : hasty.constraints)
    if (constraint.from == compute && constraint.to == compute) constraint.ticks -= 1;
  CommandChecker checker(of);
  bool refused = false;
  play(hasty, PimGemv::make(hasty, 1, {16, 1024}).value().program(), {},
       [&](const IssuedCommand& command) { refused = refused || !checker.check(command); });
  EXPECT_TRUE(refused);
}

TEST(PimLegality, AFillOfHbmPimTakesTheClocksOfItsSum) {
  Specification of = catalog_specification("hbm2-pim:2000");
  const auto clocks = [&](std::int64_t inputs) {
    return play(of, PimGemv::make(of, 1, {64, inputs}).value().program(), {.refresh = false}).compute_end;
  };
  const auto t = [&](std::string_view name) { return of.ticks(name); };
  const Tick fill = t("tRCDWR") + 7 * t("tCCDL") + t("tCWL") + t("tBL") + t("tWR") + t("tRP") + t("tRCDRD") +
                    63 * t("tCCDL") + t("tRTP") + t("tRP");
  EXPECT_EQ(fill, 362);
  EXPECT_EQ(clocks(1280) - clocks(1152), fill);
}

TEST(PimLegality, FewerOutputsTakeAsLongAsAWholePass) {
  const Specification& of = catalog_specification("hbm2-pim:2000");
  const auto clocks = [&](std::int64_t outputs, int batch) {
    return play(of, PimGemv::make(of, 64, {outputs, 4096}).value().program(batch), {}).compute_end;
  };
  EXPECT_EQ(clocks(1024, 1), clocks(4096, 1));
  EXPECT_EQ(clocks(16384, 1), clocks(4096, 4));
}

TEST(PimLegality, AMatrixThatDoesNotFitIsRefused) {
  const Specification& of = catalog_specification("hbm2-pim");
  const auto refused = PimGemv::make(of, 16, {1 << 20, 1 << 20});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("rows of each bank"), std::string::npos);
  EXPECT_FALSE(PimGemv::make(catalog_specification("hbm3"), 16, {16, 16}));
  EXPECT_FALSE(PimElementwise::make(catalog_specification("gddr6-aim"), 2, PimElementwiseKind::add, 16));
}

}  // namespace
}  // namespace plumb::memory
