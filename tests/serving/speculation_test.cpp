// Are proposed tokens accepted as often as the rate says, and the same ones every time?

#include "serving/speculation.h"

#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/deployments.h"

namespace plumb::serving {
namespace {

// k = 3, a = 0.8: (1 - 0.8^4) / (1 - 0.8) = 2.952.
TEST(Speculation, GivesAGeometricNumberOfTokensCutOff) {
  EXPECT_NEAR(expected_tokens(3, 0.8), 2.952, 1e-12);
  EXPECT_EQ(expected_tokens(3, 1.0), 4.0);
  EXPECT_EQ(expected_tokens(3, 0.0), 1.0);
  EXPECT_EQ(expected_tokens(0, 0.8), 1.0);
}

TEST(Speculation, MeanOfSamplesIsTheExpectation) {
  constexpr int draws = 200'000;
  for (const double rate : {0.3, 0.8}) {
    double sum = 0.0;
    for (int i = 0; i < draws; ++i) {
      sum += 1 + accepted_tokens(1, static_cast<std::uint64_t>(i % 500), static_cast<std::uint64_t>(i / 500), 4, rate);
    }
    // Five deviations of a mean whose draws are at most 2 apart from it.
    EXPECT_NEAR(sum / draws, expected_tokens(4, rate), 5.0 * 2.0 / std::sqrt(draws));
  }
}

RC_GTEST_PROP(Speculation, AcceptsTheSameWhateverWasAskedBefore, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>(), request = *rc::gen::arbitrary<std::uint64_t>();
  const auto step = *rc::gen::arbitrary<std::uint64_t>();
  const int proposed = *rc::gen::inRange(0, 10);
  const double rate = *rc::gen::inRange(0, 101) / 100.0;
  const int accepted = accepted_tokens(seed, request, step, proposed, rate);
  RC_ASSERT(accepted >= 0);
  RC_ASSERT(accepted <= proposed);
  accepted_tokens(seed, request + 1, step, proposed, rate);
  RC_ASSERT(accepted_tokens(seed, request, step, proposed, rate) == accepted);
  // A better drafter accepts no fewer of the same step, and more proposed ones change nothing that was accepted.
  RC_ASSERT(accepted_tokens(seed, request, step, proposed, std::min(1.0, rate + 0.1)) >= accepted);
  RC_ASSERT(std::min(proposed, accepted_tokens(seed, request, step, proposed + 3, rate)) == accepted);
}

TEST(Speculation, OfEveryStepOfARequestIsItsOwn) {
  int differ = 0;
  for (std::uint64_t step = 0; step < 100; ++step) {
    differ += accepted_tokens(7, 1, step, 5, 0.7) != accepted_tokens(7, 2, step, 5, 0.7) ? 1 : 0;
  }
  EXPECT_GT(differ, 30);
}

SpeculationSettings read(const std::string& toml, std::string* error = nullptr) {
  const auto document = Document::parse_toml(toml, "test.toml");
  if (!document) std::abort();
  Reader reader(*document);
  SpeculationSettings settings = read_speculation(reader);
  const Status status = reader.finish();
  if (error != nullptr) *error = status ? "" : one_line(status.error());
  return settings;
}

TEST(Speculation, IsReadFromATable) {
  const SpeculationSettings settings =
      read("method = \"draft\"\nnum_speculative_tokens = 4\nacceptance_rate = 0.7\ndraft_model = \"small\"\n");
  EXPECT_EQ(settings.method, model::Speculation::Method::draft);
  EXPECT_EQ(settings.num_speculative_tokens, 4);
  EXPECT_EQ(settings.acceptance_rate, 0.7);
  EXPECT_EQ(settings.draft_model, "small");
}

TEST(Speculation, TableWithAFaultIsRefused) {
  std::string error;
  read("num_speculative_tokens = 4\nacceptance_rate = 0.7\n", &error);
  EXPECT_NE(error.find("method"), std::string::npos) << error;
  read("method = \"mtp\"\nnum_speculative_tokens = 4\nacceptance_rate = 1.5\n", &error);
  EXPECT_NE(error.find("test.toml:3"), std::string::npos) << error;
  read("method = \"ngram\"\nnum_speculative_tokens = 4\nacceptance_rate = 0.5\ndraft_model = \"x\"\n", &error);
  EXPECT_NE(error.find("\"draft_model\" goes with another method"), std::string::npos) << error;
}

}  // namespace
}  // namespace plumb::serving
