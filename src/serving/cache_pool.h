#pragma once
// The key-value cache of one replica as a pool of bytes. Conservation: used() is the sum of what sequences hold, never
// more than the pool.

#include <cstdint>

#include "serving/deployment.h"
#include "serving/sequence.h"

namespace plumb::serving {

class CachePool {
 public:
  explicit CachePool(const CachePlan& plan) : plan_(plan) {}

  /// Makes `sequence` hold what a context of `context` tokens needs. False, and nothing changed, if the pool is short.
  bool grow(Sequence& sequence, std::int64_t context);
  void release(Sequence& sequence);

  std::int64_t used() const { return used_bytes_; }
  std::int64_t capacity() const { return plan_.pool_bytes; }

 private:
  const CachePlan& plan_;
  std::int64_t used_bytes_ = 0;
};

}  // namespace plumb::serving
