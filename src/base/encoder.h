#pragma once
// Compression of a stream, piece by piece, in the memory of one window. The same pieces give the same bytes.
// Thread rule: one thread.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb {

class Encoder {
 public:
  /// By the end of the name: ".gz" is gzip, ".zst" Zstandard, anything else none, which is a null pointer.
  [[nodiscard]] static Result<std::unique_ptr<Encoder>> for_path(const std::string& path);
  virtual ~Encoder() = default;

  /// Appends to `to` what comes out of the next `bytes`. The piece that is `last` closes the stream.
  [[nodiscard]] virtual Status encode(std::string_view bytes, bool last, std::string& to) = 0;
};

}  // namespace plumb
