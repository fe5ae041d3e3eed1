#pragma once
// What a scheduler sees of an engine and what it may do: look at the queue, the running sequences and the cache; admit,
// preempt, and put together the next step. Sequences that are part of a batch under way (pipeline stages) are not
// shown.

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "serving/cache_pool.h"
#include "serving/decode_set.h"
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
  bool empty() const { return !decode && prefills.empty(); }
};

class EngineState {
 public:
  EngineState(const CompiledDeployment& deployment, std::unique_ptr<DecodeSet> decoders);

  const EngineSettings& settings() const { return deployment_.deployment.engine; }
  const CompiledDeployment& deployment() const { return deployment_; }

  // What is there.
  std::int64_t running() const { return running_.size(); }  ///< in flight included
  std::int64_t decoding() const { return decoders_->size(); }
  /// Admitted sequences whose known tokens are not all computed, in order of admission.
  const std::vector<Sequence*>& prefilling() const { return prefilling_; }
  const std::deque<Sequence*>& waiting() const { return waiting_; }
  const CachePool& pool() const { return pool_; }
  /// The running sequence that was admitted last; null if there is none at hand.
  Sequence* last_admitted() const { return running_.last_at_hand(); }
  /// Cache bytes that the sequence takes more to hold `context` tokens.
  std::int64_t bytes_to_hold(const Sequence& sequence, std::int64_t context) const;
  /// Cache bytes of one block of every kind: the most that the next token of a sequence takes.
  std::int64_t bytes_of_block() const;
  /// Cache bytes that settings().watermark keeps free, or `share` of the pool if it is not set: whole blocks, rounded
  /// down, where all blocks are alike; else bytes.
  std::int64_t bytes_of_watermark(double share) const;
  /// Cache bytes that the next token of every decoding sequence takes.
  std::int64_t bytes_to_decode() const { return decoding() > 0 ? decoders_->cache_growth(1) : 0; }
  /// The running sequence that was admitted first; `after` leads to the others. Those in flight are among them.
  Sequence* first_admitted() const { return running_.first(); }
  /// Whether the sequence is of the decode set, where its own counts are those of when it joined.
  bool decodes(const Sequence& sequence) const;
  /// Output tokens, known tokens and cache bytes held of a running sequence by now.
  std::int64_t generated(const Sequence& sequence) const;
  std::int64_t known(const Sequence& sequence) const { return sequence.prompt_tokens + generated(sequence); }
  std::int64_t bytes_held(const Sequence& sequence) const;

  // What can be done. Cache that is asked for must be available.
  void decode_all();
  /// Computes `tokens` more of a sequence of prefilling().
  void prefill(Sequence& sequence, std::int64_t tokens);
  /// Takes waiting()[index] in and computes its next `tokens`; its cache is made to hold `context` tokens at once, if
  /// that is more.
  void admit(std::size_t index, std::int64_t tokens, std::int64_t context = 0);
  enum class Requeue {
    front,
    back,
    by_arrival  ///< before the first that arrived after it
  };
  /// Frees its cache, forgets what was computed, and puts it into the queue.
  void preempt(Sequence& sequence, Requeue where = Requeue::front);
  std::int64_t preemptions() const { return preemptions_; }

 protected:
  friend class Engine;

  void take(Sequence& sequence, std::int64_t context);
  void release(Sequence& sequence);
  void remove(Sequence& sequence);

  const CompiledDeployment& deployment_;
  CachePool pool_;
  std::deque<Sequence*> waiting_;
  RunningList running_;
  std::unique_ptr<DecodeSet> decoders_;
  std::vector<Sequence*> prefilling_;
  StepPlan plan_;
  std::int64_t preemptions_ = 0;
};

}  // namespace plumb::serving
