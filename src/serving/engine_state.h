#pragma once
// What a scheduler sees of an engine and what it may do: look at the queue, the running sequences and the cache; admit,
// preempt, and put together the next step. Sequences that are part of a batch under way (pipeline stages) are not
// shown.

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "base/fixed_time.h"
#include "serving/cache_tiers.h"
#include "serving/decode_set.h"
#include "serving/prefix_cache.h"
#include "serving/running_list.h"
#include "serving/sequence.h"

namespace plumb::serving {

/// One sequence's chunk of a step.
struct Prefill {
  Sequence* sequence = nullptr;
  std::int64_t tokens = 0;
  bool admitted = false;  ///< its first since it waited
};

/// What a step computes.
struct StepPlan {
  bool decode = false;  ///< one token for every sequence of the decode set
  std::vector<Prefill> prefills;
  std::vector<Sequence*> resting;  ///< decoding sequences that are left out
  bool empty() const { return !decode && prefills.empty(); }
};

class EngineState {
 public:
  /// `reuses_prefixes`: what the cache has of a prompt is not computed again. `transfers` is told those of cache tiers;
  /// it may be null.
  EngineState(const CompiledDeployment& deployment, std::unique_ptr<DecodeSet> decoders, bool reuses_prefixes = false,
              TransferObserver* transfers = nullptr);

  const EngineSettings& settings() const { return deployment_.deployment.engine; }
  const CompiledDeployment& deployment() const { return deployment_; }

  // What is there.
  std::int64_t running() const { return running_.size(); }  ///< in flight included
  std::int64_t decoding() const { return decoders_->size(); }
  /// Tokens that a step with all of them computes: those that a drafter proposes are verified beside their own.
  std::int64_t decode_tokens() const;
  /// Admitted sequences whose known tokens are not all computed, in order of admission.
  const std::vector<Sequence*>& prefilling() const { return prefilling_; }
  const std::deque<Sequence*>& waiting() const { return waiting_; }
  const PrefixCache& pool() const { return pool_; }
  /// The running sequence that was admitted last; it may be in flight. Null if none runs.
  Sequence* last_admitted() const { return running_.last(); }
  /// The running sequence of the lowest priority, of several the one that arrived last. Looks at all.
  Sequence* least_urgent() const;
  /// What the cache has of a waiting sequence: tokens that need not be computed, never all of them, and the bytes that
  /// holding them takes from what is available.
  PrefixCache::Match cached(const Sequence& sequence) const;
  /// Cache bytes that a waiting sequence takes more to hold `context` tokens, of which it finds `cached`.
  std::int64_t bytes_to_admit(const PrefixCache::Match& cached, std::int64_t context) const;
  /// Cache bytes that the sequence takes more to hold `context` tokens.
  std::int64_t bytes_to_hold(const Sequence& sequence, std::int64_t context) const;
  /// Cache bytes that the next token of a decoding sequence takes.
  std::int64_t bytes_to_decode(const Sequence& sequence) const;
  /// Cache bytes of one block of every kind: the most that the next token of a sequence takes.
  std::int64_t bytes_of_block() const { return deployment_.cache.token_bytes_max(); }
  /// Cache bytes that settings().watermark keeps free, or `share` of the pool if it is not set: whole blocks, rounded
  /// down, where all blocks are alike; else bytes.
  std::int64_t bytes_of_watermark(double share) const;
  /// Cache bytes that the next token of every decoding sequence takes.
  std::int64_t bytes_to_decode() const { return decoding() > 0 ? decoders_->cache_growth(1) : 0; }
  /// The running sequence that was admitted first; `after` leads to the others. Those in flight are among them.
  Sequence* first_admitted() const { return running_.first(); }
  /// Those at hand that decode, in order of admission. Costs as much as there are running ones.
  std::vector<Sequence*> decoding_sequences() const;
  /// Whether the sequence is of the decode set, where its own counts are those of when it joined.
  bool decodes(const Sequence& sequence) const;
  /// Output tokens, known tokens and cache bytes held of a running sequence by now.
  std::int64_t generated(const Sequence& sequence) const;
  std::int64_t known(const Sequence& sequence) const { return sequence.prompt_tokens + generated(sequence); }
  std::int64_t bytes_held(const Sequence& sequence) const;

