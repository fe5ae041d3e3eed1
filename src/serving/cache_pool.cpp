#include "serving/cache_pool.h"

#include <algorithm>
#include <cassert>

namespace plumb::serving {

bool CachePool::grow(Sequence& sequence, std::int64_t context) {
  const std::int64_t wanted = std::max(plan_.bytes_of(context), sequence.cache_bytes);
  const std::int64_t more = wanted - sequence.cache_bytes;
  if (used_bytes_ + more > plan_.pool_bytes) return false;
  used_bytes_ += more;
  sequence.cache_bytes = wanted;
  return true;
}

void CachePool::release(Sequence& sequence) {
  assert(used_bytes_ >= sequence.cache_bytes);
  used_bytes_ -= sequence.cache_bytes;
  sequence.cache_bytes = 0;
}

}  // namespace plumb::serving
