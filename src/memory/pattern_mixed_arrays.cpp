#include "memory/pattern_families.h"

namespace plumb::memory {
namespace {

class MixedArrays : public AccessSource {
 public:
  explicit MixedArrays(const PatternSpace& space)
      : capacity_(space.capacity),
        step_(space.access_bytes),
        apart_(space.capacity / space.access_bytes / 4 * space.access_bytes) {}

  Result<std::size_t> next(std::span<AddressedAccess> into) override {
    for (AddressedAccess& access : into) {
      access = {.address = (at_ + static_cast<std::uint64_t>(array_) * apart_) % capacity_, .write = array_ == written};
      if (++array_ < arrays) continue;
      array_ = 0;
      at_ += step_;
      if (at_ == capacity_) at_ = 0;
    }
    return into.size();
  }

 private:
  static constexpr int arrays = 3, written = 2;
  std::uint64_t capacity_, step_, apart_, at_ = 0;
  int array_ = 0;
};

}  // namespace

std::unique_ptr<AccessSource> make_mixed_arrays_pattern(const PatternSpace& space) {
  return std::make_unique<MixedArrays>(space);
}

}  // namespace plumb::memory
