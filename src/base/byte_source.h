#pragma once
// The bytes of a file or of memory, decompressed where its first bytes (not its name) say gzip or Zstandard. Several
// gzip members or Zstandard frames in a row are one text. Memory is one buffer and the decoder's window. Thread rule:
// one thread.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb {

class ByteSource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<ByteSource>> open(const std::string& path);
  /// The same of bytes that are in memory and outlive it, such as what the program carries; `name` is for messages.
  [[nodiscard]] static Result<std::unique_ptr<ByteSource>> of(std::string_view bytes, std::string name);
  virtual ~ByteSource() = default;

  /// Fills the front of `into`, which is not empty; returns the number of bytes, 0 only at the end. A truncated or
  /// damaged stream is an error without a line: the caller knows how far it has read.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<char> into) = 0;
};

}  // namespace plumb
