#pragma once
// The sequences of an engine that decode: each step gives every one of them its next token. There are two: the plain
// set steps them one by one and is the reference; the summed set keeps sums and knows when they change, so that many
// steps cost as much as one. They must agree to the last bit.
//
// A member that is padding (Sequence::padding) is part of every sum and of the cache, gives no tokens, and never ends.

#include <cstdint>
#include <memory>
#include <vector>

#include "accelerator/step_timer.h"
#include "base/fixed_time.h"
#include "model/step.h"
#include "serving/deployment.h"
#include "serving/sequence.h"

namespace plumb::serving {

/// Told the gaps between the tokens of a sequence (inter-token latencies).
class GapObserver {
 public:
  virtual ~GapObserver() = default;
  /// `count` gaps of the same length.
  virtual void gaps(Time gap, std::int64_t count) = 0;
  /// For each step of the ramp `count` gaps of its length.
  virtual void gaps(const Ramp& ramp, std::int64_t count) = 0;
};

class DecodeSet {
 public:
  virtual ~DecodeSet() = default;

  /// Takes a sequence that decodes.
  virtual void add(Sequence& sequence) = 0;
  /// Gives it back with its counts, its cache and its last token's time up to date.
  virtual void remove(Sequence& sequence) = 0;
  virtual std::int64_t size() const = 0;
  /// Output tokens that a member has by now.
  virtual std::int64_t generated(const Sequence& sequence) const = 0;

  /// Adds the sums of the next step.
  virtual void add_to(model::Step& step) const = 0;
  /// How much more the step after the next reads, and so on for steps_to_change() steps.
  virtual accelerator::KeyGrowth key_growth() const = 0;
  /// Steps until a member finishes or the growth changes; at least 1, if there are members.
  virtual std::int64_t steps_to_change() const = 0;
  /// Cache bytes that `steps` steps take beyond what the members hold; `steps` is at most steps_to_change().
  virtual std::int64_t cache_growth(std::int64_t steps) const = 0;

  /// Makes all steps of the ramp, which begins at `start`. Members that have all their tokens are removed and added to
  /// `finished` in order of admission. `gaps` may be null. Returns the tokens that came out.
  virtual std::int64_t advance(Time start, const Ramp& ramp, GapObserver* gaps, std::vector<Sequence*>& finished) = 0;

  /// Hands all members over; only of plain sets, which deployments with several stages use.
  virtual void move_to(DecodeSet& other) = 0;

  /// The most steps of `steps` whose cache growth is no more than `bytes`.
  std::int64_t steps_within(std::int64_t steps, std::int64_t bytes) const;
};

/// Puts the sequences from position `first` on in order of admission.
void order_by_admission(std::vector<Sequence*>& sequences, std::size_t first);

std::unique_ptr<DecodeSet> make_plain_decode_set(const CompiledDeployment& deployment);
std::unique_ptr<DecodeSet> make_summed_decode_set(const CompiledDeployment& deployment);
/// Whether a summed set can be made: not for spans with an entry for several tokens (Span::ratio), whose reads grow in
/// stairs, and not with speculation, where chance decides how many tokens a step gives.
bool can_sum_decodes(const CompiledDeployment& deployment);

}  // namespace plumb::serving
