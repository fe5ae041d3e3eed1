#pragma once
// The sequences of an engine whose clients go away, by when. Those that are in a batch under way then are dropped when
// it is back.

#include <cstdint>
#include <set>
#include <vector>

#include "serving/sequence.h"

namespace plumb::serving {

class Cancellations {
 public:
  /// A sequence with Sequence::cancel, which must not change while it is here.
  void add(Sequence& sequence) { by_time_.insert(&sequence); }
  void forget(Sequence& sequence);
  /// When the next client goes away; never without any.
  Time next() const { return by_time_.empty() ? Time::never() : (*by_time_.begin())->cancel; }
  /// Takes out those whose clients have gone by `now`: first those that were postponed, then by time and, at the same
  /// time, by number.
  std::vector<Sequence*> take_due(Time now);
  /// Lets take_due() give it again.
  void postpone(Sequence& sequence) { postponed_.push_back(&sequence); }
  std::int64_t size() const { return static_cast<std::int64_t>(by_time_.size() + postponed_.size()); }

 private:
  struct Sooner {
    bool operator()(const Sequence* a, const Sequence* b) const {
      return a->cancel != b->cancel ? a->cancel < b->cancel : a->request < b->request;
    }
  };
  std::set<Sequence*, Sooner> by_time_;
  std::vector<Sequence*> postponed_;
};

}  // namespace plumb::serving
