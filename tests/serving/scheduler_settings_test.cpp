// Are the settings that only some schedulers have read, and what is absent left to the scheduler?

#include "serving/deployment_file.h"

#include <gtest/gtest.h>

#include "serving/scheduler.h"

namespace plumb::serving {
namespace {

EngineSettings read(std::string_view text) {
  const auto document = Document::parse_toml(text, "engine.toml");
  EXPECT_TRUE(document);
  Reader reader(*document);
  EngineSettings settings = read_engine_settings(reader);
  EXPECT_TRUE(reader.finish());
  return settings;
}

TEST(SchedulerSettings, SettingsOfSchedulersAreRead) {
  const EngineSettings settings = read(R"(
scheduler = "sglang"
watermark = 0.02
scheduler_reserve_full_isl = false
max_prefill_tokens = 4096
schedule_conservativeness = 0.5
)");
  EXPECT_EQ(settings.scheduler, "sglang");
  EXPECT_EQ(settings.watermark, 0.02);
  EXPECT_FALSE(settings.scheduler_reserve_full_isl);
  EXPECT_EQ(settings.max_prefill_tokens, 4096);
  EXPECT_EQ(settings.schedule_conservativeness, 0.5);
}

TEST(SchedulerSettings, AnAbsentWatermarkIsTheSchedulers) {
  EXPECT_EQ(read("").watermark, std::nullopt);
  EXPECT_EQ(read("").scheduler, "vllm-v1");
}

TEST(SchedulerSettings, EverySchedulerCanBeNamed) {
  for (const std::string_view name : scheduler_names()) {
    EXPECT_EQ(read("scheduler = \"" + std::string(name) + "\"").scheduler, name);
  }
}

TEST(SchedulerSettings, AWatermarkAboveOneIsRefused) {
  const auto document = Document::parse_toml("\nwatermark = 1.5\n", "engine.toml");
  ASSERT_TRUE(document);
  Reader reader(*document);
  static_cast<void>(read_engine_settings(reader));
  const Status status = reader.finish();
  ASSERT_FALSE(status);
  EXPECT_EQ(one_line(status.error()).rfind("engine.toml:2:", 0), 0u) << one_line(status.error());
}

/// Why the engine of the scheduler would not start with so many sequences and tokens of a step; "" if it would.
std::string refusal(std::string_view scheduler, std::int64_t sequences, std::int64_t tokens, bool chunked = true,
                    std::int64_t longest = 0) {
  EngineSettings settings;
  settings.scheduler = scheduler;
  settings.max_num_seqs = sequences;
  settings.max_num_batched_tokens = tokens;
  settings.enable_chunked_prefill = chunked;
  settings.max_model_len = longest;
  const auto refusal = make_scheduler(scheduler)->refusal(settings);
  return refusal ? refusal->message : "";
}

// Tight: as many is enough, one less is not. Only vLLM asks for it.
TEST(SchedulerSettings, AStepOfVllmHoldsATokenOfEverySequence) {
  for (const std::string_view name : scheduler_names()) {
    const bool vllm = name == "vllm-v1" || name == "vllm-v0";
    EXPECT_EQ(refusal(name, 256, 256), "") << name;
    EXPECT_EQ(refusal(name, 256, 255),
              vllm ? "max_num_batched_tokens is 255, less than the 256 of max_num_seqs: vLLM does not start" : "")
        << name;
  }
}

TEST(SchedulerSettings, AStepOfVllmHoldsAnUncutPromptOfTheLengthThatIsStated) {
  EXPECT_EQ(refusal("vllm-v1", 8, 2048, false, 2048), "");
  EXPECT_NE(refusal("vllm-v1", 8, 2048, false, 2049), "");
  EXPECT_EQ(refusal("vllm-v1", 8, 2048, true, 2049), "");
  EXPECT_NE(refusal("vllm-v0", 8, 2048, true, 2049), "") << "its prompts are never cut";
  EXPECT_EQ(refusal("vllm-v0", 8, 2048, true, 0), "") << "none is stated";
  EXPECT_EQ(refusal("sarathi", 8, 2048, false, 2049), "");
}

}  // namespace
}  // namespace plumb::serving
