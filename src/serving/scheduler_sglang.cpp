// docs/schedulers/sglang.md says what it follows.

#include "serving/scheduler_sglang.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "serving/sglang_ratio.h"

namespace plumb::serving {
namespace {

/// Output tokens of one request that estimates count at most (SGLANG_CLIP_MAX_NEW_TOKENS_ESTIMATION).
constexpr std::int64_t new_tokens_max = 4096;
/// Decode steps that a retraction makes room for.
constexpr std::int64_t retract_decode_steps = 20;

/// What one round of admissions may still use. SGLang counts tokens; with one kind of cache and blocks of one token
/// these bytes are those of its tokens.
struct PrefillBudget {
  std::int64_t page = 1;       ///< tokens; a prompt is cut at a multiple of it
  std::int64_t input = 0;      ///< tokens, of max_prefill_tokens
  std::int64_t chunk = 0;      ///< tokens, of max_num_batched_tokens
  double bytes_to_ends = 0.0;  ///< beyond what those that run, or were admitted, are expected to take
  std::int64_t bytes = 0;      ///< beyond the prompts admitted
  std::int64_t requests = 0;   ///< in the batch so far

  void account(std::int64_t tokens, std::int64_t bytes_now, std::int64_t bytes_later) {
    input -= tokens;
    chunk -= tokens;
    bytes_to_ends -= static_cast<double>(bytes_now + bytes_later);
    bytes -= bytes_now;
    ++requests;
  }
};

class SglangScheduler final : public Scheduler {
 public:
  explicit SglangScheduler(bool longest_prefix_first) : longest_prefix_first_(longest_prefix_first) {}

  bool reuses_prefixes() const override { return true; }
  bool first_come_first_served(const EngineSettings& settings) const override {
    return !longest_prefix_first_ && Scheduler::first_come_first_served(settings);
  }

  void schedule(EngineState& state) override {
    settle(state);
    // A turn without a batch takes no time. SGLang takes itself for idle then.
    for (int turn = 0; turn < 2 && !prefill(state) && !decode(state); ++turn) reset_ratio(state);
    running_then_ = state.running();
    decoding_then_ = state.decoding();
  }

  void done(const EngineState& state, std::int64_t steps) override {
    ratio_.decay(steps - 1);
    nobody_waited_ = state.waiting().empty();
  }

  /// A decode step after which a waiting request may be admitted is made alone.
  std::int64_t bytes_kept_free(const EngineState& state) const override {
    return full_ || state.waiting().empty() ? 0 : state.pool().capacity() + 1;
  }

 private:
  void reset_ratio(const EngineState& state) { ratio_.reset(state.settings().schedule_conservativeness); }

  /// Takes note of who has ended. SGLang keeps those that end in a decode step listed as running until it next forms a
  /// decode batch; it tries to admit before that.
  void settle(const EngineState& state) {
    const std::int64_t ended = running_then_ - state.running();
    if (state.running() == 0 && nobody_waited_) {
      reset_ratio(state);
      still_listed_ = 0;
      full_ = false;
    } else if (state.deployment().cost.stages() > 1) {
      full_ = full_ && ended == 0;
    } else if (decoded_) {
      still_listed_ += ended;
    } else {
      // Who ends with its first token, or goes on in chunks, makes the prefill batch smaller. A batch that joins
      // nobody becomes the list.
      const bool list_empty = decoding_then_ + still_listed_ == 0;
      if (ended > 0 || !state.prefilling().empty() || list_empty) full_ = false;
    }
  }

  bool prefill(EngineState& state) {
    decoded_ = false;
    const std::vector<Sequence*>& begun = state.prefilling();
    if ((full_ || state.waiting().empty()) && begun.empty()) return false;
    const std::int64_t listed = state.running() - static_cast<std::int64_t>(begun.size()) + still_listed_;
    const std::int64_t places = state.settings().max_num_seqs - listed;
    full_ = full_ || (places <= 0 && begun.empty());
    if (full_ && begun.empty()) return false;
    PrefillBudget budget = budget_of(state);
    for (std::size_t i = 0; i < begun.size(); ++i) go_on(state, *begun[i], budget);
    while (!state.waiting().empty()) {
      full_ = full_ || budget.requests >= places;
      if (budget.requests >= places || !admit(state, budget)) break;
    }
    return budget.requests > 0;
  }

