// Does an accelerator get of its memory what the memory sustains for what is asked, times what the accelerator leaves?

#include <gtest/gtest.h>

#include "accelerator/machine.h"
#include "accelerator/step_cost.h"
#include "model/known_models.h"

namespace plumb::accelerator {
namespace {

using memory::Demand;

const catalog::Catalog& facts() {
  static const catalog::Catalog catalog = catalog::Catalog::builtin().value();
  return catalog;
}

Machine machine_of(std::string_view name) { return resolve(facts(), *facts().accelerator(name)).value(); }

// For every accelerator whose figures are known: e_b of streams to the bit, and never above the peak.
TEST(MemoryShare, StreamedWeightsGetWhatTheClassWasMeasuredAt) {
  int described = 0;
  for (const auto& [name, accelerator] : facts().accelerators()) {
    const Result<Machine> machine = resolve(facts(), accelerator);
    if (!machine) continue;
    described += machine->memory_sustains.own ? 1 : 0;
    EXPECT_EQ(machine->bandwidth_share({Demand::Kind::streamed, 0.0}), machine->efficiency.bandwidth.value) << name;
    for (const double block_bytes : {64.0, 656.0, 4096.0, 32768.0, 1e6, 1e9})
      EXPECT_LE(machine->bandwidth_share({Demand::Kind::gathered, block_bytes}), 1.0) << name;
  }
  EXPECT_GT(described, 30);
}

TEST(MemoryShare, IsTheResidualTimesWhatTheMemorySustains) {
  const Machine h200 = machine_of("h200-sxm");
  const double residual = h200.memory_sustains.residual(h200.efficiency.bandwidth.value);
  EXPECT_GT(residual, h200.efficiency.bandwidth.value) << "the memory's own losses are taken out";
  for (const Demand& demand : {Demand{Demand::Kind::gathered, 8192.0}, Demand{Demand::Kind::mixed, 0.5}}) {
    const double expected = residual * h200.memory_sustains.own->at(demand).share;
    EXPECT_NEAR(h200.bandwidth_share(demand), expected, 1e-12);
    EXPECT_LT(h200.bandwidth_share(demand), h200.efficiency.bandwidth.value);
  }
}

TEST(MemoryShare, OfAMemoryWithoutCommandsIsThatOfStreams) {
  Machine machine = machine_of("h200-sxm");
  machine.memory_sustains = {};
  EXPECT_EQ(machine.bandwidth_share({Demand::Kind::gathered, 64.0}), machine.efficiency.bandwidth.value);
}

model::Operator attention_of(const model::Model& model) {
  for (const model::Operator& op : model::operators(model, {}, {}, 0))
    if (std::holds_alternative<model::Attention>(op.shape)) return op;
  return {};
}

TEST(OperatorDemands, OfAttentionAreTheBlocksOfTheDeployment) {
  const model::Model llama = model::test::llama_3_8b();
  const model::Operator attention = attention_of(llama);
  // 8 heads of 128 at two bytes: 2 KiB a key.
  EXPECT_EQ(demands_of(attention, llama, 16).cache.parameter, 32768.0);
  EXPECT_EQ(demands_of(attention, llama, 128).cache.parameter, 262144.0);
  EXPECT_EQ(demands_of(attention, llama, 16).cache.kind, Demand::Kind::gathered);
}

TEST(OperatorDemands, LatentsAreOneEntryAndExpandedKeysLieInOrder) {
  const model::Model deepseek = model::test::deepseek_v3();
  int absorbed = 0, expanded = 0;
  for (const model::Operator& op : model::operators(deepseek, {}, {}, 0)) {
    const Demand cache = demands_of(op, deepseek, 16).cache;
    if (op.name == "absorbed attention") {
      ++absorbed;
      EXPECT_EQ(cache.parameter, 16.0 * 576.0 * 2.0);
    }
    if (op.name == "expanded attention") {
      ++expanded;
      EXPECT_EQ(cache.kind, Demand::Kind::streamed);
    }
  }
  EXPECT_GT(absorbed, 0);
  EXPECT_GT(expanded, 0);
}

TEST(OperatorDemands, OfRoutedExpertsIsWhatOneExpertHasOnARank) {
  const model::Model mixtral = model::test::mixtral_8x7b();
  int experts = 0;
  for (const model::Operator& op : model::operators(mixtral, {}, {}, 0)) {
    const Demand weights = demands_of(op, mixtral, 16).weights;
    const auto* shape = std::get_if<model::ExpertGemm>(&op.shape);
    EXPECT_EQ(weights.kind == Demand::Kind::gathered, shape != nullptr) << op.name;
    if (shape == nullptr) continue;
    ++experts;
    EXPECT_EQ(weights.parameter, static_cast<double>(shape->k * shape->n) * 2.0);
  }
  EXPECT_GT(experts, 0);
}

// One key of one head is 256 bytes: less than what a row gives at once. Blocks of pages are all alike.
TEST(OperatorDemands, LargerCacheBlocksAreReadFasterFromTheMemory) {
  const Machine h200 = machine_of("h200-sxm");
  const model::Model llama = model::test::llama_3_8b();
  model::Step step;
  step.decode_sequences = step.sampled_sequences = 64;
  step.spans[0].decode_keys = 64.0 * 8192.0;
  const auto seconds = [&](std::int64_t block_tokens) {
    return compile(h200, llama, {}, {.tensor = 8}, {}, block_tokens).value().step_time_s(step);
  };
  EXPECT_GT(seconds(1), 1.05 * seconds(16));
  EXPECT_NEAR(seconds(16), seconds(256), 0.05 * seconds(16));
}

}  // namespace
}  // namespace plumb::accelerator
