// Does a deployment file's parallelism and speculation reach the deployment, and is what cannot be refused with its
// place?

#include "serving/deployment_file.h"

#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

namespace plumb::serving {
namespace {

const std::string models = std::string(PLUMB_SOURCE_DIR "/examples/models/");

/// A deployment of a model of the examples with more lines, read.
Result<DeploymentFile> read(const std::string& model, const std::string& lines) {
  // Tests run side by side, each in a process of its own.
  const std::string path =
      testing::TempDir() + "deployment_file_" + testing::UnitTest::GetInstance()->current_test_info()->name() + ".toml";
  std::ofstream(path) << "name = \"test\"\nmodel = \"" << models << model << "\"\naccelerator = \"h100-sxm\"\n"
                      << lines;
  auto catalog = catalog::Catalog::builtin();
  if (!catalog) return fail(catalog.error());
  auto file = read_deployment(path, *catalog);
  std::remove(path.c_str());
  return file;
}

TEST(DeploymentFile, SpeculationGivesTheModelADrafter) {
  const auto file = read("llama-3.1-8b-instruct",
                         "[speculation]\nmethod = \"ngram\"\nnum_speculative_tokens = 3\nacceptance_rate = 0.6\n");
  ASSERT_TRUE(file) << one_line(file.error());
  ASSERT_TRUE(file->deployment.model->speculation);
  EXPECT_EQ(file->deployment.model->speculation->tokens, 3);
  EXPECT_EQ(file->deployment.engine.acceptance_rate, 0.6);
}

TEST(DeploymentFile, DraftModelIsReadBesideTheModel) {
  const std::string table = "[speculation]\nmethod = \"draft\"\nnum_speculative_tokens = 2\nacceptance_rate = 0.5\n";
  const auto file = read("llama-3.1-8b-instruct", table + "draft_model = \"" + models + "llama-3.1-8b-instruct\"\n");
  ASSERT_TRUE(file) << one_line(file.error());
  ASSERT_NE(file->deployment.model->speculation->draft, nullptr);
  const auto absent = read("llama-3.1-8b-instruct", table + "draft_model = \"nowhere\"\n");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().place.line, 8);
}

TEST(DeploymentFile, DrafterThatIsNotThereIsRefused) {
  const auto file = read("llama-3.1-8b-instruct",
                         "[speculation]\nmethod = \"mtp\"\nnum_speculative_tokens = 1\nacceptance_rate = 0.6\n");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().fault, Fault::unmet);
}

TEST(DeploymentFile, CaptureSizesAreSortedAndEagerIsRead) {
  const auto file = read("llama-3.1-8b-instruct", "[engine]\ncudagraph_capture_sizes = [8, 1, 4, 8]\n");
  ASSERT_TRUE(file) << one_line(file.error());
  EXPECT_EQ(file->deployment.engine.cudagraph_capture_sizes, (std::vector<std::int64_t>{1, 4, 8}));
  EXPECT_FALSE(file->deployment.engine.enforce_eager);
  const auto eager = read("llama-3.1-8b-instruct", "[engine]\nenforce_eager = true\n");
  ASSERT_TRUE(eager) << one_line(eager.error());
  EXPECT_TRUE(eager->deployment.engine.enforce_eager);
  const auto negative = read("llama-3.1-8b-instruct", "[engine]\ncudagraph_capture_sizes = [8, 0]\n");
  ASSERT_FALSE(negative);
  EXPECT_EQ(negative.error().place.line, 5);
}

TEST(DeploymentFile, WhatVllmRefusesIsShownWhereItIs) {
  const auto file = read("llama-3.1-8b-instruct", "[engine]\nmax_num_seqs = 512\nmax_num_batched_tokens = 511\n");
  ASSERT_FALSE(file);
  const Error& error = file.error();
  EXPECT_EQ(error.place.line, 6);
  EXPECT_EQ(error.place.column, 26);
  EXPECT_EQ(error.message, "max_num_batched_tokens is 511, less than the 512 of max_num_seqs: vLLM does not start");
  EXPECT_EQ(error.expected, "512 or more");
  EXPECT_TRUE(read("llama-3.1-8b-instruct",
                   "[engine]\nmax_num_seqs = 512\nmax_num_batched_tokens = 511\nscheduler = \"sglang\"\n"));
}

