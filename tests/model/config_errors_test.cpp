// Is a config.json that cannot be right refused with one line that says where and why?

#include <gmock/gmock.h>

#include "config_files.h"

namespace plumb::model::test {
namespace {

using testing::HasSubstr;

/// A small Llama whose field `replaced` has that value instead of its own, or is absent where the value is empty.
std::string llama_with(const std::string& replaced, const std::string& value) {
  const std::vector<std::pair<std::string, std::string>> fields = {{"architectures", "[\"LlamaForCausalLM\"]"},
                                                                   {"hidden_size", "512"},
                                                                   {"num_hidden_layers", "2"},
                                                                   {"num_attention_heads", "8"},
                                                                   {"num_key_value_heads", "2"},
                                                                   {"intermediate_size", "1024"},
                                                                   {"vocab_size", "1000"},
                                                                   {"torch_dtype", "\"bfloat16\""}};
  std::string text = "{";
  bool found = false;
  for (const auto& [key, usual] : fields) {
    found = found || key == replaced;
    if (key == replaced && value.empty()) continue;
    text += "\n  \"" + key + "\": " + (key == replaced ? value : usual) + ",";
  }
  if (!found) text += "\n  \"" + replaced + "\": " + value + ",";
  text.back() = '\n';
  return text + "}\n";
}

TEST(ConfigErrors, TheSmallLlamaItselfIsUnderstood) { EXPECT_EQ(refusal(llama_with("vocab_size", "2000")), ""); }

TEST(ConfigErrors, AnUnknownArchitectureListsWhatIsUnderstood) {
  EXPECT_EQ(
      refusal(R"({
  "architectures": ["FancyForCausalLM"],
  "model_type": "fancy",
  "hidden_size": 512,
  "num_hidden_layers": 2,
  "rms_norm_eps": 1e-05,
  "warp_factor": 9,
  "num_experts": 4,
  "twist": true
})"),
      "config.json:2:20: the architecture \"FancyForCausalLM\" is not known; of its fields, understood: hidden_size, "
      "num_hidden_layers, num_experts; not understood: warp_factor, twist; expected an architecture of docs/model.md, "
      "\"Families understood\"");
}

TEST(ConfigErrors, AMisspeltArchitectureIsGuessed) {
  EXPECT_EQ(
      refusal(llama_with("architectures", "[\"LamaForCausalLM\"]")),
      "config.json:2:20: the architecture \"LamaForCausalLM\" is not known; of its fields, understood: hidden_size, "
      "num_hidden_layers, num_attention_heads, num_key_value_heads, intermediate_size, vocab_size, torch_dtype; "
      "not understood: none; expected perhaps \"LlamaForCausalLM\"");
}

TEST(ConfigErrors, NoArchitecture) {
  EXPECT_EQ(refusal("{\"hidden_size\": 512}"),
            "config.json:1:1: \"architectures\" is missing; expected a list with one name");
  EXPECT_EQ(refusal(llama_with("architectures", "[]")),
            "config.json:2:20: \"architectures\" is missing; expected a list with one name");
}

TEST(ConfigErrors, AMissingFieldIsNamed) {
  EXPECT_THAT(refusal(llama_with("hidden_size", "")), HasSubstr("config.json:1:1: \"hidden_size\" is missing"));
  EXPECT_THAT(refusal(llama_with("intermediate_size", "")), HasSubstr("\"intermediate_size\" is missing"));
  EXPECT_THAT(refusal(llama_with("vocab_size", "null")), HasSubstr("\"vocab_size\" is null; expected a value"));
}

TEST(ConfigErrors, SizesThatCannotBe) {
  EXPECT_EQ(refusal(llama_with("num_attention_heads", "0")),
            "config.json:5:26: \"num_attention_heads\" is 0; expected at least 1 and at most 4096");
  EXPECT_EQ(refusal(llama_with("num_hidden_layers", "-3")),
            "config.json:4:24: \"num_hidden_layers\" is -3; expected at least 1 and at most 1024");
  EXPECT_EQ(refusal(llama_with("num_hidden_layers", "1e18")),
            "config.json:4:24: \"num_hidden_layers\" is 1e+18; expected an integer");
  EXPECT_EQ(refusal(llama_with("hidden_size", "100000000")),
            "config.json:3:18: \"hidden_size\" is 100000000; expected at least 1 and at most 131072");
  EXPECT_THAT(refusal(llama_with("hidden_size", "\"512\"")),
              HasSubstr("config.json:3:18: \"hidden_size\" is a string"));
  EXPECT_THAT(refusal(llama_with("hidden_size", "NaN")), HasSubstr("config.json:3:18: \"hidden_size\""));
}

TEST(ConfigErrors, SizesThatDoNotDivide) {
  EXPECT_EQ(refusal(llama_with("num_attention_heads", "7")),
            "config.json:6:26: \"num_key_value_heads\" is 2; expected a divisor of 7, the heads");
  EXPECT_EQ(
      refusal(llama_with("num_attention_heads", "10")),
      "config.json:5:26: \"num_attention_heads\" is 10, and head_dim is absent; expected a divisor of 512, the hidden "
      "size");
}

TEST(ConfigErrors, MoreExpertsPerTokenThanExperts) {
  EXPECT_EQ(refusal(R"({"architectures": ["MixtralForCausalLM"], "hidden_size": 512, "num_hidden_layers": 2,
 "num_attention_heads": 8, "num_local_experts": 4,
 "num_experts_per_tok": 5, "intermediate_size": 1024, "vocab_size": 1000})"),
            "config.json:3:25: \"num_experts_per_tok\" is 5; expected at most 4, the experts");
}

