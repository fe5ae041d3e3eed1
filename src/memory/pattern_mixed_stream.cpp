#include "memory/pattern_families.h"

namespace plumb::memory {
namespace {

class MixedStream : public AccessSource {
 public:
  explicit MixedStream(const PatternSpace& space) : capacity_(space.capacity), step_(space.access_bytes) {}

  Result<std::size_t> next(std::span<AddressedAccess> into) override {
    for (AddressedAccess& access : into) {
      access = {.address = at_, .write = until_write_ == 0};
      until_write_ = until_write_ == 0 ? 2 : until_write_ - 1;
      at_ += step_;
      if (at_ == capacity_) at_ = 0;
    }
    return into.size();
  }

 private:
  std::uint64_t capacity_, step_, at_ = 0;
  int until_write_ = 2;
};

}  // namespace

std::unique_ptr<AccessSource> make_mixed_stream_pattern(const PatternSpace& space) {
  return std::make_unique<MixedStream>(space);
}

}  // namespace plumb::memory
