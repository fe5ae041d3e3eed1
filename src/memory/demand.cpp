#include "memory/demand.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/random.h"

namespace plumb::memory {
namespace {

/// Where blocks begin: finer than that nothing larger is allocated.
constexpr std::uint64_t page_bytes = 4096;

class Gathered final : public AccessSource {
 public:
  Gathered(double block_bytes, const Specification& of)
      : access_bytes_(static_cast<std::uint64_t>(of.organisation.access_bytes)),
        accesses_(static_cast<std::uint64_t>(std::max(1.0, std::round(block_bytes / of.organisation.access_bytes)))),
        stride_(std::min(std::bit_ceil(accesses_) * access_bytes_, page_bytes)),
        blocks_(std::max<std::uint64_t>(
            (static_cast<std::uint64_t>(of.organisation.capacity_bytes()) - accesses_ * access_bytes_) / stride_, 1)) {}

  Result<std::size_t> next(std::span<AddressedAccess> into) override {
    for (AddressedAccess& access : into) {
      if (left_ == 0) {
        at_ = splitmix64(state_) % blocks_ * stride_;
        left_ = accesses_;
      }
      access = {.address = at_};
      at_ += access_bytes_;
      --left_;
    }
    return into.size();
  }

 private:
  std::uint64_t access_bytes_, accesses_, stride_, blocks_;
  std::uint64_t at_ = 0, left_ = 0, state_ = 1;
};

/// Each access is a write with the chance w: writes at regular places would fall on the same banks again and again.
class Mixed final : public AccessSource {
 public:
  Mixed(double write_share, const Specification& of)
      : write_share_(write_share),
        access_bytes_(static_cast<std::uint64_t>(of.organisation.access_bytes)),
        accesses_(static_cast<std::uint64_t>(of.organisation.capacity_bytes()) / access_bytes_) {}

  Result<std::size_t> next(std::span<AddressedAccess> into) override {
    for (AddressedAccess& access : into) {
      const double draw = static_cast<double>(splitmix64(state_) >> 11) * 0x1p-53;
      access = {.address = at_ % accesses_ * access_bytes_, .write = draw < write_share_};
      ++at_;
    }
    return into.size();
  }

 private:
  double write_share_;
  std::uint64_t access_bytes_, accesses_, at_ = 0, state_ = 1;
};

}  // namespace

std::string_view demand_name(Demand::Kind kind) {
  switch (kind) {
    case Demand::Kind::streamed: return "streamed";
    case Demand::Kind::gathered: return "gathered";
    case Demand::Kind::mixed: return "mixed";
  }
  return "";
}

std::unique_ptr<AccessSource> make_demand(const Demand& demand, const Specification& specification) {
  if (demand.kind == Demand::Kind::gathered) return std::make_unique<Gathered>(demand.parameter, specification);
  const double write_share = demand.kind == Demand::Kind::mixed ? demand.parameter : 0.0;
  return std::make_unique<Mixed>(write_share, specification);
}

}  // namespace plumb::memory
