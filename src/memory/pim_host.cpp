#include "memory/pim_host.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace plumb::memory {
namespace {

constexpr std::int64_t element_bytes = 2;
/// Rows of every bank in a turn: 2 MiB of an HBM2 stack of 16 banks a pseudo-channel, as much as a processor keeps.
constexpr std::int64_t rows_in_turn = 8;

/// Operands in turns of `turn` accesses, each as long as it has any.
class Turns : public AccessSource {
 public:
  struct Operand {
    std::uint64_t begin = 0;
    std::int64_t accesses = 0;
    bool write = false;
  };
  Turns(std::vector<Operand> operands, std::int64_t turn, std::uint64_t access_bytes)
      : operands_(std::move(operands)), taken_(operands_.size(), 0), turn_(turn), access_bytes_(access_bytes) {}

  Result<std::size_t> next(std::span<AddressedAccess> into) override {
    std::size_t filled = 0;
    while (filled < into.size() && advance()) {
      const Operand& operand = operands_[at_];
      const auto offset = static_cast<std::uint64_t>(taken_[at_]++) * access_bytes_;
      into[filled++] = {.address = operand.begin + offset, .write = operand.write};
      --left_;
    }
    return filled;
  }

 private:
  /// To an operand of which an access is left in this turn; false: none has any.
  bool advance() {
    for (std::size_t tried = 0; tried <= operands_.size(); ++tried) {
      if (left_ > 0 && taken_[at_] < operands_[at_].accesses) return true;
      at_ = (at_ + 1) % operands_.size();
      left_ = turn_;
    }
    return false;
  }

  std::vector<Operand> operands_;
  std::vector<std::int64_t> taken_;
  std::int64_t turn_, left_ = 0;
  std::uint64_t access_bytes_;
  std::size_t at_ = 0;
};

}  // namespace

std::int64_t HostTraffic::bytes() const {
  return std::accumulate(read.begin(), read.end(), std::int64_t{0}) +
         std::accumulate(written.begin(), written.end(), std::int64_t{0});
}

HostTraffic host_gemv(std::int64_t outputs, std::int64_t inputs, int batch) {
  return {{outputs * inputs * element_bytes, inputs * batch * element_bytes}, {outputs * batch * element_bytes}};
}

HostTraffic host_elementwise(std::int64_t elements, int operands_read) {
  return {std::vector<std::int64_t>(static_cast<std::size_t>(operands_read), elements * element_bytes),
          {elements * element_bytes}};
}

Result<MemoryReport> run_host(const Specification& of, const HostTraffic& traffic, int stacks,
                              const SimulationOptions& options) {
  const Organisation& o = of.organisation;
  const std::int64_t turn = rows_in_turn * o.columns() * o.banks() * o.channels;
  std::vector<Turns::Operand> operands;
  std::int64_t next = 0;
  const auto add = [&](std::int64_t bytes, bool write) {
    const std::int64_t share = (bytes + stacks - 1) / stacks;
    const std::int64_t accesses = (share + o.access_bytes - 1) / o.access_bytes;
    operands.push_back({static_cast<std::uint64_t>(next * o.access_bytes), accesses, write});
    next += (accesses + turn - 1) / turn * turn;  // each begins where a row of every bank does
  };
  for (const std::int64_t bytes : traffic.read) add(bytes, false);
  for (const std::int64_t bytes : traffic.written) add(bytes, true);
  if (next * o.access_bytes > o.capacity_bytes())
    return fail(input_error({}, fmt::format("{} bytes a stack do not fit {}", next * o.access_bytes, of.name),
                            fmt::format("at most {}, or more stacks", o.capacity_bytes())));
  Turns source(std::move(operands), turn, static_cast<std::uint64_t>(o.access_bytes));
  return simulate(of, source, options);
}

}  // namespace plumb::memory
