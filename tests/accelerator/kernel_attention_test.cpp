// Are the kernels of attention what their equations say, never below their roofline, and monotone in the context?

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "accelerator/attention_cost.h"
#include "support/attention_fits.h"
#include "support/machines.h"

namespace plumb::accelerator {
namespace {

constexpr AttentionMachine machine{.peak_flops_per_s = 1e15, .memory_bytes_per_s = 3e12};

/// Llama 3's: 32 heads over 8 of keys, 128 wide, bf16.
constexpr model::Attention llama{.heads = 32, .key_width = 128, .value_width = 128, .key_bytes = 4096.0, .kv_heads = 8};

DecodeAttentionParameters decode_parameters() {
  return decode_attention_parameters(*catalog::kernel_family("attention_decode"), test::decode_values());
}
PrefillAttentionParameters prefill_parameters() {
  PrefillAttentionParameters parameters =
      prefill_attention_parameters(*catalog::kernel_family("attention_prefill"), test::prefill_values());
  parameters.bandwidth = 0.8;
  return parameters;
}

double decode_seconds(const model::Attention& shape, double sequences, double keys) {
  const DecodeAttention attention(decode_parameters(), attention_shape(shape, 16.0), machine);
  return attention.seconds({.sequences = sequences, .rows = sequences}, keys);
}
double prefill_seconds(const model::Attention& shape, const PrefillWork& work) {
  return prefill_attention_time(prefill_parameters(), attention_shape(shape, 16.0), machine, work).seconds();
}

// By hand. 64 sequences of 16384 keys: 4.3 GB at 0.95 of 3 TB/s, 6 us of reading besides, 0.4 of the tiles' time
// (64 x 8 - 38 of 17 + 9 + 4 x 0.28 ns), queries and outputs of 64 x 16 KiB, and 11.2 us of launches.
TEST(KernelAttentionDecode, LongContextsAreReadFromMemory) {
  const double tiles = (64.0 * 8.0 - 38.0) * (1.7e-8 + 9e-9 + 4.0 * 2.8e-10);
  const double bytes = 64.0 * 16384.0 * 4096.0 + 64.0 * 16384.0;
  EXPECT_NEAR(decode_seconds(llama, 64.0, 64.0 * 16384.0), 1.12e-5 + 6e-6 + bytes / (0.95 * 3e12) + 0.4 * tiles, 1e-12);
}

// 1024 sequences of one key: a tile for each of their 8 heads, but for the first 38.
TEST(KernelAttentionDecode, ManyShortSequencesAreTiles) {
  const double tiles = (1024.0 * 8.0 - 38.0) * (1.7e-8 + 9e-9 + 4.0 * 2.8e-10);
  EXPECT_NEAR(decode_seconds(llama, 1024.0, 1024.0), 1.12e-5 + tiles + 1024.0 * 8.0 * 3e-11, 1e-12);
}

// One sequence of one head of keys is spread over as many multiprocessors as split-KV reaches: 0.38 ns a key; where no
// queries share the head it is not, and a key takes 22 ns.
TEST(KernelAttentionDecode, OneLongSequenceIsAChain) {
  model::Attention one = llama;
  one.kv_heads = 1, one.heads = 2, one.key_bytes = 512.0;
  EXPECT_NEAR(decode_seconds(one, 1.0, 1e6), 1.1e-5 + 1e6 * 3.8e-10, 1e-12);
  one.heads = 1;
  EXPECT_NEAR(decode_seconds(one, 1.0, 1e6), 1.1e-5 + 1e6 * 2.2e-8, 1e-9);
}

TEST(KernelAttentionDecode, AWindowCostsItsOwn) {
  model::Attention windowed = llama;
  windowed.windowed = true;
  EXPECT_NEAR(decode_seconds(windowed, 1024.0, 1024.0) - decode_seconds(llama, 1024.0, 1024.0),
              2.4e-6 + 1024.0 * 8.0 * 1e-8, 1e-12);
}

// Absorbed MLA with all 128 heads scores 2 x 128 x 1088 operations for each 1152 bytes.
TEST(KernelAttentionDecode, AbsorbedLatentsAreBoundByCompute) {
  const model::Attention latent{
      .heads = 128, .key_width = 576, .value_width = 512, .key_bytes = 1152.0, .latent = true};
  const double keys = 256.0 * 16384.0, operations = 2.0 * 128.0 * 1088.0 * keys;
  const double launch = 1e-5 + 1e-6 * 544.0 / 128.0 + 2e-7;
  EXPECT_NEAR(decode_seconds(latent, 256.0, keys), launch + operations / (0.6 * 1e15), 1e-9);
}

// By hand: 8192 tokens in one chunk: pairs (8192^2 + 8192) / 2 and 350 in vain for each token, 2 x 32 x 256 operations
// each, (1 + 60 / 128) slower, at 0.95 of the peak; 32 heads of 1.4 ns; stores of 8192 x (0.5 ns + 2048 x 2.5 ps).
TEST(KernelAttentionPrefill, IsItsEquation) {
  const double tokens = 8192.0, pairs = tokens * (tokens + 1.0) / 2.0;
  const double tiles = 32.0 * 1.4e-9 + 16384.0 * (pairs + 350.0 * tokens) * (1.0 + 60.0 / 128.0) / (0.95 * 1e15);
  const double stores = tokens * (5e-10 + 2048.0 * 2.5e-12);
  EXPECT_NEAR(prefill_seconds(llama, {.chunks = 1.0, .tokens = tokens, .pairs = pairs, .keys = tokens}),
              1.2e-5 + tiles + stores, 1e-9);
}

/// Any shape that a model may have.
model::Attention any_shape() {
  model::Attention shape;
  shape.kv_heads = *rc::gen::inRange(1, 65);
  shape.heads = shape.kv_heads * *rc::gen::inRange(1, 17);
  shape.key_width = 32 * *rc::gen::inRange(1, 19);
  shape.value_width = 32 * *rc::gen::inRange(1, 17);
  shape.key_bytes = static_cast<double>(shape.kv_heads * (shape.key_width + shape.value_width)) *
                    static_cast<double>(*rc::gen::inRange(1, 3));
  shape.windowed = *rc::gen::arbitrary<bool>();
  return shape;
}

RC_GTEST_PROP(KernelAttentionDecode, IsNeverBelowItsRooflineAndGrowsWithItsContext, ()) {
  const model::Attention shape = any_shape();
  const model::AttentionRates rates = model::attention_rates(shape, 16.0);
  const double sequences = *rc::gen::inRange(1, 4096);
  const double keys = sequences * *rc::gen::inRange(1, 200'000), more = keys + *rc::gen::inRange(0, 1'000'000'000);
  const double seconds = decode_seconds(shape, sequences, keys);
  RC_ASSERT(seconds >= keys * rates.operations_per_pair / machine.peak_flops_per_s);
  RC_ASSERT(seconds >= (keys * rates.cache_bytes_per_key + sequences * rates.activation_bytes_per_row) /
                           machine.memory_bytes_per_s);
  RC_ASSERT(decode_seconds(shape, sequences, more) >= seconds);
}

RC_GTEST_PROP(KernelAttentionPrefill, IsNeverBelowItsRooflineAndGrowsWithItsContext, ()) {
  const model::Attention shape = any_shape();
  const model::AttentionRates rates = model::attention_rates(shape, 16.0);
  const double chunks = *rc::gen::inRange(1, 64), tokens = chunks * *rc::gen::inRange(1, 20'000);
  const double context = *rc::gen::inRange(0, 200'000);
  const auto work = [&](double before) {
    const double each = tokens / chunks;
    return PrefillWork{chunks, tokens, tokens * before + tokens * (each + 1.0) / 2.0, chunks * (before + each)};
  };
  const PrefillWork now = work(context), later = work(context + *rc::gen::inRange(0, 100'000));
  const double seconds = prefill_seconds(shape, now);
  RC_ASSERT(seconds >= now.pairs * rates.operations_per_pair / machine.peak_flops_per_s);
  RC_ASSERT(seconds >= (now.keys * rates.cache_bytes_per_key + tokens * rates.activation_bytes_per_row) /
                           machine.memory_bytes_per_s);
  RC_ASSERT(prefill_seconds(shape, later) >= seconds);
}

model::Operator attention(model::Attention shape) {
  model::Operator op;
  op.name = "attention";
  op.family = model::Family::attention;
  op.count = 2.0;
  op.shape = shape;
  return op;
}

AttentionCost cost_of(const Machine& of, const model::Operator& op, double least_s = 0.0) {
  return AttentionCost(of, *of.rate(NumberFormat::bf16), op, {}, least_s);
}

// A mixed step runs two kernels, one after the other.
TEST(AttentionCost, DecodesAndChunksAddUp) {
  const Machine measured = test::with_attention_fits(test::machine(test::lossy_class()));
  const AttentionCost cost = cost_of(measured, attention(llama));
  model::Step decodes, chunks, both;
  decodes.decode_sequences = both.decode_sequences = 16;
  decodes.spans[0].decode_keys = both.spans[0].decode_keys = 16.0 * 1000.0;
  chunks.prefill_sequences = both.prefill_sequences = 1;
  chunks.prefill_tokens = both.prefill_tokens = 512;
  chunks.spans[0].prefill_keys = both.spans[0].prefill_keys = 512.0;
  chunks.spans[0].prefill_pairs = both.spans[0].prefill_pairs = 512.0 * 513.0 / 2.0;
  EXPECT_NEAR(cost.seconds(both), cost.seconds(decodes) + cost.seconds(chunks), 1e-15);
  for (const model::Step& step : {decodes, chunks, both})
    EXPECT_NEAR(cost.time(step).seconds(), cost.seconds(step), 1e-15);
  EXPECT_EQ(cost.seconds({}), 0.0);
}

TEST(AttentionCost, NoKernelIsFasterThanItsLaunch) {
  const Machine measured = test::with_attention_fits(test::machine(test::lossy_class()));
  const AttentionCost cost = cost_of(measured, attention(llama), 1.0);
  model::Step step;
  step.decode_sequences = 1;
  step.spans[0].decode_keys = 10.0;
  EXPECT_DOUBLE_EQ(cost.seconds(step), 2.0);
  EXPECT_DOUBLE_EQ(cost.time(step).seconds(), 2.0);
}

TEST(AttentionCost, GoesByTheFormatOfTheCache) {
  const Machine measured = test::with_attention_fits(test::machine(test::lossy_class()));
  model::Attention narrow = llama;
  narrow.cache_bits = 8.0, narrow.key_bytes /= 2.0;
  model::Step step;
  step.decode_sequences = 1;
  step.spans[0].decode_keys = 10.0;
  EXPECT_GT(cost_of(measured, attention(narrow)).seconds(step), cost_of(measured, attention(llama)).seconds(step));
}

TEST(AttentionCost, IsForWhatWasMeasured) {
  const Machine plain = test::machine(test::lossy_class()), measured = test::with_attention_fits(plain);
  EXPECT_FALSE(AttentionCost::is_measured(plain, attention(llama)));
  EXPECT_TRUE(AttentionCost::is_measured(measured, attention(llama)));
  model::Attention indexer = llama;
  indexer.value_width = 0;
  EXPECT_FALSE(AttentionCost::is_measured(measured, attention(indexer))) << "scores alone";
}

}  // namespace
}  // namespace plumb::accelerator