  // What can be done. Cache that is asked for must be available.
  void decode_all();
  /// Gives the sequence a rank behind all that have one.
  void rank_last(Sequence& sequence) { sequence.rank = chunks_++; }
  /// Leaves a decoding sequence out of the next step; before decode_all(), on deployments with several stages.
  void rest(Sequence& sequence);
  /// Computes `tokens` more of a sequence of prefilling().
  void prefill(Sequence& sequence, std::int64_t tokens);
  /// Takes waiting()[index] in and computes its next `tokens` after those that are `cached`, which cached() has just
  /// found; its cache is made to hold `context` tokens at once, if that is more.
  void admit(std::size_t index, std::int64_t tokens, std::int64_t context = 0, const PrefixCache::Match& cached = {});
  /// Begins to load what the cache tiers have of waiting()[index] after those tokens that are `cached`, which cached()
  /// has just found. False if there is nothing to load, or no room for it: then it is to be computed. Else it holds
  /// what is cached and room for the rest, and has left the queue; when it is loaded it returns, before the first that
  /// arrived after it or by priority, and cached() is all that it has.
  bool load(std::size_t index, const PrefixCache::Match& cached) {
    return tiers_ != nullptr && begin_load(index, cached);
  }
  /// How often what was loaded for a sequence was given back before it ran, or its client went away.
  std::int64_t unloads() const { return unloads_; }
  /// Sequences that are being loaded.
  std::int64_t loading() const { return static_cast<std::int64_t>(loading_.size()); }
  enum class Requeue {
    front,
    back,
    by_arrival  ///< before the first that arrived after it
  };
  /// Makes the prompt of a waiting sequence `tokens` long, by padding that is computed with it.
  void pad_prompt(Sequence& sequence, std::int64_t tokens);
  /// Frees its cache, forgets what was computed, and puts it into the queue; by priority, where that is the policy.
  void preempt(Sequence& sequence, Requeue where = Requeue::front);
  std::int64_t preemptions() const { return preemptions_; }
  /// What is not computed yet of a sequence of prefilling() is to come token by token, as if it were generated.
  void cut_prompt(Sequence& sequence);
  /// Tokens of prompts that were cut off so.
  std::int64_t cut_tokens() const { return cut_tokens_; }

  const PrefixCacheCounts& prefix_counts() const { return prefix_counts_; }

 protected:
  friend class Engine;

  /// Puts a request that has arrived into the queue.
  void enqueue(Sequence& sequence);
  /// Takes a sequence out, wherever it is.
  void drop(Sequence& sequence);
  /// Goes on computing a sequence that has ended and is of no batch: it is no longer a running one, and keeps its
  /// cache.
  void keep_as_padding(Sequence& sequence);
  /// Ends that for all of them, who are returned.
  std::vector<Sequence*> drop_padding();

  bool begin_load(std::size_t index, const PrefixCache::Match& cached);
  /// When the next load ends; never without any.
  Time next_loaded() const;
  /// Returns to the queue what is loaded by now.
  void finish_loads();
  /// Frees what was loaded of the last waiting sequence that has been; false if there is none.
  bool give_up_load();
  void unload(Sequence& sequence);
  void requeue_by_arrival(Sequence& sequence);
  /// Hands what is computed of a sequence to the tiers.
  void write_through(const Sequence& sequence) {
    if (tiers_ != nullptr && sequence.content != nullptr) tiers_->write(sequence.held, sequence.computed, now_);
  }

  void take(Sequence& sequence, std::int64_t context);
  void publish(Sequence& sequence, std::int64_t computed);
  void hold_cached(Sequence& sequence, std::int64_t tokens);
  void release(Sequence& sequence);
  void give_back(Sequence& sequence);
  void remove(Sequence& sequence);

  const CompiledDeployment& deployment_;
  PrefixCache pool_;
  bool reuses_prefixes_;
  std::deque<Sequence*> waiting_;
  RunningList running_;
  std::unique_ptr<DecodeSet> decoders_;
  std::vector<Sequence*> prefilling_;
  StepPlan plan_;
  std::vector<Sequence*> preempted_;  ///< since the engine looked last
  std::vector<Sequence*> padding_;    ///< members of the decode set that have ended
  std::int64_t preemptions_ = 0, chunks_ = 0, cut_tokens_ = 0;
  PrefixCacheCounts prefix_counts_;

  struct Loading {
    Sequence* sequence = nullptr;
    Time done;
  };
  std::unique_ptr<CacheTiers> tiers_;  ///< null: none
  std::vector<Loading> loading_;       ///< in the order in which they began
  std::int64_t unloads_ = 0;
  Time now_;  ///< kept up by the engine
};

}  // namespace plumb::serving
