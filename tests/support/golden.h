#pragma once
// Texts that a file under tests/data/ approves. Run the test with PLUMB_UPDATE_GOLDEN=1 to approve what is made now,
// then look at the difference before keeping it.

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "base/file.h"

namespace plumb::test {

/// `file` is relative to tests/data/.
inline void expect_golden(const std::string& file, const std::string& made) {
  const std::string path = std::string(PLUMB_SOURCE_DIR "/tests/data/") + file;
  if (std::getenv("PLUMB_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(write_file(path, made).has_value());
    return;
  }
  const Result<std::string> approved = read_file(path, std::size_t{1} << 20);
  ASSERT_TRUE(approved.has_value()) << render(approved.error());
  EXPECT_EQ(made, *approved) << path;
}

}  // namespace plumb::test
