#pragma once
// A file opened for reading, and the words for what the system refuses. The door to the disk that read_file and
// LineReader share. Thread rule: one thread.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb {

class InputFile {
 public:
  /// A folder or a path that cannot be opened is an error.
  [[nodiscard]] static Result<InputFile> open(const std::string& path);

  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;
  ~InputFile();

  /// Reads into the front of `into`, which is not empty; returns the number of bytes, 0 only at the end.
  [[nodiscard]] Result<std::size_t> read(std::span<char> into);
  const std::string& path() const { return path_; }

 private:
  InputFile(std::string path, int descriptor);
  std::string path_;
  int descriptor_ = -1;
};

/// The error for a system call that failed with errno `code`: "cannot open: No such file or directory". What the user
/// can put right (a wrong path, a missing permission) is an input error, the rest (a full disk) is the machine's.
Error system_error(std::string_view verb, const std::string& path, int code);

/// The error for a path that no file can have: one with a zero byte, which the system would silently cut short.
/// Otherwise nothing.
[[nodiscard]] Status check_path(const std::string& path);

}  // namespace plumb
