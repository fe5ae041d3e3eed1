// docs/schedulers/trtllm-max-utilization.md says what it follows.

#include "serving/scheduler_trtllm_max_utilization.h"

#include <algorithm>
#include <utility>

#include "serving/trtllm_list.h"
#include "serving/trtllm_reuse.h"
#include "serving/trtllm_tokens.h"

namespace plumb::serving {
namespace {

class TrtllmMaxUtilizationScheduler final : public Scheduler {
 public:
  void schedule(EngineState& state) override {
    prompts_.clear();
    bytes_before_last_ = 0;
    loads_began_ = false;
    if (nobody_is_paused(state)) {
      pass_in_order(state);
    } else {
      walk(state);
      // One that runs alone may hold more than its own prompt. TensorRT-LLM's step is then empty and takes no time.
      if (state.running() == 0 && prompts_.empty()) pass_in_order(state);
    }
    TrtllmTokens tokens(state);
    if (state.decoding() > 0) state.decode_all();
    compute_prompts(state, tokens);
    closed_ = closed_ || tokens.over();
  }

  bool reuses_prefixes() const override { return true; }
  bool first_come_first_served(const EngineSettings&) const override { return closed_; }
  std::int64_t bytes_kept_free(const EngineState& state) const override {
    // What a load left of the tokens is given out in the next step.
    return loads_began_ ? state.pool().capacity() + 1 : bytes_before_last_;
  }

 private:
  /// Whether all that run came before all that wait, and every decode finds room for its next token. Then the walk
  /// meets the running ones first and they all pass; who does not fit behind them finds nobody to pause.
  bool nobody_is_paused(const EngineState& state) const {
    if (state.bytes_to_decode() > state.pool().available()) return false;
    if (state.waiting().empty()) return true;
    const Sequence& first = *state.waiting().front();
    return state.deployment().cost.stages() == 1 && latest_ < std::pair(first.arrival, first.request);
  }

  /// Those that wait pass until one does not fit. The walk may end as soon as no tokens are left for those behind.
  void pass_in_order(EngineState& state) {
    const std::int64_t decodes = state.decoding();
    for (Sequence* sequence : state.prefilling())
      prompts_.push_back({sequence, false, 0, decodes, sequence->lacking()});
    std::sort(prompts_.begin(), prompts_.end(),
              [](const TrtllmPrompt& a, const TrtllmPrompt& b) { return arrived_before(*a.sequence, *b.sequence); });
    TrtllmTokens tokens(state);
    for (const TrtllmPrompt& prompt : prompts_) tokens.give(prompt.tokens);
    std::int64_t bytes = state.bytes_to_decode();
    const std::int64_t places = trtllm_list_size(state) - state.running();
    std::size_t index = 0;
    for (; index < state.waiting().size() && !tokens.over(); ++index) {
      Sequence& sequence = *state.waiting()[index];
      const TrtllmReuse reuse(state, sequence);
      const std::int64_t wanted = reuse.bytes(sequence.known());
      if (static_cast<std::int64_t>(index) >= places || bytes + wanted > state.pool().available()) break;
      bytes += wanted;
      prompts_.push_back({&sequence, true, index, decodes, reuse.lacking()});
      tokens.give(prompts_.back().tokens);
    }
    closed_ = index < state.waiting().size();
  }

  void walk(EngineState& state) {
    const TrtllmWalk walk(state);
    prompts_ = walk.prompts();
    bytes_before_last_ = walk.bytes_before_last();
    closed_ = walk.full();
    latest_ = {};
    if (const Sequence* last = walk.last_running()) runs(*last);
  }

  void compute_prompts(EngineState& state, TrtllmTokens& tokens) {
    std::size_t admitted = 0;
    for (const TrtllmPrompt& prompt : prompts_) {
      const std::int64_t chunk = tokens.give(prompt.tokens, state.decoding() - prompt.decodes_before);
      if (chunk == 0) continue;
      if (prompt.waits) {
        admitted += admit(state, prompt.waiting_index - admitted, chunk, tokens) ? 1 : 0;
      } else {
        state.prefill(*prompt.sequence, chunk);
      }
    }
  }

  /// Whether it leaves the queue.
  bool admit(EngineState& state, std::size_t index, std::int64_t chunk, const TrtllmTokens& tokens) {
    Sequence& sequence = *state.waiting()[index];
    const std::int64_t known = sequence.known();
    const TrtllmReuse reuse(state, sequence);
    // Blocks that it was to share with one that was paused after it passed have to be its own now.
    if (reuse.bytes(known) > state.pool().available()) return false;
    if (state.load(index, reuse.found())) return loads_began_ = true;
    state.admit(index, tokens.of(chunk, reuse.lacking()), known, reuse.found());
    runs(sequence);
    return true;
  }

  void runs(const Sequence& sequence) { latest_ = std::max(latest_, std::pair(sequence.arrival, sequence.request)); }

  std::vector<TrtllmPrompt> prompts_;
  /// No request that runs came later; the one that came then may run no more. The first walk finds out.
  std::pair<Time, std::int64_t> latest_{Time::never(), 0};
  std::int64_t bytes_before_last_ = 0;
  bool loads_began_ = false;
  bool closed_ = false;  ///< nobody behind those who wait can be admitted before they are
};

}  // namespace

std::unique_ptr<Scheduler> make_trtllm_max_utilization_scheduler() {
  return std::make_unique<TrtllmMaxUtilizationScheduler>();
}

}  // namespace plumb::serving