  PrefillBudget budget_of(const EngineState& state) const {
    const EngineSettings& settings = state.settings();
    const CachePlan& cache = state.deployment().cache;
    PrefillBudget budget;
    // A budget of less than a block would never begin a prompt.
    budget.page = std::min(settings.block_size, settings.max_num_batched_tokens);
    budget.input = settings.max_prefill_tokens;
    budget.chunk = settings.enable_chunked_prefill ? settings.max_num_batched_tokens
                                                   : std::numeric_limits<std::int64_t>::max() / 2;
    budget.bytes = state.pool().available();
    std::int64_t bytes = 0;
    for (const Sequence* s = state.first_admitted(); s != nullptr; s = s->after) {
      if (!state.decodes(*s)) continue;
      const std::int64_t computed = state.known(*s) - 1;
      const std::int64_t more = std::min(s->output_tokens - state.generated(*s), new_tokens_max);
      bytes += cache.bytes_of(computed + more) - cache.bytes_of(computed);
    }
    budget.bytes_to_ends = static_cast<double>(budget.bytes) - ratio_.value() * static_cast<double>(bytes);
    return budget;
  }

  static std::int64_t expected_tokens(const Sequence& sequence) {
    return sequence.known() + std::min(sequence.output_tokens, new_tokens_max);
  }

  static void go_on(EngineState& state, Sequence& sequence, PrefillBudget& budget) {
    const std::int64_t tokens = std::min(sequence.lacking(), budget.chunk);
    const std::int64_t bytes = state.bytes_to_hold(sequence, sequence.computed + tokens);
    // With pipeline stages others may have taken what it was admitted for, and several prompts may go on.
    while (bytes > state.pool().available() && state.prefilling().back() != &sequence) {
      state.preempt(*state.prefilling().back(), EngineState::Requeue::back);
    }
    if (tokens <= 0 || bytes > state.pool().available()) return;
    const bool ends = tokens == sequence.lacking();
    const std::int64_t bytes_at_end = state.bytes_to_hold(sequence, expected_tokens(sequence));
    state.prefill(sequence, tokens);
    budget.account(tokens, bytes, ends ? bytes_at_end - bytes : 0);
  }

  /// The next to be admitted: the first, or the first of those of which the cache has most.
  std::size_t next_waiting(const EngineState& state) const {
    // SGLang does not look at all of a long queue.
    constexpr std::size_t looked_at_max = 128;
    std::size_t next = 0;
    if (!longest_prefix_first_ || state.waiting().size() > looked_at_max) return next;
    std::int64_t most = -1;
    for (std::size_t i = 0; i < state.waiting().size(); ++i) {
      const std::int64_t tokens = state.cached(*state.waiting()[i]).tokens;
      if (tokens <= most) continue;
      most = tokens;
      next = i;
    }
    return next;
  }

  /// Admits the next that waits; false if it does not fit or is the last of the round.
  bool admit(EngineState& state, PrefillBudget& budget) {
    const std::size_t next = next_waiting(state);
    const Sequence& sequence = *state.waiting()[next];
    const PrefixCache::Match cached = state.cached(sequence);
    const std::int64_t lacking = sequence.known() - cached.tokens;
    const std::int64_t bytes = state.bytes_to_admit(cached, sequence.known());
    const std::int64_t bytes_at_end = state.bytes_to_admit(cached, expected_tokens(sequence));
    // SGLang waits for ever for a request that its estimate shuts out when nothing else runs.
    if (state.running() > 0 && static_cast<double>(bytes_at_end) >= budget.bytes_to_ends) return no_tokens();
    // Only what was loaded for others from cache tiers can be in its way when nothing runs.
    const std::int64_t available = state.pool().available();
    if (bytes > available) return no_tokens();
    if (state.load(next, cached)) {
      budget.bytes -= available - state.pool().available();
      budget.bytes_to_ends -= static_cast<double>(bytes_at_end);
      return budget.bytes_to_ends > 0.0 && budget.bytes > 0 ? true : no_tokens();
    }
    const std::int64_t input = (lacking + budget.page - 1) / budget.page * budget.page;
    if (input >= budget.input && budget.requests > 0) return false;
    if (input <= budget.chunk) {
      state.admit(next, lacking, 0, cached);
      budget.account(input, bytes, bytes_at_end - bytes);
    } else {
      const std::int64_t tokens = std::min(lacking, budget.chunk / budget.page * budget.page);
      if (tokens <= 0) return false;
      const std::int64_t bytes_of_chunk = state.bytes_to_admit(cached, cached.tokens + tokens);
      state.admit(next, tokens, 0, cached);
      budget.account(tokens, bytes_of_chunk, 0);
    }
    if (budget.bytes_to_ends <= 0.0 || budget.bytes <= 0) return no_tokens();
    return budget.input > 0 && budget.chunk > 0;
  }

