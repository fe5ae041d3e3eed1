#pragma once
// Lines of a text file, plain, gzip or Zstandard by its first bytes (not its name), in bounded memory. A UTF-8 byte
// order mark is no part of the first line; a text in UTF-16 is refused. Thread rule: one thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb {

class ByteSource;

class LineReader {
 public:
  /// A line longer than `line_bytes_max` is an error at its place: no text that people write has one.
  [[nodiscard]] static Result<LineReader> open(const std::string& path,
                                               std::size_t line_bytes_max = std::size_t{64} << 20);

  /// The same of bytes that are in memory and outlive it; `name` is what messages call them.
  [[nodiscard]] static Result<LineReader> of(std::string_view bytes, std::string name,
                                             std::size_t line_bytes_max = std::size_t{64} << 20);

  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;
  ~LineReader();

  /// Puts the next line, without its end ("\n" or "\r\n"), into `line`, valid until the next call. False at the end of
  /// the file. A truncated or damaged compressed file is an error at the line that could not be completed; what is
  /// whole before it is handed out first. An error stays: every later call returns it again.
  [[nodiscard]] Result<bool> next(std::string_view& line);

  std::int64_t line_number() const;  ///< of the line last returned, from 1
  const std::string& path() const;
  Place place(int column = 0) const;

 private:
  struct State;
  LineReader(std::unique_ptr<ByteSource> source, std::string name, std::size_t line_bytes_max);
  std::unique_ptr<State> state_;
};

}  // namespace plumb
