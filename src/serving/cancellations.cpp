#include "serving/cancellations.h"

#include <utility>

namespace plumb::serving {

void Cancellations::forget(Sequence& sequence) {
  if (sequence.cancel == Time::never()) return;
  by_time_.erase(&sequence);
  std::erase(postponed_, &sequence);
}

std::vector<Sequence*> Cancellations::take_due(Time now) {
  std::vector<Sequence*> due = std::exchange(postponed_, {});
  while (next() <= now) due.push_back(by_time_.extract(by_time_.begin()).value());
  return due;
}

}  // namespace plumb::serving
