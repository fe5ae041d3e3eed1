// Sums over the members, and when they change. The set counts its steps; a member that joined at step j with a context
// of c tokens has c + (count - j) of them now. Per span, the keys that the next step reads are a sum that grows by the
// number of members whose reach still grows. A member bends a span's sum where that changes: where a sliding window is
// full, where a chunk ends. New cache blocks come to a member when its context passes a whole number of blocks, so
// members are counted by where in a block they are: phase p of B takes a block in the step whose count is B - p (mod
// B).

#include <algorithm>
#include <cassert>
#include <functional>

#include "serving/decode_set.h"

namespace plumb::serving {
namespace {

using model::Span;

std::int64_t keys_of(const Span& span, std::int64_t context) { return static_cast<std::int64_t>(span.keys(context)); }

/// Keys that the next step reads more than this one, until the span bends.
std::int64_t slope_of(const Span& span, std::int64_t context) {
  switch (span.kind) {
    case Span::Kind::full: return 1;
    case Span::Kind::chunked: return 1;
    case Span::Kind::sliding: return context < span.window ? 1 : 0;
    case Span::Kind::compressed: return span.limit == 0 || context < span.limit ? 1 : 0;
    case Span::Kind::state: return 0;
  }
  return 0;
}

/// Whether what is kept in the cache stops at a window.
bool capped(const Span& span) { return span.kind == Span::Kind::sliding || span.kind == Span::Kind::chunked; }

/// Whether the step that computes token `context` may need a new block of a capped span.
bool fills(const Span& span, std::int64_t context) { return context <= span.window; }

/// Steps until slope_of() or fills() changes, or keys leave the line; 0 if that never happens.
std::int64_t bend_after(const Span& span, std::int64_t context) {
  switch (span.kind) {
    case Span::Kind::sliding: return context < span.window ? span.window - context : context == span.window ? 1 : 0;
    case Span::Kind::chunked: return span.window - (context - 1) % span.window;
    case Span::Kind::compressed: return span.limit > 0 && context < span.limit ? span.limit - context : 0;
    case Span::Kind::full:
    case Span::Kind::state: return 0;
  }
  return 0;
}

/// An event of a member, at a count of the set. It is stale once the member has left.
struct Event {
  std::int64_t count = 0;
  Sequence* sequence = nullptr;
  std::uint32_t stamp = 0;
  std::uint32_t span = 0;
  bool stale() const { return stamp != sequence->stamp; }
  bool operator>(const Event& other) const { return count > other.count; }
};

class EventHeap {
 public:
  void push(const Event& event) {
    events_.push_back(event);
    std::push_heap(events_.begin(), events_.end(), std::greater<>());
  }
  void pop() {
    std::pop_heap(events_.begin(), events_.end(), std::greater<>());
    events_.pop_back();
  }
  /// The next one that is not stale; null if there is none.
  const Event* next() {
    while (!events_.empty() && events_.front().stale()) pop();
    return events_.empty() ? nullptr : &events_.front();
  }

 private:
  std::vector<Event> events_;
};

/// Members by where in a block their context is. Counts the set's steps by where in a block they are: asked for at
/// every turn, the next step's blocks cost no division.
class BlockPhases {
 public:
  BlockPhases(std::int64_t block_size, std::int64_t block_bytes)
      : members_(static_cast<std::size_t>(block_size)), bytes_(block_bytes) {}

  /// A member whose next step computes token `context`.
  void add(std::int64_t context, std::int64_t times) {
    std::size_t phase = static_cast<std::size_t>((context - 1) % size()) + next_;
    if (phase >= members_.size()) phase -= members_.size();
    members_[phase] += times;
    total_ += times;
  }
  void advance(std::int64_t steps) { next_ = after(steps); }
  /// Bytes of the blocks that the next `steps` steps take.
  std::int64_t growth(std::int64_t steps) const {
    if (steps == 1) return members_[next_] * bytes_;
    std::int64_t blocks = steps / size() * total_;
    const std::size_t end = after(steps);
    for (std::size_t at = next_; at != end; at = at == 0 ? members_.size() - 1 : at - 1) blocks += members_[at];
    return blocks * bytes_;
  }

 private:
  std::int64_t size() const { return static_cast<std::int64_t>(members_.size()); }
  /// The phase of those who take a block in the step after `steps` more.
  std::size_t after(std::int64_t steps) const {
    const auto past = static_cast<std::size_t>(steps % size());
    return next_ >= past ? next_ - past : next_ + members_.size() - past;
  }

