#pragma once
// Specifications that tests use.

#include <string>

#include <gtest/gtest.h>

#include "memory/specification_file.h"

namespace plumb::test {

/// A specification of the program's catalog, such as "hbm3" or "hbm3:ramulator", with so many channels (0: its own).
inline memory::Specification specification(const std::string& name, int channels = 0) {
  static const Result<catalog::Catalog> catalog = catalog::Catalog::builtin();
  Result<memory::Specification> found = memory::find_specification(name, *catalog);
  EXPECT_TRUE(found.has_value()) << (found ? "" : render(found.error()));
  if (channels > 0) found->organisation.channels = channels;
  return *found;
}

}  // namespace plumb::test
