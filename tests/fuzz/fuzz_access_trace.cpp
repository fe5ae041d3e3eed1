// Whatever the lines of a trace of accesses are: an error with a place, or accesses of the memory in order of time.
// Compressed inputs are read as a file is.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "memory/access_trace_lines.h"
#include "workload_files.h"

namespace {

using namespace plumb;
using namespace plumb::memory;

struct System {
  Specification specification;
  AddressMapping mapping;
};

/// Eight channels of two pseudo-channels, a rank, and a number of bank groups that is no power of two.
const System& system_of_all() {
  static const System made = [] {
    Specification of;
    of.organisation = {.channels = 8,
                       .pseudo_channels = 2,
                       .ranks = 1,
                       .bank_groups = 3,
                       .banks_per_group = 4,
                       .rows = 1024,
                       .row_bytes = 1024,
                       .access_bytes = 32};
    of.ticks_per_clock = 2;
    for (const Field field : {Field::bank_group, Field::channel, Field::column, Field::pseudo_channel, Field::bank,
                              Field::rank, Field::row})
      of.mapping.order.push_back({field, -1, {}});
    auto mapping = AddressMapping::make(of.mapping, of.organisation, {});
    require(mapping.has_value());
    return System{of, *mapping};
  }();
  return made;
}

class AccessCheck {
 public:
  void take(const AddressedAccess& access) {
    require(access.address < static_cast<std::uint64_t>(system_of_all().specification.organisation.capacity_bytes()));
    require(access.arrival == always_waiting || access.arrival >= arrival_);
    if (access.arrival != always_waiting) arrival_ = access.arrival;
  }

 private:
  Tick arrival_ = 0;
};

void read_lines(std::string_view text) {
  const System& system = system_of_all();
  AccessTraceLines lines("input", {system.specification, system.mapping});
  AccessCheck check;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    AddressedAccess access;
    const Result<bool> found = lines.take(text.substr(0, end), access);
    if (!found) {
      require(found.error().place.line == line && found.error().place.column >= 1);
      require(!found.error().message.empty() && !found.error().expected.empty());
      return;
    }
    if (*found) check.take(access);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  require(lines.no_accesses().place.line >= 1);
}

void read_file(std::string_view bytes) {
  const MemoryFile file(bytes);
  const System& system = system_of_all();
  const auto trace = open_access_trace(file.path(), {system.specification, system.mapping});
  if (!trace) return;
  AccessCheck check;
  AddressedAccess accesses[16];
  for (;;) {
    const auto count = (*trace)->next(accesses);
    if (!count) {
      require(!count.error().message.empty());
      return;
    }
    for (std::size_t i = 0; i < *count; ++i) check.take(accesses[i]);
    if (*count == 0) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const bool compressed = input.starts_with("\x1f\x8b") || input.starts_with("\x28\xb5\x2f\xfd");
  compressed ? read_file(input) : read_lines(input);
  return 0;
}