  std::vector<std::int64_t> members_;
  std::size_t next_ = 0;  ///< the phase of those who take a block in the next step
  std::int64_t bytes_, total_ = 0;
};

class SummedDecodeSet final : public DecodeSet {
 public:
  explicit SummedDecodeSet(const CompiledDeployment& deployment)
      : cache_(deployment.cache), spans_(deployment.deployment.model->spans), uncapped_(1, 0) {
    assert(can_sum_decodes(deployment));
    std::int64_t uncapped_bytes = 0;
    for (const CachePlan::Share& share : cache_.shares) {
      if (!capped(share.span)) uncapped_bytes += share.block_bytes;
    }
    uncapped_ = BlockPhases(cache_.block_size, uncapped_bytes);
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      capped_.emplace_back(cache_.block_size, block_bytes_of(spans_[i]));
      if (capped(spans_[i])) capped_spans_.push_back(i);
    }
  }

  void add(Sequence& sequence) override {
    assert(sequence.decoding());
    sequence.joined = count_;
    const std::int64_t context = sequence.known();
    ++size_;
    context_sum_ += context;
    uncapped_.add(context, 1);
    for (std::size_t i = 0; i < spans_.size(); ++i) join_span(sequence, i, context);
    if (sequence.padding) {
      ++padding_;
      return;
    }
    finishes_.push({count_ + sequence.output_tokens - sequence.generated, &sequence, sequence.stamp, 0});
    fresh_.push_back(sequence.last_token);
  }

  void remove(Sequence& sequence) override {
    const std::int64_t context = sequence.known() + count_ - sequence.joined;
    --size_;
    if (sequence.padding) --padding_;
    context_sum_ -= context;
    uncapped_.add(context, -1);
    for (std::size_t i = 0; i < spans_.size(); ++i) leave_span(i, context);
    bring_up_to_date(sequence);
    ++sequence.stamp;
  }

  std::int64_t size() const override { return size_; }
  std::int64_t generated(const Sequence& sequence) const override {
    return sequence.generated + count_ - sequence.joined;
  }

  void add_to(model::Step& step) const override {
    step.decode_sequences += size_;
    step.sampled_sequences += size_;
    step.context_tokens += context_sum_;
    for (std::size_t i = 0; i < spans_.size(); ++i) step.spans[i].decode_keys += static_cast<double>(keys_[i]);
  }

  accelerator::KeyGrowth key_growth() const override { return slopes_; }

  std::int64_t steps_to_change() const override {
    assert(size_ > 0);
    const std::int64_t finish = finishes_.next()->count;  // not all are padding
    const Event* bend = bends_.next();
    return (bend == nullptr ? finish : std::min(finish, bend->count)) - count_;
  }

  std::int64_t cache_growth(std::int64_t steps) const override {
    std::int64_t bytes = uncapped_.growth(steps);
    for (const std::size_t i : capped_spans_) bytes += capped_[i].growth(steps);
    return bytes;
  }

  std::int64_t advance(Time start, const Ramp& ramp, GapObserver* gaps, std::vector<Sequence*>& finished) override {
    const std::int64_t tokens = (size_ - padding_) * ramp.steps;
    if (gaps != nullptr) tell_gaps(start, ramp, *gaps);
    fresh_.clear();
    last_end_ = start + ramp.length(ramp.steps);
    count_ += ramp.steps;
    context_sum_ += size_ * ramp.steps;
    uncapped_.advance(ramp.steps);
    for (const std::size_t i : capped_spans_) capped_[i].advance(ramp.steps);
    for (std::size_t i = 0; i < spans_.size(); ++i) keys_[i] += slopes_[i] * ramp.steps;
    bend();
    finish(finished);
    return tokens;
  }

  void move_to(DecodeSet&) override { assert(false); }

 private:
  std::int64_t block_bytes_of(const Span& span) const {
    for (const CachePlan::Share& share : cache_.shares) {
      if (share.span == span) return share.block_bytes;
    }
    return 0;
  }

  void join_span(Sequence& sequence, std::size_t i, std::int64_t context) {
    const Span& span = spans_[i];
    keys_[i] += keys_of(span, context);
    slopes_[i] += slope_of(span, context);
    if (capped(span) && fills(span, context)) capped_[i].add(context, 1);
    expect_bend(sequence, i, context);
  }