TEST(ConfigErrors, ListsOfLayersOfAnotherLength) {
  const std::string gpt_oss = R"({"architectures": ["GptOssForCausalLM"], "hidden_size": 512, "num_hidden_layers": 3,
 "num_attention_heads": 8, "head_dim": 64, "num_local_experts": 4, "num_experts_per_tok": 2,
 "intermediate_size": 512, "vocab_size": 1000, "sliding_window": 128,
 "layer_types": )";
  EXPECT_EQ(refusal(gpt_oss + "[\"full_attention\"]}"),
            "config.json:4:17: \"layer_types\" has 1 entries; expected one for each of 3 layers");
  EXPECT_EQ(refusal(gpt_oss + R"(["full_attention", "half_attention", "full_attention"]})"),
            "config.json:4:17: \"layer_types\" has \"half_attention\"; expected sliding_attention or full_attention");
}

TEST(ConfigErrors, QuantisationThatIsNotKnown) {
  EXPECT_THAT(refusal(llama_with("quantization_config", R"({"quant_method": "magic"})")),
              HasSubstr("\"quant_method\" is \"magic\"; expected fp8, mxfp4, compressed-tensors, awq, gptq"));
  EXPECT_THAT(refusal(llama_with("quantization_config", R"({"bits": 4})")), HasSubstr("\"quant_method\" is missing"));
  EXPECT_THAT(refusal(llama_with("quantization_config", R"({"quant_method": "modelopt", "quant_algo": "FP3"})")),
              HasSubstr("\"quant_algo\" is \"FP3\""));
  EXPECT_THAT(refusal(llama_with("quantization_config", R"({"quant_method": "awq", "bits": 64})")),
              HasSubstr("\"bits\" is 64; expected at least 2 and at most 8"));
  EXPECT_THAT(refusal(llama_with("torch_dtype", "\"float7\"")),
              HasSubstr("\"torch_dtype\" is \"float7\"; expected bfloat16, float16 or float32"));
}

TEST(ConfigErrors, PatternsThatNameNoLayer) {
  const std::string nemotron = R"({"architectures": ["NemotronHForCausalLM"], "hidden_size": 512, "vocab_size": 1000)";
  EXPECT_THAT(refusal(nemotron + R"(, "hybrid_override_pattern": "M?M"})"), HasSubstr("is \"M?M\""));
  EXPECT_THAT(refusal(nemotron + "}"), HasSubstr("neither \"hybrid_override_pattern\" nor \"layers_block_type\""));
  EXPECT_THAT(refusal(nemotron + R"(, "hybrid_override_pattern": "MM", "num_hidden_layers": 3})"),
              HasSubstr("\"num_hidden_layers\" is 3; expected 2, the layers that the pattern names"));
}

TEST(ConfigErrors, FilesThatAreNotThere) {
  const std::string folder = models_folder() + "hf";
  const Result<Model> no_config = read_model(folder);
  ASSERT_FALSE(no_config);
  EXPECT_EQ(one_line(no_config.error()),
            folder + ": the folder has no config.json; expected a Hugging Face config.json");
  const Result<Model> nothing = read_model(models_folder() + "none.json");
  ASSERT_FALSE(nothing);
  EXPECT_THAT(one_line(nothing.error()), HasSubstr("none.json"));
}

TEST(ConfigErrors, ATruncatedFileAndATextThatIsNoTable) {
  EXPECT_THAT(refusal("{\"architectures\": ["), HasSubstr("config.json:1:"));
  EXPECT_THAT(refusal("[1, 2]"), HasSubstr("config.json:1:1:"));
  EXPECT_THAT(refusal(""), HasSubstr("config.json"));
}

}  // namespace
}  // namespace plumb::model::test