TEST(DeploymentFile, LatentsMayBeAbsorbedInPrefill) {
  const auto file = read("deepseek-r1", "mla_prefill = \"absorbed\"\n");
  ASSERT_TRUE(file) << one_line(file.error());
  EXPECT_TRUE(file->deployment.model->layers.back().mixer.absorbed_prefill);
  const auto none = read("llama-3.1-8b-instruct", "mla_prefill = \"absorbed\"\n");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().place.line, 4);
}

TEST(DeploymentFile, DataParallelRanksAreRead) {
  const auto file = read("llama-3.1-8b-instruct", "data_parallel_size = 4\nenable_expert_parallel = true\n");
  ASSERT_TRUE(file) << one_line(file.error());
  EXPECT_EQ(file->deployment.parallelism.data, 4);
  EXPECT_EQ(file->deployment.parallelism.ranks(), 4);
  const auto compiled = compile(file->deployment);
  ASSERT_FALSE(compiled);  // nothing to share
  EXPECT_EQ(compiled.error().fault, Fault::unmet);
}

TEST(DeploymentFile, CacheTiersAreReadInOrder) {
  const auto file = read("llama-3.1-8b-instruct",
                         "[[cache_tier]]\nname = \"host\"\ncapacity = \"512 GiB\"\nread_bandwidth = \"20 GB/s\"\n"
                         "latency = \"20 us\"\nqueue_depth = 8\nload_threshold = 256\n"
                         "[[cache_tier]]\nkind = \"nvme\"\ncapacity = \"2 TB\"\n");
  ASSERT_TRUE(file) << one_line(file.error());
  const auto& tiers = file->deployment.cache_tiers;
  ASSERT_EQ(tiers.size(), 2u);
  EXPECT_EQ(tiers[0].name, "host");
  EXPECT_EQ(tiers[0].kind.name, "dram");
  EXPECT_EQ(tiers[0].capacity_bytes, 512.0 * 1073741824.0);
  EXPECT_EQ(tiers[0].read_bytes_per_s, 20e9);
  EXPECT_EQ(tiers[0].write_bytes_per_s, std::nullopt);
  EXPECT_NEAR(tiers[0].latency_s.value_or(0.0), 20e-6, 1e-15);
  EXPECT_EQ(tiers[0].queue_depth, 8);
  EXPECT_EQ(tiers[0].load_threshold, 256);
  EXPECT_EQ(tiers[1].name, "nvme");
}

TEST(DeploymentFile, WrongCacheTiersAreRefusedWithTheirPlace) {
  struct Wrong {
    std::string lines, message;
    int line;
  };
  const std::vector<Wrong> all{
      {"[[cache_tier]]\nname = \"host\"\n", "capacity", 4},
      {"[[cache_tier]]\ncapacity = \"-1 GB\"\n", "capacity", 5},
      {"[[cache_tier]]\ncapacity = \"1 GB\"\nread_bandwidth = \"0 GB/s\"\n", "read_bandwidth", 6},
      {"[[cache_tier]]\ncapacity = \"1 GB\"\nkind = \"tape\"\n", "kind", 6},
      {"[[cache_tier]]\ncapacity = \"1 GB\"\nqueue_depth = 0\n", "queue_depth", 6},
      {"[[cache_tier]]\ncapacity = \"1 GB\"\nbandwidth = \"1 GB/s\"\n", "bandwidth", 6},
      {"[[cache_tier]]\ncapacity = \"1 GB\"\n[[cache_tier]]\nkind = \"dram\"\ncapacity = \"1 GB\"\n",
       "another cache tier is called dram", 7},
      {"cache_tier = 3\n", "cache_tier", 4},
  };
  for (const Wrong& wrong : all) {
    const auto file = read("llama-3.1-8b-instruct", wrong.lines);
    ASSERT_FALSE(file) << wrong.lines;
    EXPECT_EQ(file.error().place.line, wrong.line) << one_line(file.error());
    EXPECT_NE(one_line(file.error()).find(wrong.message), std::string::npos) << one_line(file.error());
  }
}

}  // namespace
}  // namespace plumb::serving
