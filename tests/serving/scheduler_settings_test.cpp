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

}  // namespace
}  // namespace plumb::serving
