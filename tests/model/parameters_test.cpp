// Do the shapes of public models add up to the parameters that are published for them?

#include <cctype>

#include <gtest/gtest.h>

#include "known_models.h"

namespace plumb::model {
namespace {

struct Published {
  Model model;
  double total;
  double active_billions;  ///< as announced, embedding table or not, so compared to 5 %
};

class Parameters : public testing::TestWithParam<Published> {};

// Totals are the tensor sizes that the checkpoints on huggingface.co add up to, without multi-token prediction;
// DeepSeek-V4-Flash's is announced as 284 B. Active: the models' cards.
INSTANTIATE_TEST_SUITE_P(, Parameters,
                         testing::Values(Published{test::llama_3_8b(), 8030261248.0, 7.5},
                                         Published{test::llama_3_70b(), 70553706496.0, 69.5},
                                         Published{test::mixtral_8x7b(), 46702792704.0, 12.9},
                                         Published{test::deepseek_v3(), 671026419200.0, 37.0},
                                         Published{test::gpt_oss_20b(), 20914757184.0, 3.6},
                                         Published{test::nemotron_3_nano(), 31577940288.0, 3.2}),
                         [](const auto& row) {
                           std::string name;
                           for (const unsigned char c : row.param.model.name) {
                             name += std::isalnum(c) != 0 ? static_cast<char>(c) : '_';
                           }
                           return name;
                         });

TEST_P(Parameters, AreThePublishedOnes) {
  const ParameterCount count = parameter_count(GetParam().model);
  EXPECT_EQ(count.total, GetParam().total);
  EXPECT_NEAR(count.active / 1e9, GetParam().active_billions, 0.05 * GetParam().active_billions);
}

TEST(ParameterCount, OfHybridsIsTheAnnouncedSize) {
  EXPECT_NEAR(parameter_count(test::qwen3_next_80b()).total, 80e9, 1e9);
  EXPECT_NEAR(parameter_count(test::deepseek_v4_flash()).total, 284e9, 1e9);
  EXPECT_NEAR(parameter_count(test::deepseek_v4_flash()).active, 13e9, 0.5e9);
}

TEST(ParameterCount, OfAGatedHybridIsTheSumOfItsMatrices) {
  const double d = 2048, experts = 512 * 3 * d * 512 + 3 * d * 512 + d + 512 * d, norms = 2 * d;
  // q comes with a gate as wide; norms of q and k.
  const double attention = d * 16 * 256 * 2 + 2 * d * 2 * 256 + 16 * 256 * d + 2 * 256;
  // q, k, v and z; b and a; convolution over q, k, v; A and dt bias; norm; output.
  const double delta = d * (2 * 2048 + 2 * 4096) + d * 64 + 8192 * 4 + 64 + 128 + 4096 * d;
  const double rest = 2 * 151936 * d + d;
  EXPECT_EQ(parameter_count(test::qwen3_next_80b()).total, 48 * (experts + norms) + 12 * attention + 36 * delta + rest);
}

TEST(ParameterCount, OfTiedEmbeddingsCountsTheTableOnce) {
  Model model = test::llama_3_8b();
  const ParameterCount untied = parameter_count(model);
  model.tied_embeddings = true;
  const ParameterCount tied = parameter_count(model);
  EXPECT_EQ(untied.total - tied.total, 128256.0 * 4096.0);
  EXPECT_EQ(untied.active, tied.active);
}

TEST(ParameterCount, KeepsMultiTokenPredictionApart) {
  Model model = test::deepseek_v3();
  const ParameterCount plain = parameter_count(model);
  model.mtp_layers = {model.layers.back()};
  model.mtp_extra_weights = 2 * 7168 * 7168;
  const ParameterCount with = parameter_count(model);
  EXPECT_EQ(plain.total, with.total);
  EXPECT_EQ(plain.mtp, 0.0);
  // The layer alone: 671.03 B is 3 dense and 58 such layers, so it is near 11.5 B.
  EXPECT_NEAR(with.mtp, 11.6e9, 0.1e9);
}

/// Kimi Delta Attention's decay is one per channel: hidden x rank x heads width instead of hidden x heads, and as wide
/// a bias (arXiv 2510.26692).
TEST(ParameterCount, OfADecayPerChannel) {
  Model model = test::qwen3_next_80b();
  const double scalar = parameter_count(model).total;
  for (Layer& layer : model.layers) layer.mixer.gate_rank = 128;
  const double per_channel = parameter_count(model).total;
  const double hidden = 2048, heads = 32, width = 128, rank = 128, layers = 36;
  EXPECT_EQ(per_channel - scalar, layers * (rank * (hidden + heads * width) - hidden * heads + heads * (width - 1)));
}

}  // namespace
}  // namespace plumb::model
