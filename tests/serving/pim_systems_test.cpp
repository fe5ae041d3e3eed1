// Do the systems of AttAcc and Duplex take the times that their authors' simulators print? tests/data/pim/systems.csv
// has the rows, examples/memory the systems; docs/pim-systems.md says what the differences are.

#include <cmath>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "accelerator/step_cost.h"
#include "accelerator/step_timer.h"
#include "memory/specification_file.h"
#include "memory/sustained_bandwidth.h"
#include "serving/deployment_file.h"

namespace plumb::serving {
namespace {

const std::string folder = PLUMB_SOURCE_DIR "/examples/memory/";

struct Row {
  std::string paper, deployment;
  std::int64_t batch = 0, context = 0;
  double ms = 0.0, tolerance = 0.0;
  std::string reason;
};

std::vector<Row> rows() {
  std::ifstream file(PLUMB_SOURCE_DIR "/tests/data/pim/systems.csv");
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#' || line.starts_with("paper,")) continue;
    std::istringstream fields(line);
    const auto next = [&] {
      std::string field;
      std::getline(fields, field, ',');
      return field;
    };
    Row row;
    row.paper = next();
    row.deployment = next();
    row.batch = std::stoll(next());
    row.context = std::stoll(next());
    row.ms = std::stod(next());
    row.tolerance = std::stod(next());
    std::getline(fields, row.reason);
    rows.push_back(std::move(row));
  }
  return rows;
}

struct System {
  std::shared_ptr<const model::Model> model;
  std::optional<accelerator::StepCost> cost;
};

System read_system(const std::string& name) {
  auto catalog = catalog::Catalog::builtin();
  EXPECT_TRUE(catalog);
  const Status added = catalog->add_folder(folder + "catalog");
  EXPECT_TRUE(added) << added.error().message;
  auto file = read_deployment(folder + name + ".toml", *catalog);
  if (!file) {
    ADD_FAILURE() << name << ": " << file.error().message;
    return {};
  }
  const Deployment& deployment = file->deployment;
  auto cost = accelerator::compile(deployment.machine, *deployment.model, deployment.precision, deployment.parallelism);
  if (!cost) {
    ADD_FAILURE() << name << ": " << cost.error().message;
    return {};
  }
  return {deployment.model, std::move(*cost)};
}

TEST(PimSystems, TakeWhatTheirAuthorsSimulatorsPrint) {
  std::map<std::string, System> systems;
  int met = 0, named = 0;
  for (const Row& row : rows()) {
    if (!systems.contains(row.deployment)) systems.emplace(row.deployment, read_system(row.deployment));
    const System& system = systems.at(row.deployment);
    if (!system.cost) continue;
    model::Step step;
    for (std::int64_t i = 0; i < row.batch; ++i) model::add_decode(*system.model, step, row.context);
    const double ms = 1e3 * system.cost->step_time_s(step);
    const double ratio = ms / row.ms;
    fmt::print("{:6} {:32} batch {:4} context {:5}  {:8.3f} ms  here {:8.3f}  {:+6.1f} %{}\n", row.paper,
               row.deployment, row.batch, row.context, row.ms, ms, 100.0 * (ratio - 1.0),
               row.reason.empty() ? "" : "  " + row.reason);
    // What is printed is what simulations take, and what the profile's lines add up to.
    const auto timer = accelerator::make_roofline_timer(*system.cost);
    EXPECT_NEAR(1e3 * timer->step_time(step, {}).seconds() / ms, 1.0, 1e-6) << row.deployment;
    EXPECT_NEAR(1e3 * system.cost->profile(step).seconds / ms, 1.0, 1e-9) << row.deployment;
    if (!row.reason.empty()) {
      ++named;
      EXPECT_GT(std::abs(ratio - 1.0), row.tolerance) << row.deployment << ": the reason is needed no more";
      continue;
    }
    EXPECT_NEAR(ratio, 1.0, row.tolerance) << row.deployment << ", batch " << row.batch;
    ++met;
  }
  fmt::print("{} rows met, {} with a named reason\n", met, named);
  EXPECT_EQ(met + named, 110);
}

// The share of its peak that the class of the DRAM-backed rows has is what that simulator's memory sustains here.
TEST(PimSystems, BandwidthOfTheDramRowsIsWhatTheMemorySustains) {
  const auto catalog = catalog::Catalog::builtin();
  const auto memory = memory::find_specification(folder + "hbm3-llmsimulator.toml", *catalog);
  ASSERT_TRUE(memory) << memory.error().message;
  auto with = catalog::Catalog::builtin();
  ASSERT_TRUE(with->add_folder(folder + "catalog"));
  const double stated = with->efficiency_class("llmsimulator-dram")->bandwidth.value;
  const double sustained = memory::measure(*memory, {}).share;
  constexpr double stacks = 5.0, of_the_card = 3352e9;
  EXPECT_NEAR(sustained * memory->peak_bandwidth().value() * stacks / of_the_card / stated, 1.0, 0.01);
}

}  // namespace
}  // namespace plumb::serving
