#include <algorithm>

#include "base/random.h"
#include "memory/pattern_families.h"

namespace plumb::memory {
namespace {

constexpr std::uint64_t block_bytes = 4096;

/// A block that an access does not divide is read in as many accesses as begin in it. A system smaller than a block is
/// one block.
class Gather : public AccessSource {
 public:
  explicit Gather(const PatternSpace& space)
      : blocks_(std::max<std::uint64_t>(space.capacity / block_bytes, 1)),
        block_bytes_(std::min(block_bytes, space.capacity)),
        access_bytes_(space.access_bytes),
        state_(space.seed) {}

  Result<std::size_t> next(std::span<AddressedAccess> into) override {
    for (AddressedAccess& access : into) {
      if (at_ >= end_) {
        at_ = splitmix64(state_) % blocks_ * block_bytes_;
        end_ = at_ + block_bytes_;
      }
      access = {.address = at_};
      at_ += access_bytes_;
    }
    return into.size();
  }

 private:
  std::uint64_t blocks_, block_bytes_, access_bytes_, state_;
  std::uint64_t at_ = 0, end_ = 0;
};

}  // namespace

std::unique_ptr<AccessSource> make_gather_pattern(const PatternSpace& space) { return std::make_unique<Gather>(space); }

}  // namespace plumb::memory
