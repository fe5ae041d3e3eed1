#pragma once
// Files, whole. Reading is bounded; writing is to a temporary name beside the target and then renamed, so that a reader
// never sees half a result and a full disk leaves nothing behind.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb {

/// The bytes of a file of at most `bytes_max`. "-" is not special here.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

/// Writes `bytes` to `path`, or to standard output where `path` is "-". A file that is there keeps its permissions, a
/// link goes on pointing where it does, and what is no regular file (/dev/null, a pipe) is written into instead of
/// replaced.
[[nodiscard]] Status write_file(const std::string& path, std::string_view bytes);

}  // namespace plumb
