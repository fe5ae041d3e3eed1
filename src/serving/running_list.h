#pragma once
// The running sequences of an engine in order of admission, linked through the sequences themselves.

#include <cassert>
#include <cstdint>

#include "serving/sequence.h"

namespace plumb::serving {

class RunningList {
 public:
  void push_back(Sequence& sequence) {
    assert(sequence.admission < 0);
    sequence.admission = admissions_++;
    sequence.before = last_;
    sequence.after = nullptr;
    (last_ == nullptr ? first_ : last_->after) = &sequence;
    last_ = &sequence;
    ++size_;
  }
  void erase(Sequence& sequence) {
    assert(sequence.admission >= 0);
    (sequence.before == nullptr ? first_ : sequence.before->after) = sequence.after;
    (sequence.after == nullptr ? last_ : sequence.after->before) = sequence.before;
    sequence.before = sequence.after = nullptr;
    sequence.admission = -1;
    --size_;
  }
  Sequence* first() const { return first_; }
  Sequence* last() const { return last_; }
  std::int64_t size() const { return size_; }

 private:
  Sequence *first_ = nullptr, *last_ = nullptr;
  std::int64_t size_ = 0, admissions_ = 0;
};

}  // namespace plumb::serving
