// Is a location looked up by bytes of the address the one that the recipe's fields give, and its address the same
// again?

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "memory/address_mapping.h"
#include "memory/channels.h"
#include "memory/specifications.h"

namespace plumb::memory {
namespace {

bool equal(const Location& a, const Location& b) {
  return a.channel == b.channel && a.bank == b.bank && a.row == b.row && a.column == b.column;
}

RC_GTEST_PROP(AddressTablesLaw, GiveWhatTheFieldsGive, ()) {
  const auto& all = all_specifications();
  Specification of = all[*rc::gen::inRange<std::size_t>(0, all.size())];
  // Also numbers that are no power of two, and so are not looked up.
  RC_ASSERT(set_channels(of, *rc::gen::element(1, 2, 3, 4, 16, 20, 64, 80)).has_value());
  const auto mapping = AddressMapping::make(of.mapping, of.organisation, {});
  RC_ASSERT(mapping.has_value());
  const auto bytes = static_cast<std::uint64_t>(of.organisation.access_bytes);
  const auto capacity = static_cast<std::uint64_t>(of.organisation.capacity_bytes());
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t address = *rc::gen::inRange<std::uint64_t>(0, capacity);
    const Location at = mapping->locate(address);
    RC_ASSERT(equal(at, mapping->locate_by_fields(address)));
    RC_ASSERT(mapping->address_of(at) == address / bytes * bytes);
  }
}

}  // namespace
}  // namespace plumb::memory
