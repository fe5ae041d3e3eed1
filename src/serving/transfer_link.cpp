#include "serving/transfer_link.h"

#include <algorithm>

namespace plumb::serving {

void TransferLink::Counts::add(const Counts& other) {
  transfers += other.transfers;
  bytes += other.bytes;
  refused += other.refused;
  queued += other.queued;
  busy += other.busy;
}

TransferLink::Transfer TransferLink::transfer(Time now, std::int64_t bytes) {
  while (!ends_.empty() && ends_.front() <= now) ends_.pop_front();
  const Time begin = std::max(now, free_);
  const Time length = Time::of_seconds(latency_s_ + static_cast<double>(bytes) / bytes_per_s_);
  free_ = begin + length;
  ends_.push_back(free_);
  ++counts_.transfers;
  counts_.bytes += bytes;
  counts_.queued += begin - now;
  counts_.busy += length;
  return {now, begin, free_, bytes};
}

}  // namespace plumb::serving
