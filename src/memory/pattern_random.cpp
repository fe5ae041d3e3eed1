#include "base/random.h"
#include "memory/pattern_families.h"

namespace plumb::memory {
namespace {

class Random : public AccessSource {
 public:
  explicit Random(const PatternSpace& space)
      : accesses_(space.capacity / space.access_bytes), access_bytes_(space.access_bytes), state_(space.seed) {}

  Result<std::size_t> next(std::span<AddressedAccess> into) override {
    for (AddressedAccess& access : into) access = {.address = splitmix64(state_) % accesses_ * access_bytes_};
    return into.size();
  }

 private:
  std::uint64_t accesses_, access_bytes_, state_;
};

}  // namespace

std::unique_ptr<AccessSource> make_random_pattern(const PatternSpace& space) { return std::make_unique<Random>(space); }

}  // namespace plumb::memory
