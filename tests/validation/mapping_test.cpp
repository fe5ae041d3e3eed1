// Is each column's grammar read as its README means it, for words that were never in the open set too?

#include <gtest/gtest.h>

#include "validation/device.h"
#include "validation/knee.h"
#include "validation/lengths.h"
#include "validation/metric.h"
#include "validation/model_name.h"
#include "validation/parallelism.h"
#include "validation/precision.h"
#include "validation/scenario.h"
#include "validation/software.h"

namespace plumb::validation {
namespace {

std::string accelerator(std::string_view device) {
  const Result<catalog::Catalog> catalog = catalog::Catalog::builtin();
  const std::optional<Device> found = find_device(*catalog, device);
  return found ? found->accelerator->name + (found->assumed ? " assumed" : "") : "none";
}

TEST(DeviceWords, AreTheCatalogsAccelerators) {
  EXPECT_EQ(accelerator("H100-SXM"), "h100-sxm");
  EXPECT_EQ(accelerator("H100"), "h100-sxm assumed");
  EXPECT_EQ(accelerator("A100-PCIe-80"), "a100-80gb-pcie");
  EXPECT_EQ(accelerator("NVIDIA GeForce RTX 4090"), "rtx-4090");
  EXPECT_EQ(accelerator("TPU v5e"), "tpu-v5e");
  EXPECT_EQ(accelerator("Gaudi-2"), "gaudi2");
  EXPECT_EQ(accelerator("AMD Instinct MI355X"), "mi355x");
  EXPECT_EQ(accelerator("Max-1550-PVC"), "max-1550");
  EXPECT_EQ(accelerator("Voyager-9"), "none");
}

TEST(DeviceWords, NoNameBelongsToTwoAccelerators) {
  const Result<catalog::Catalog> catalog = catalog::Catalog::builtin();
  for (const auto& [name, accelerator] : catalog->accelerators()) {
    for (const std::string& alias : accelerator.aliases) {
      const std::optional<Device> found = find_device(*catalog, alias);
      ASSERT_TRUE(found) << alias;
      EXPECT_EQ(found->accelerator->name, name) << alias;
    }
  }
}

TEST(ModelWords, NamesOfOneShapeAreOneModel) {
  const Result<ModelShelf> shelf = ModelShelf::builtin();
  ASSERT_TRUE(shelf) << render(shelf.error());
  EXPECT_GE(shelf->size(), 80u);
  const auto key = [&](std::string_view name) { return shelf->key_of(name).value_or("none"); };
  EXPECT_EQ(key("meta-llama/Llama-3.1-70B-Instruct"), "llama-3.1-70b");
  EXPECT_EQ(key("Llama-3.1-405B-Instruct-FP8-KV (AMD Quark)"), "llama-3.1-405b");
  EXPECT_EQ(key("llama2-70b-99.9"), "llama-2-70b");
  EXPECT_EQ(key("gptj-99"), "gpt-j-6b");
  EXPECT_EQ(key("deepseek-ai/DeepSeek-R1-0528"), "deepseek-v3-r1");
  EXPECT_EQ(key("nvidia/DeepSeek-R1-NVFP4"), "deepseek-v3-r1");
  EXPECT_EQ(key("RedHatAI/Llama-4-Scout-17B-16E-Instruct-FP8-dynamic"), "llama-4-scout");
  EXPECT_EQ(key("Qwen/Qwen3-235B-A22B-Instruct-2507"), "qwen3-235b-a22b");
  EXPECT_EQ(key("google/gemma-2-27b-it"), "gemma-2-27b");
  EXPECT_EQ(key("moonshotai/Kimi-K2-Instruct-0905"), "kimi-k2");
  EXPECT_EQ(key("resnet50"), "none");
}

TEST(ModelWords, ANarrowFormatTakesTheCheckpointPublishedInIt) {
  const Result<ModelShelf> shelf = ModelShelf::builtin();
  EXPECT_EQ(shelf->model("deepseek-v3-r1")->quantisation.experts, NumberFormat::fp8);
  EXPECT_EQ(shelf->model("deepseek-v3-r1", NumberFormat::fp4)->quantisation.experts, NumberFormat::fp4);
  EXPECT_EQ(shelf->model("llama-3-8b", NumberFormat::fp4)->quantisation.weights, NumberFormat::bf16);
}

TEST(PrecisionWords, SayWeightsExpertsAndCache) {
  const auto words = [](std::string_view text) { return precision_of(text).value(); };
  EXPECT_EQ(words("w:fp8 (gemm fp8_block, moe fp8_block)").weights->format, NumberFormat::fp8);
  EXPECT_EQ(words("w:fp4 (engine fp4) kv:fp8").cache, NumberFormat::fp8);
  EXPECT_EQ(words("w:fp16 as declared (engine fp8 presumed)").weights->format, NumberFormat::fp8);
  EXPECT_TRUE(words("w:fp16 as declared (engine fp8 presumed)").presumed);
  EXPECT_EQ(words("fp16/bf16 (framework default; not stated)").weights->bits, 16.0);
  EXPECT_EQ(words("w:Q4_K_M kv:f16").weights->bits, 4.89);
  EXPECT_FALSE(words("w:int8 compute Matmult-BF16").weights->activations);
  EXPECT_EQ(words("bf16 / fp8 KV").cache, NumberFormat::fp8);
  EXPECT_FALSE(words("w: (gemm , moe )").weights);
  EXPECT_TRUE(words("w: (gemm , moe )").stated);
  EXPECT_FALSE(words("not stated").stated);
  EXPECT_EQ(precision_of("w:ternary"), std::nullopt);
}

TEST(PrecisionWords, ACheckpointStoredAsAskedForIsKept) {
  const Result<ModelShelf> shelf = ModelShelf::builtin();
  const auto own = shelf->model("gpt-oss-120b");
  EXPECT_EQ(model_in(own, *precision_of("w:fp4 (gemm nvfp4, moe nvfp4)")), own);
  const auto dense = shelf->model("llama-3-8b");
  EXPECT_EQ(model_in(dense, *precision_of("w:bf16")), dense);
  const auto narrow = model_in(dense, *precision_of("w:fp8"));
  EXPECT_EQ(narrow->quantisation.weight_bits, 8.0);
  EXPECT_EQ(narrow->quantisation.rest, NumberFormat::bf16);
}

TEST(ParallelismWords, BecomeEnginesOfRanks) {
  const Result<ModelShelf> shelf = ModelShelf::builtin();
  const auto layout = [&](std::string_view words, std::optional<std::int64_t> devices, const char* model) {
    return layout_of(parallelism_of(words), devices, *shelf->model(model));
  };
  const auto whole = layout("tp=8,pp=1,ep=8", 8, "mixtral-8x7b");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->split.tensor, 8);
  EXPECT_TRUE(whole->split.expert);
  const auto by_sequence = layout("attention_dp=8,ep=8", 8, "deepseek-v3-r1");
  EXPECT_EQ(by_sequence->split.data, 8);
  EXPECT_EQ(by_sequence->split.tensor, 1);
  EXPECT_EQ(layout("tp=4,attention_dp=4,ep=16", 16, "deepseek-v3-r1")->split.ranks(), 16);
  EXPECT_EQ(layout("tp=1,pp=1", 8, "llama-2-70b")->replicas, 8);
  EXPECT_EQ(layout("tp=4,dp=2", 8, "llama-3-8b")->replicas, 2);
  EXPECT_EQ(layout("", 1, "llama-3-8b")->split.ranks(), 1);
  EXPECT_EQ(layout("", 8, "llama-3-8b"), std::nullopt);
  EXPECT_EQ(layout("tp=2|4,pp=1|2", 8, "llama-3-8b"), std::nullopt);
  EXPECT_EQ(layout("tp=3", 8, "llama-3-8b"), std::nullopt);
  EXPECT_TRUE(parallelism_of("prefill 2 x tp2, decode 2 x tp2").disaggregated);
  EXPECT_TRUE(parallelism_of("tp=8,ep=2,MTP=3").speculative);
}

TEST(LoadWords, SayTheScenarioAndItsSize) {
  EXPECT_EQ(load_of("static batch (offline)", "batch=16", "").scenario, Scenario::static_batch);
  EXPECT_EQ(load_of("static batch (offline)", "batch=16", "").batch, 16);
  EXPECT_EQ(load_of("offline (batch submitted at once)", "batch=4", "").scenario, Scenario::static_batch);
  EXPECT_EQ(load_of("static batch 32", "", "").batch, 32);
  EXPECT_EQ(load_of("MLPerf Offline", "offline", "").scenario, Scenario::offline);
  EXPECT_EQ(load_of("MLPerf Offline (power)", "offline", "").scenario, Scenario::power);
  EXPECT_EQ(load_of("MLPerf Server", "363.79", "").rate_per_s, 363.79);
  EXPECT_EQ(load_of("fixed concurrency (aggregated)", "conc=64", "").concurrency, 64);
  EXPECT_EQ(load_of("fixed concurrency (disaggregated)", "conc=64", "").scenario, Scenario::disaggregated);
  EXPECT_EQ(load_of("open-loop trace replay", "qps=0.5 (whole system); config 2DP4TP_0", "").rate_per_s, 0.25);
  EXPECT_EQ(load_of("server open-loop", "qps<=6 (peak)", "").rate_per_s, std::nullopt);
  EXPECT_EQ(load_of("server open-loop, 1000 ShareGPT prompts", "qps=4", "").requests, 1000);
  EXPECT_EQ(load_of("kernel micro-benchmark", "", "").scenario, Scenario::kernel);
  EXPECT_TRUE(load_of("batch 1 prompt evaluation of 1024 tokens", "batch=1", "").prefill_only);
}

TEST(LengthWords, SayAShapeAndAMean) {
  constexpr double context = 4096.0;
  EXPECT_EQ(*prompt_lengths("1024", "", context), fixed_tokens(1024));
  const auto uniform = prompt_lengths("1000", "InferenceX: each length uniform in [0.8L,L]", context);
  EXPECT_EQ(uniform->shape, LengthWords::Shape::uniform);
  EXPECT_EQ(uniform->low, 800.0);
  EXPECT_FALSE(uniform->assumed);
  EXPECT_EQ(prompt_lengths("~547 (first turn; multi-turn history adds)", "", context)->mean, 547.0);
  EXPECT_EQ(prompt_lengths("mean 592 (first-turn question 466 + system 100)", "", context)->mean, 592.0);
  EXPECT_EQ(prompt_lengths("ShareGPT (mean 213)", "", context)->mean, 213.0);
  EXPECT_EQ(prompt_lengths("OpenOrca<=1024", "", context)->high, 1024.0);
  EXPECT_TRUE(prompt_lengths("OpenOrca<=1024", "", context)->assumed);
  EXPECT_EQ(output_lengths("697 (mean; limit 2048)", "128", "", context)->high, 2048.0);
  EXPECT_EQ(output_lengths("~128 (max_new_tokens 128)", "CNN-DailyMail", "", context)->shape,
            LengthWords::Shape::fixed);
  EXPECT_EQ(output_lengths("293.7", "OpenOrca<=1024", "", context)->mean, 293.7);
  EXPECT_EQ(output_lengths("not stated", "128", "", context), std::nullopt);
}

TEST(SoftwareWords, SayEngineAndAge) {
  EXPECT_EQ(software_of("trtllm 1.0.0rc3", "").engine, Engine::tensorrt_llm);
  EXPECT_EQ(software_of("vLLM 0.6.3.post2.dev308", "").version, (Version{0, 6, 3}));
  EXPECT_EQ(software_of("TensorRT 10.2.0, CUDA 12.4", "2024-08-28").version, std::nullopt);
  EXPECT_TRUE(software_of("vLLM 0.19.0", "").since({0, 8, 0}, 2025));
  EXPECT_FALSE(software_of("vLLM (main, about 2024-11)", "").since({0, 8, 0}, 2025));
  EXPECT_TRUE(software_of("vLLM (early 2026; inference-perf)", "").since({0, 8, 0}, 2025));
  EXPECT_EQ(software_of("LLM-D v0.5.0 ,vLLM 0.14.1, RHEL 9.6", "").version, (Version{0, 14, 1}));
}

TEST(LimitWords, AreTheTwoPercentiles) {
  const std::optional<Limits> limits = limits_in("max_batch=896; limits p99 ttft 2000 ms tpot 200 ms");
  ASSERT_TRUE(limits);
  EXPECT_DOUBLE_EQ(limits->ttft_s, 2.0);
  EXPECT_DOUBLE_EQ(limits->tpot_s, 0.2);
  EXPECT_FALSE(limits_in("no limits"));
  EXPECT_FALSE(limits_in(""));
}

TEST(MetricWords, SayQuantityStatisticAndUnit) {
  EXPECT_EQ(metric_of("ttft_ms_p99")->percentile, 99.0);
  EXPECT_EQ(metric_of("e2e_s_median")->unit_s, 1.0);
  EXPECT_TRUE(metric_of("output_tok_s_gpu")->per_device);
  EXPECT_EQ(metric_of("req_s")->family(), Family::throughput);
  EXPECT_EQ(metric_of("itl_ms_mean")->family(), Family::tpot);
  EXPECT_FALSE(metric_of("power_w"));
  EXPECT_FALSE(metric_of("kernel_us"));
  EXPECT_FALSE(metric_of("ttft_ms_std"));
  EXPECT_FALSE(metric_of(""));
}

}  // namespace
}  // namespace plumb::validation
