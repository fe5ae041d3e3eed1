// The reference: every quantity is added up over the members when it is asked for, and steps are made one at a time.

#include <algorithm>
#include <cassert>

#include "serving/decode_set.h"
#include "serving/speculation.h"

namespace plumb::serving {
namespace {

class PlainDecodeSet final : public DecodeSet {
 public:
  explicit PlainDecodeSet(const CompiledDeployment& deployment) : deployment_(deployment) {}

  void add(Sequence& sequence) override {
    assert(sequence.decoding());
    sequence.in_flight = false;
    members_.push_back(&sequence);
  }

  void remove(Sequence& sequence) override {
    const auto found = std::find(members_.begin(), members_.end(), &sequence);
    assert(found != members_.end());
    members_.erase(found);
  }

  std::int64_t size() const override { return static_cast<std::int64_t>(members_.size()); }
  std::int64_t generated(const Sequence& sequence) const override { return sequence.generated; }

  void add_to(model::Step& step) const override {
    for (const Sequence* sequence : members_) {
      model::add_decode(*deployment_.deployment.model, step, sequence->known());
    }
  }

  accelerator::KeyGrowth key_growth() const override { return {}; }
  std::int64_t steps_to_change() const override { return 1; }

  std::int64_t cache_growth(std::int64_t steps) const override {
    std::int64_t bytes = 0;
    for (const Sequence* sequence : members_) bytes += growth_of(*sequence, steps);
    return bytes;
  }

  std::int64_t advance(Time start, const Ramp& ramp, GapObserver* gaps, std::vector<Sequence*>& finished) override {
    assert(ramp.steps == 1);
    const Time end = start + ramp.first;
    std::int64_t tokens = 0;
    for (Sequence* sequence : members_) {
      sequence->cache_bytes += growth_of(*sequence, 1);
      const std::int64_t more = tokens_of(*sequence);
      sequence->computed += more;
      sequence->generated += more;
      if (sequence->padding) continue;
      tokens += more;
      // Tokens of one step come together, as one gap of a stream.
      if (gaps != nullptr) gaps->gaps(end - sequence->last_token, 1);
      sequence->last_token = end;
    }
    const auto first = finished.size();
    std::erase_if(members_, [&](Sequence* sequence) {
      const bool ends = !sequence->padding && sequence->finished();
      if (ends) finished.push_back(sequence);
      return ends;
    });
    order_by_admission(finished, first);
    return tokens;
  }

  void move_to(DecodeSet& other) override {
    for (Sequence* sequence : members_) other.add(*sequence);
    members_.clear();
  }

 private:
  int proposed() const {
    const auto& speculation = deployment_.deployment.model->speculation;
    return speculation ? speculation->tokens : 0;
  }

  /// What a step gives: a token, and those of the drafter's that are accepted.
  std::int64_t tokens_of(const Sequence& sequence) const {
    if (proposed() == 0) return 1;
    const int accepted =
        accepted_tokens(0, static_cast<std::uint64_t>(sequence.request), static_cast<std::uint64_t>(sequence.generated),
                        proposed(), deployment_.deployment.engine.acceptance_rate);
    return std::min<std::int64_t>(1 + accepted, sequence.output_tokens - sequence.generated);
  }

  /// The tokens that are verified need their place in the cache, accepted or not.
  std::int64_t growth_of(const Sequence& sequence, std::int64_t steps) const {
    const CachePlan& cache = deployment_.cache;
    if (proposed() == 0) return cache.bytes_of(sequence.computed + steps) - cache.bytes_of(sequence.computed);
    const std::int64_t last = sequence.prompt_tokens + sequence.output_tokens;
    const std::int64_t shared = sequence.held.tokens > 0 ? cache.bytes_of(sequence.held.tokens) : 0;
    const std::int64_t wanted = cache.bytes_of(std::min(last, sequence.computed + steps + proposed()));
    return std::max<std::int64_t>(0, wanted - shared - sequence.cache_bytes);
  }

  const CompiledDeployment& deployment_;
  std::vector<Sequence*> members_;
};

}  // namespace

std::unique_ptr<DecodeSet> make_plain_decode_set(const CompiledDeployment& deployment) {
  return std::make_unique<PlainDecodeSet>(deployment);
}

}  // namespace plumb::serving
