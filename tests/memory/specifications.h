#pragma once
// The specifications that tests run over: every one of the catalog.

#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "memory/channels.h"
#include "memory/specification.h"
#include "memory/specification_file.h"

namespace plumb::memory {

inline const std::vector<Specification>& all_specifications() {
  static const std::vector<Specification> all = [] {
    std::vector<Specification> found;
    const Result<catalog::Catalog> catalog = catalog::Catalog::builtin();
    if (!catalog) {
      ADD_FAILURE() << one_line(catalog.error());
      std::abort();
    }
    for (const std::string& name : specification_names(*catalog)) {
      Result<Specification> specification = find_specification(name, *catalog);
      if (!specification) {
        ADD_FAILURE() << name << ": " << one_line(specification.error());
        std::abort();
      }
      found.push_back(std::move(*specification));
      if (!found.back().preset.empty()) found.back().name += ":" + found.back().preset;
    }
    return found;
  }();
  return all;
}

/// The one of that name; it must exist.
inline const Specification& catalog_specification(std::string_view name) {
  for (const Specification& specification : all_specifications())
    if (specification.name == name) return specification;
  ADD_FAILURE() << "no specification " << name;
  std::abort();
}

/// "hbm3: ACT to RD in bank: tRCDRD"
inline std::string constraint_name(const Specification& of, const Constraint& constraint) {
  const auto command = [&](int index) { return of.commands[static_cast<std::size_t>(index)].name; };
  constexpr const char* levels[] = {"channel", "pseudo-channel", "rank", "bank group", "bank"};
  return of.name + ": " + command(constraint.from) + " to " + command(constraint.to) + " in " +
         (constraint.siblings ? "another " : "the same ") + levels[static_cast<int>(constraint.level)] + ": " +
         constraint.text;
}

}  // namespace plumb::memory

namespace plumb::test {

/// A specification of the program's catalog, such as "hbm3" or "hbm3:ramulator", with so many channels (0: its own).
inline memory::Specification specification(const std::string& name, int channels = 0) {
  memory::Specification found = memory::catalog_specification(name);
  if (channels > 0) {
    EXPECT_TRUE(memory::set_channels(found, channels).has_value());
  }
  return found;
}

}  // namespace plumb::test
