// Does a deployment file's parallelism and speculation reach the deployment, and is what cannot be refused with its
// place?

#include "serving/deployment_file.h"

#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

namespace plumb::serving {
namespace {

const std::string models = std::string(PLUMB_SOURCE_DIR) + "/examples/models/";

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

}  // namespace
}  // namespace plumb::serving
