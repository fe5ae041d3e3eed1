// Do the closed forms say what the command level says, also where they were not fitted?

#include "accelerator/pim_memory.h"

#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "memory/pim_unit.h"
#include "support/pim_machines.h"

namespace plumb::accelerator {
namespace {

using memory::PimCost;

double relative(double a, double b) { return std::fabs(a - b) / b; }

std::shared_ptr<const PimMemory> any_memory() {
  static const auto all = [] {
    std::vector<std::shared_ptr<const PimMemory>> memories;
    for (const char* name : test::pim_names) memories.push_back(test::pim_memory(name));
    return memories;
  }();
  return all[*rc::gen::inRange<std::size_t>(0, all.size())];
}

// Fitted with one vector and two.
RC_GTEST_PROP(PimMemory, AProductIsALineInItsVectors, ()) {
  const auto memory = any_memory();
  const memory::PimShape shape{*rc::gen::inRange<std::int64_t>(16, 3000), *rc::gen::inRange<std::int64_t>(16, 2000)};
  const auto matrices = *rc::gen::element<std::int64_t>(1, 1, 4, 24);
  const auto vectors = *rc::gen::inRange<std::int64_t>(3, 40);
  const PimProduct product = memory->product(shape, matrices).value();
  const std::int64_t inputs = (shape.inputs + product.parts - 1) / product.parts;
  const auto direct = PimCost(memory->specification(), memory->use().stacks)
                          .gemvs({{shape.outputs, inputs}, matrices * product.parts, product.lanes}, vectors)
                          .value();
  const auto further = static_cast<double>(vectors - 1);
  RC_ASSERT(relative(product.first_s + further * product.more_s, direct.time.value()) < 1e-9);
  RC_ASSERT(direct.energy.has_value());
  RC_ASSERT(relative(*product.first_j + further * *product.more_j, direct.energy->value()) < 1e-9);
}

// Played vector by vector, not by PimCost's own line: five vectors in one program.
TEST(PimMemory, AProductIsWhatTheProgramOfAllItsVectorsTakes) {
  for (const char* name : test::pim_names) {
    const auto memory = test::pim_memory(name);
    const memory::Specification& of = memory->specification();
    const PimProduct product = memory->product({2048, 4096}, 1).value();
    const PimCost cost(of, memory->use().stacks);
    const auto gemv = memory::PimGemv::make(of, cost.pseudo_channels() / product.lanes,
                                            {2048, (4096 + product.parts - 1) / product.parts})
                          .value();
    constexpr int vectors = 5;
    const double played_s =
        static_cast<double>(memory::play(of, gemv.program(vectors), {.refresh = false}).end) * of.tick_s() /
        (1.0 - static_cast<double>(memory::pim_refresh_cost(of)) / static_cast<double>(of.refresh_interval));
    const double line_s = product.first_s + (vectors - 1) * product.more_s;
    std::printf("%-20s 2048 x 4096 x %d, %3d lanes: %8.2f us, played %8.2f us, %+.2f %%\n", name, vectors,
                product.lanes, line_s * 1e6, played_s * 1e6, (line_s / played_s - 1.0) * 100.0);
    EXPECT_LT(relative(line_s, played_s), 0.01) << name;
  }
}

TEST(PimMemory, LanesAreNeverSlowerThanOneMatrixOverAllUnits) {
  for (const char* name : test::pim_names) {
    const auto memory = test::pim_memory(name);
    const PimCost cost(memory->specification(), memory->use().stacks);
    for (const memory::PimShape shape : {memory::PimShape{512, 4096}, {4096, 512}, {14336, 4096}, {100, 100}}) {
      const double whole_s = cost.gemv(shape).value().time.value();
      EXPECT_LE(memory->product(shape, 1).value().first_s, whole_s * (1.0 + 1e-12)) << name;
    }
  }
}

// Fitted at 2 and 6 groups of keys with one and two queries. Asked for others: each context alone, which units fill up
// to a group, and all of them together, as a batch of sequences has them.
TEST(PimMemory, AHeadIsALineInItsContext) {
  for (const char* name : test::pim_names) {
    const auto memory = test::pim_memory(name);
    if (memory->share_reached() < 1.0) continue;
    const PimCost one(memory->specification(), 1);
    const PimHead head = memory->head(128, 128).value();
    const auto group = static_cast<double>(memory->keys_of_group());
    for (const int queries : {1, 5}) {
      double worst = 0.0, sum = 0.0, exact = 0.0;
      for (std::int64_t context = 1100; context < 16000; context += 1237) {
        const auto keys = static_cast<double>(context);
        const double line_s = head.first.base_s + head.first.slope_s * keys +
                              (queries - 1) * (head.more.base_s + head.more.slope_s * keys);
        const double played_s = one.attention({1, context, 128, queries}).value().time.value();
        EXPECT_LT(relative(line_s, played_s), 0.01 + group / (2.0 * keys)) << name << ", context " << context;
        worst = std::max(worst, relative(line_s, played_s));
        sum += line_s;
        exact += played_s;
      }
      std::printf(
          "%-20s heads of 128, %d queries, 13 contexts of 1100 to 16000: alone at most %.1f %%, together %+.2f %%\n",
          name, queries, worst * 100.0, (sum / exact - 1.0) * 100.0);
      EXPECT_LT(relative(sum, exact), 0.03) << name;
    }
  }
}

TEST(PimMemory, UnitsTakeFromTheirBanksWhatNoFileStates) {
  const auto memory = test::pim_memory("hbm2-pim", {.stacks = 4});
  EXPECT_NEAR(memory->peak_flops_per_s(), 4.0 * 4.0 * memory->specification().peak_bandwidth().value(), 1e6);
  EXPECT_NEAR(memory->share_reached(), 1.0 / 3.0, 1e-12);
  EXPECT_EQ(memory->words(), "4 x hbm2-pim");
}

catalog::Accelerator accelerator_with(const catalog::Catalog& catalog, catalog::Accelerator::Pim pim) {
  catalog::Accelerator made = *catalog.accelerator("h100-sxm");
  made.pim = std::move(pim);
  return made;
}

TEST(PimMemory, IsFoundInTheCatalog) {
  const catalog::Catalog catalog = catalog::Catalog::builtin().value();
  EXPECT_EQ(pim_of(catalog, *catalog.accelerator("h100-sxm")).value(), nullptr);
  const auto own = pim_of(catalog, *catalog.accelerator("mi100-hbm-pim")).value();
  ASSERT_NE(own, nullptr);
  EXPECT_EQ(own->words(), "4 x hbm2-pim");
  EXPECT_FALSE(own->use().beside);
}

TEST(PimMemory, StandsBesideAnAcceleratorWhereItsFileSaysSo) {
  const catalog::Catalog catalog = catalog::Catalog::builtin().value();
  catalog::Accelerator::Pim pim;
  pim.memory = "hbm3-pim:bank_group";
  pim.stacks = test::figure(40.0);
  pim.linear = false;
  pim.bandwidth = test::figure(BytesPerSecond::of(600e9));
  const auto memory = pim_of(catalog, accelerator_with(catalog, pim)).value();
  EXPECT_EQ(memory->words(), "40 x hbm3-pim:bank_group beside");
  EXPECT_FALSE(memory->use().linear);
  EXPECT_NEAR(memory->link_seconds_per_byte(), 1.0 / 600e9, 1e-20);
  pim.expert = pim.attention = false;
  EXPECT_EQ(pim_of(catalog, accelerator_with(catalog, pim)).value(), nullptr) << "nothing is to be computed there";
}

TEST(PimMemory, SaysWhatCannotCompute) {
  const catalog::Catalog catalog = catalog::Catalog::builtin().value();
  EXPECT_NE(one_line(pim_of(catalog, accelerator_with(catalog, {})).error()).find("has no units that compute"),
            std::string::npos);
  catalog::Accelerator::Pim pim;
  pim.memory = "hbm3e";
  EXPECT_NE(one_line(pim_of(catalog, accelerator_with(catalog, pim)).error()).find("\"hbm3e\" has no units"),
            std::string::npos);
  pim.memory = "hbm3-pim";
  catalog::Accelerator unknown = accelerator_with(catalog, pim);
  unknown.memory_stacks.reset();
  EXPECT_EQ(pim_of(catalog, unknown).error().fault, Fault::unmet);
}

}  // namespace
}  // namespace plumb::accelerator