  bool no_tokens() {
    full_ = true;
    return false;
  }

  bool decode(EngineState& state) {
    if (still_listed_ > 0 || state.decoding() == 0) full_ = false;
    still_listed_ = 0;
    if (state.decoding() == 0) return false;
    if (state.bytes_to_decode() <= state.pool().available()) {
      ratio_.decay(1);
    } else {
      retract(state);
    }
    if (state.bytes_to_decode() > state.pool().available()) return false;
    state.decode_all();
    decoded_ = true;
    return true;
  }

  /// Takes back those that have generated least, of equals those with the longest prompts, of equals the one admitted
  /// last, until there is room for some steps of those that remain; one of them always remains.
  void retract(EngineState& state) {
    std::vector<Sequence*> victims;
    for (Sequence* s = state.first_admitted(); s != nullptr; s = s->after) {
      if (!s->in_flight && state.decodes(*s)) victims.push_back(s);
    }
    std::sort(victims.begin(), victims.end(), [&](const Sequence* a, const Sequence* b) {
      const std::int64_t more = state.generated(*a) - state.generated(*b);
      if (more != 0) return more > 0;
      return a->prompt_tokens != b->prompt_tokens ? a->prompt_tokens < b->prompt_tokens : a->admission < b->admission;
    });
    while (victims.size() > 1) {
      state.preempt(*victims.back(), EngineState::Requeue::back);
      victims.pop_back();
      full_ = false;
      const auto tokens = retract_decode_steps * static_cast<std::int64_t>(victims.size());
      const auto bytes = static_cast<double>(tokens) / static_cast<double>(state.settings().block_size) *
                         static_cast<double>(state.bytes_of_block());
      if (static_cast<double>(state.pool().available()) >= bytes) break;
    }
    estimate_anew(state, victims);
    // With pipeline stages a prompt that others keep from going on may hold what the last one lacks.
    while (state.bytes_to_decode() > state.pool().available() && !state.prefilling().empty()) {
      state.preempt(*state.prefilling().back(), EngineState::Requeue::back);
    }
  }

  void estimate_anew(const EngineState& state, const std::vector<Sequence*>& running) {
    std::int64_t generated = 0, allowed = 0;
    for (const Sequence* sequence : running) {
      generated += state.generated(*sequence) + retract_decode_steps;
      allowed += sequence->output_tokens;
    }
    ratio_.set(std::min(1.0, static_cast<double>(generated) / static_cast<double>(allowed)));
  }

  bool longest_prefix_first_;
  SglangRatio ratio_;
  bool full_ = false;  ///< SGLang's batch_is_full: nobody is admitted
  // Of the last step.
  bool decoded_ = false, nobody_waited_ = true;
  std::int64_t running_then_ = 0, decoding_then_ = 0;
  std::int64_t still_listed_ = 0;  ///< requests that have ended, in SGLang's list of running ones
};

}  // namespace

std::unique_ptr<Scheduler> make_sglang_scheduler() { return std::make_unique<SglangScheduler>(false); }
std::unique_ptr<Scheduler> make_sglang_lpm_scheduler() { return std::make_unique<SglangScheduler>(true); }

}  // namespace plumb::serving
