// Is a batch of the static scheduler computed as a padded one is: every row as long as the longest, to its end? Held
// against a loop that says so literally, time for time.

#include <algorithm>
#include <deque>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "serving/random_cases.h"
#include "support/deployments.h"

namespace plumb::serving {
namespace {

struct Row {
  RequestRecord* record = nullptr;
  Time cancel;
  bool live = true;
};

/// One replica. Rows are sequences of one batch; what has ended, or whose client is gone, stays a row.
class LiteralLoop {
 public:
  explicit LiteralLoop(const CompiledDeployment& deployment)
      : deployment_(deployment), model_(*deployment.deployment.model), timer_(make_timer(deployment)) {}

  std::vector<RequestRecord> run(const std::vector<workload::Request>& requests) {
    std::vector<RequestRecord> records(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      records[i].arrival_s = requests[i].arrival_s;
      records[i].prompt_tokens = requests[i].prompt_tokens;
      records[i].output_tokens = requests[i].output_tokens;
      const Time cancel = Time::of_seconds(requests[i].arrival_s + requests[i].cancel_s);
      records[i].rejected = requests[i].prompt_tokens + requests[i].output_tokens > deployment_.max_model_len;
      if (!records[i].rejected) queue_.push_back({&records[i], cancel});
    }
    while (!queue_.empty()) run_batch();
    return records;
  }

  std::int64_t steps = 0, padding_tokens = 0;

 private:
  void run_batch() {
    now_ = std::max(now_, Time::of_seconds(queue_.front().record->arrival_s));
    std::erase_if(queue_, [&](Row& row) { return gone(row); });
    take_rows();
    if (rows_.empty()) return;
    for (std::int64_t token = 0; live() > 0; ++token) step(token);
    rows_.clear();
  }

  bool gone(Row& row) const {
    if (Time::of_seconds(row.record->arrival_s) > now_ || row.cancel > now_) return false;
    row.record->cancelled = true;
    return true;
  }

  std::int64_t live() const {
    return std::count_if(rows_.begin(), rows_.end(), [](const Row& row) { return row.live; });
  }

  void take_rows() {
    prompt_ = 0;
    std::int64_t output = 0;
    while (!queue_.empty() && Time::of_seconds(queue_.front().record->arrival_s) <= now_) {
      const RequestRecord& next = *queue_.front().record;
      const std::int64_t prompt = std::max(prompt_, next.prompt_tokens), longest = std::max(output, next.output_tokens);
      const auto rows = static_cast<std::int64_t>(rows_.size()) + 1;
      if (rows > deployment_.deployment.engine.max_num_seqs || prompt + longest > deployment_.max_model_len) return;
      std::int64_t bytes = 0;
      for (std::int64_t row = 0; row < rows; ++row) bytes += deployment_.cache.bytes_of(prompt + longest);
      if (bytes > deployment_.cache.pool_bytes) return;
      rows_.push_back(queue_.front());
      queue_.pop_front();
      prompt_ = prompt;
      output = longest;
    }
  }

  /// Every row gets its token of that number, live or not.
  void step(std::int64_t token) {
    model::Step step;
    std::vector<accelerator::Chunk> chunks;
    for (const Row& row : rows_) {
      if (token == 0) {
        model::add_prefill(model_, step, prompt_, 0, true);
        chunks.push_back({prompt_, 0});
        row.record->scheduled_s = now_.seconds();
        padding_tokens += prompt_ - row.record->prompt_tokens;
      } else {
        model::add_decode(model_, step, prompt_ + token);
        padding_tokens += row.live ? 0 : 1;
      }
    }
    now_ += timer_->step_time(step, chunks);
    ++steps;
    for (Row& row : rows_) {
      if (!row.live) continue;
      if (token == 0) row.record->first_token_s = now_.seconds();
      if (token + 1 == row.record->output_tokens) {
        row.record->finish_s = now_.seconds();
        row.live = false;
      } else if (gone(row)) {
        row.live = false;
      }
    }
  }

  const CompiledDeployment& deployment_;
  const model::Model& model_;
  std::unique_ptr<accelerator::StepTimer> timer_;
  std::deque<Row> queue_;
  std::vector<Row> rows_;
  std::int64_t prompt_ = 0;
  Time now_;
};

RC_GTEST_PROP(StaticBatches, ATimeIsThatOfALoopOverPaddedRows, ()) {
  test::Case made = test::any_case("static");
  made.options.replicas = 1;
  const Outcome outcome = test::simulate(made.deployment, made.requests, made.options);
  LiteralLoop loop(made.deployment);
  const std::vector<RequestRecord> literal = loop.run(made.requests);
  RC_ASSERT(outcome.requests.size() == literal.size());
  for (std::size_t i = 0; i < literal.size(); ++i) {
    const RequestRecord& record = outcome.requests[i];
    RC_ASSERT(record.rejected == literal[i].rejected);
    RC_ASSERT(record.cancelled == literal[i].cancelled);
    RC_ASSERT(record.scheduled_s == literal[i].scheduled_s);
    RC_ASSERT(record.first_token_s == literal[i].first_token_s);
    RC_ASSERT(record.finish_s == literal[i].finish_s);
  }
  RC_ASSERT(outcome.counters.steps == loop.steps);
  RC_ASSERT(outcome.counters.padding_tokens == loop.padding_tokens);
  RC_CLASSIFY(loop.padding_tokens > 0, "pads");
}

// Two of a batch: the second's row goes on to the end of the first, and its place in the cache is free only then.
TEST(StaticBatches, ARowStaysUntilTheBatchEnds) {
  EngineSettings engine;
  engine.scheduler = "static";
  const CompiledDeployment deployment = test::llama_with_cache(100000, engine);
  std::vector<std::int64_t> rows, running;
  SimulationOptions options;
  options.stepping = Stepping::plain;
  options.run = [&](const StepRun& run, std::size_t) {
    rows.push_back(run.sums.decode_sequences);
    running.push_back(run.running);
  };
  const Outcome outcome =
      test::simulate(deployment, {test::request(0, 0.0, 100, 4), test::request(1, 0.0, 60, 2)}, options);
  EXPECT_EQ(rows, (std::vector<std::int64_t>{0, 2, 2, 2}));
  EXPECT_EQ(running, (std::vector<std::int64_t>{2, 2, 1, 1}));
  EXPECT_EQ(outcome.counters.padding_tokens, 40 + 2);
  EXPECT_EQ(outcome.counters.prompt_tokens_computed, 160);
  EXPECT_EQ(outcome.counters.tokens_generated, 6);
  EXPECT_EQ(outcome.counters.cache_bytes_peak, 2 * deployment.cache.bytes_of(103));
}

}  // namespace
}  // namespace plumb::serving