  void leave_span(std::size_t i, std::int64_t context) {
    const Span& span = spans_[i];
    keys_[i] -= keys_of(span, context);
    slopes_[i] -= slope_of(span, context);
    if (capped(span) && fills(span, context)) capped_[i].add(context, -1);
  }

  void expect_bend(Sequence& sequence, std::size_t i, std::int64_t context) {
    const std::int64_t after = bend_after(spans_[i], context);
    // One that would come after the last token never does.
    const std::int64_t left = sequence.prompt_tokens + sequence.output_tokens - context;
    if (after > 0 && (sequence.padding || after <= left))
      bends_.push({count_ + after, &sequence, sequence.stamp, static_cast<std::uint32_t>(i)});
  }

  void bend() {
    for (const Event* next = bends_.next(); next != nullptr && next->count == count_; next = bends_.next()) {
      Sequence& sequence = *next->sequence;
      const std::size_t i = next->span;
      bends_.pop();
      const Span& span = spans_[i];
      const std::int64_t context = sequence.known() + count_ - sequence.joined;
      // As it was one step ago, the keys grown by the slope of then.
      const std::int64_t slope = slope_of(span, context - 1);
      keys_[i] += keys_of(span, context) - (keys_of(span, context - 1) + slope);
      slopes_[i] += slope_of(span, context) - slope;
      if (capped(span) && fills(span, context - 1) && !fills(span, context)) capped_[i].add(context, -1);
      expect_bend(sequence, i, context);
    }
  }

  void finish(std::vector<Sequence*>& finished) {
    const auto first = finished.size();
    for (const Event* next = finishes_.next(); next != nullptr && next->count == count_; next = finishes_.next()) {
      Sequence& sequence = *next->sequence;
      finishes_.pop();
      remove(sequence);
      finished.push_back(&sequence);
    }
    order_by_admission(finished, first);
  }

  void bring_up_to_date(Sequence& sequence) {
    const std::int64_t steps = count_ - sequence.joined;
    if (steps == 0) {
      if (sequence.padding) return;
      fresh_.erase(std::find(fresh_.begin(), fresh_.end(), sequence.last_token));
      return;
    }
    sequence.cache_bytes += cache_.bytes_of(sequence.computed + steps) - cache_.bytes_of(sequence.computed);
    sequence.computed += steps;
    sequence.generated += steps;
    sequence.last_token = last_end_;
  }

  /// The first gap of those that joined since the last step runs from their own last token.
  void tell_gaps(Time start, const Ramp& ramp, GapObserver& gaps) const {
    const Time first_end = start + ramp.first;
    for (const Time last_token : fresh_) gaps.gaps(first_end - last_token, 1);
    const std::int64_t others = size_ - padding_ - static_cast<std::int64_t>(fresh_.size());
    if (others > 0) gaps.gaps(first_end - last_end_, others);
    if (ramp.steps > 1) gaps.gaps(Ramp{ramp.first + ramp.growth, ramp.growth, ramp.steps - 1}, size_ - padding_);
  }

  const CachePlan& cache_;
  const std::vector<Span>& spans_;
  std::int64_t count_ = 0, size_ = 0, padding_ = 0, context_sum_ = 0;
  std::array<std::int64_t, model::spans_max> keys_{};
  accelerator::KeyGrowth slopes_{};
  BlockPhases uncapped_;
  std::vector<BlockPhases> capped_;  ///< by span; empty where it is not capped
  std::vector<std::size_t> capped_spans_;
  mutable EventHeap finishes_, bends_;
  std::vector<Time> fresh_;  ///< last tokens of those that joined since the last step
  Time last_end_;
};

}  // namespace

bool can_sum_decodes(const CompiledDeployment& deployment) {
  if (deployment.deployment.model->speculation) return false;
  const std::vector<Span>& spans = deployment.deployment.model->spans;
  return std::none_of(spans.begin(), spans.end(), [](const Span& span) {
    return span.kind == Span::Kind::compressed && (span.ratio > 1 || span.window > 0);
  });
}

std::unique_ptr<DecodeSet> make_summed_decode_set(const CompiledDeployment& deployment) {
  return std::make_unique<SummedDecodeSet>(deployment);
}

}  // namespace plumb::serving
