#include "memory/pattern_families.h"

namespace plumb::memory {
namespace {

class Sequential : public AccessSource {
 public:
  explicit Sequential(const PatternSpace& space) : capacity_(space.capacity), step_(space.access_bytes) {}

  Result<std::size_t> next(std::span<AddressedAccess> into) override {
    for (AddressedAccess& access : into) {
      access = {.address = at_};
      at_ += step_;
      if (at_ == capacity_) at_ = 0;
    }
    return into.size();
  }

 private:
  std::uint64_t capacity_, step_, at_ = 0;
};

}  // namespace

std::unique_ptr<AccessSource> make_sequential_pattern(const PatternSpace& space) {
  return std::make_unique<Sequential>(space);
}

}  // namespace plumb::memory
