// Is every config.json of the corpus understood, and what it leads to within the bounds that the rest relies on?

#include <gmock/gmock.h>

#include <algorithm>

#include "config_files.h"

namespace plumb::model::test {
namespace {

void expect_sound(const Model& model, const std::string& file) {
  EXPECT_FALSE(model.architecture.empty()) << file;
  EXPECT_GT(model.hidden, 0) << file;
  EXPECT_GT(model.vocabulary, 0) << file;
  EXPECT_FALSE(model.layers.empty()) << file;
  EXPECT_LE(model.spans.size(), spans_max) << file;
  for (const Layer& layer : model.layers) {
    EXPECT_TRUE(layer.mixer.kind == Mixer::Kind::none || layer.mixer.span < model.spans.size()) << file;
    EXPECT_LT(layer.mixer.index_span, std::max<std::size_t>(1, model.spans.size())) << file;
  }
  const ParameterCount count = parameter_count(model);
  EXPECT_GT(count.total, 0.0) << file;
  EXPECT_LE(count.active, count.total) << file;
}

TEST(ConfigCorpus, EveryFileFromTheHubIsUnderstood) {
  const std::set<std::string> files = files_of("hf");
  EXPECT_EQ(files.size(), 104u);
  for (const std::string& file : files) expect_sound(load("hf/" + file), file);
}

TEST(ConfigCorpus, EveryQuotedFileIsUnderstood) {
  for (const std::string& file : files_of("quoted")) expect_sound(load("quoted/" + file), file);
  for (const std::string& file : files_of("derived")) expect_sound(load("derived/" + file), file);
}

TEST(ConfigCorpus, APartialFileIsUnderstoodOrNamesWhatIsMissing) {
  std::vector<std::string> refused;
  for (const std::string& file : files_of("partial")) {
    const Result<Model> model = read_model(models_folder() + "partial/" + file);
    if (model) {
      expect_sound(*model, file);
      continue;
    }
    EXPECT_THAT(one_line(model.error()), testing::ContainsRegex("\"[a-z_]+\" is missing")) << file;
    refused.push_back(file);
  }
  EXPECT_THAT(refused, testing::UnorderedElementsAre("LGAI-EXAONE--EXAONE-3.5-2.4B-and-Deep-32B.partial.json",
                                                     "deepseek-ai--DeepSeek-Coder-V2-Instruct-236B.partial.json",
                                                     "kakaobrain--kogpt-6b.partial.json",
                                                     "naver-hyperclovax--family.partial.json"));
}

TEST(ConfigCorpus, EveryExampleIsUnderstoodAndNamedAfterItsFolder) {
  const std::filesystem::path examples = std::string(PLUMB_SOURCE_DIR "/examples/models");
  std::size_t models = 0;
  for (const auto& entry : std::filesystem::directory_iterator(examples)) {
    if (!entry.is_directory()) continue;
    const Result<Model> model = read_model(entry.path().string());
    ASSERT_TRUE(model) << one_line(model.error());
    expect_sound(*model, entry.path().string());
    EXPECT_EQ(model->name, entry.path().filename().string());
    ++models;
  }
  EXPECT_GE(models, 11u);
}

struct Shape {
  const char* file;
  std::size_t layers;
  std::vector<Span> spans;
};

TEST(ConfigCorpus, LayersLookBackAsFarAsTheFilesSay) {
  using enum Span::Kind;
  const std::vector<Shape> shapes = {
      {"hf/llama-3.1-8b-instruct.json", 32, {{full, 0, 1, 0}}},
      {"hf/meta-llama--Llama-4-Scout-17B-16E-Instruct.json", 48, {{chunked, 8192, 1, 0}, {full, 0, 1, 0}}},
      {"hf/openai--gpt-oss-20b.json", 24, {{sliding, 128, 1, 0}, {full, 0, 1, 0}}},
      {"hf/deepseek-ai--DeepSeek-V3.2.json", 61, {{full, 0, 1, 0}, {compressed, 0, 1, 2048}}},
      {"hf/deepseek-ai--DeepSeek-V4-Flash.json",
       43,
       {{sliding, 128, 1, 0}, {compressed, 0, 4, 0}, {compressed, 128, 4, 512}, {compressed, 128, 128, 0}}},
      {"hf/MiniMaxAI--MiniMax-M3.json", 60, {{full, 0, 1, 0}, {compressed, 0, 1, 2048}}},
      {"hf/google--gemma-4-26B-A4B.json", 30, {{full, 0, 1, 0}, {sliding, 1024, 1, 0}}},
      {"quoted/google--gemma-3-27b-text.json", 62, {{sliding, 1024, 1, 0}, {full, 0, 1, 0}}},
      {"hf/Qwen--Qwen3.5-27B.json", 64, {{full, 0, 1, 0}, {state, 0, 1, 0}}},
      {"hf/nvidia--Nemotron-H-56B-Base-8K.json", 118, {{state, 0, 1, 0}, {full, 0, 1, 0}}},
      {"quoted/microsoft--Phi-3-medium-4k-instruct.json", 40, {{sliding, 2047, 1, 0}}},
  };
  for (const Shape& shape : shapes) {
    const Model model = load(shape.file);
    EXPECT_EQ(model.layers.size(), shape.layers) << shape.file;
    EXPECT_TRUE(model.spans == shape.spans) << shape.file;
  }
}

TEST(ConfigCorpus, LayersOfMixedModelsAreWhatTheFilesList) {
  const auto count = [](const Model& model, Mixer::Kind kind) {
    return std::count_if(model.layers.begin(), model.layers.end(),
                         [&](const Layer& l) { return l.mixer.kind == kind; });
  };
  const Model nemotron = load("hf/nvidia--NVIDIA-Nemotron-3-Nano-30B-A3B-BF16.json");
  EXPECT_EQ(count(nemotron, Mixer::Kind::mamba), 23);
  EXPECT_EQ(count(nemotron, Mixer::Kind::attention), 6);
  EXPECT_EQ(count(nemotron, Mixer::Kind::none), 23);
  const Model kimi = load("hf/moonshotai--Kimi-K3.json");
  EXPECT_EQ(count(kimi, Mixer::Kind::linear), 69);
  EXPECT_EQ(count(kimi, Mixer::Kind::latent), 24);
  const Model pruned = load("hf/nvidia--Llama-3_3-Nemotron-Super-49B-v1.json");
  EXPECT_EQ(count(pruned, Mixer::Kind::attention), 49);
  EXPECT_EQ(count(pruned, Mixer::Kind::none), 31);
  EXPECT_EQ(pruned.layers.front().feed_forward.width, 14336);  // 2.625 x 8192 x 2 / 3, a multiple of 256
  // GLM 5.2: 21 layers pick tokens, the others use their picks.
  const Model glm = load("hf/zai-org--GLM-5.2.json");
  EXPECT_EQ(std::count_if(glm.layers.begin(), glm.layers.end(), [](const Layer& l) { return l.mixer.index_heads > 0; }),
            21);
}

TEST(ConfigCorpus, DefaultsOfAClassAreRemarked) {
  // Gemma 3 4B's file leaves heads, their width and the vocabulary to the class.
  const Result<Model> model = parse(
      R"({"architectures": ["Gemma3ForConditionalGeneration"], "torch_dtype": "bfloat16", "vision_config": {},
          "text_config": {"hidden_size": 2560, "intermediate_size": 10240, "model_type": "gemma3_text",
                          "num_hidden_layers": 34, "sliding_window": 1024}})");
  ASSERT_TRUE(model) << one_line(model.error());
  EXPECT_NEAR(parameter_count(*model).total, 3.88e9, 0.01e9);  // "4B" with a vision tower of 0.42B: 4.30B
  EXPECT_THAT(model->remarks,
              testing::UnorderedElementsAre("vocab_size is absent: 262208, the default of Gemma3TextConfig",
                                            "tie_word_embeddings is absent: true, the default of Gemma3TextConfig",
                                            "num_attention_heads is absent: 8, the default of Gemma3TextConfig",
                                            "num_key_value_heads is absent: 4, the default of Gemma3TextConfig",
                                            "head_dim is absent: 256, the default of Gemma3TextConfig",
                                            "attention_bias is absent: false, the default of Gemma3TextConfig",
                                            "sliding_window_pattern is absent: 6, the default of Gemma3TextConfig",
                                            "vision_config: that part of the model is left out"));
}

TEST(ConfigCorpus, NoRemarkIsMadeTwice) {
  for (const std::string& file : files_of("hf")) {
    const std::vector<std::string> remarks = load("hf/" + file).remarks;
    EXPECT_EQ(std::set<std::string>(remarks.begin(), remarks.end()).size(), remarks.size()) << file;
  }
}

TEST(ConfigCorpus, NamesComeFromThePathOrTheFile) {
  EXPECT_EQ(load("hf/Qwen--Qwen3-8B.json").name, "Qwen--Qwen3-8B");
  const Result<Model> named = parse(
      R"({"_name_or_path": "somebody/some-model", "architectures": ["GPT2LMHeadModel"], "n_embd": 64, "n_layer": 2,
          "n_head": 2, "n_positions": 128, "vocab_size": 100})");
  ASSERT_TRUE(named) << one_line(named.error());
  EXPECT_EQ(named->name, "somebody/some-model");
}

}  // namespace
}  // namespace plumb::model::test
