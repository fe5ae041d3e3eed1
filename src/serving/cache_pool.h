#pragma once
// The key-value cache of one replica as a pool of bytes. Conservation: used() is the sum of what sequences hold, never
// more than the pool.

#include <cassert>
#include <cstdint>

#include "serving/deployment.h"

namespace plumb::serving {

class CachePool {
 public:
  explicit CachePool(std::int64_t capacity) : capacity_(capacity) {}

  std::int64_t available() const { return capacity_ - used_; }
  /// At most what is available.
  void take(std::int64_t bytes) {
    assert(bytes >= 0 && bytes <= available());
    used_ += bytes;
  }
  void give_back(std::int64_t bytes) {
    assert(bytes >= 0 && bytes <= used_);
    used_ -= bytes;
  }
  std::int64_t used() const { return used_; }
  std::int64_t capacity() const { return capacity_; }

 private:
  std::int64_t capacity_, used_ = 0;
};

}  // namespace plumb::serving
