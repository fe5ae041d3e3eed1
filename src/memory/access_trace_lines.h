#pragma once
// The lines of a trace of accesses, one after another. Knows no files, so that anything that has lines can be read, and
// fuzzed. Thread rule: one thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "memory/access_trace.h"

namespace plumb::memory {

struct AccessTraceFormat;

class AccessTraceLines {
 public:
  /// `name` is what messages call the trace.
  AccessTraceLines(std::string name, const TraceSystem& system);

  /// Takes the next line. True where it holds an access, which is put into `access`.
  [[nodiscard]] Result<bool> take(std::string_view line, AddressedAccess& access);

  /// Says that no access was found.
  Error no_accesses() const;

  // For the formats:
  struct Field {
    std::string_view text;
    int column = 0;  ///< in bytes from 1
  };
  using Fields = std::vector<Field>;
  /// An address in bytes; `hexadecimal`: also without 0x.
  [[nodiscard]] Status read_address(const Field& field, bool hexadecimal, AddressedAccess& access) const;
  /// "0,0,1,2,345,6"
  [[nodiscard]] Status read_place(const Field& field, AddressedAccess& access) const;
  [[nodiscard]] Status read_clock(const Field& field, AddressedAccess& access) const;

 private:
  void split(std::string_view line);
  Error at_line(Error error, std::string_view line) const;

  std::string name_;
  TraceSystem system_;
  std::uint64_t capacity_;
  const AccessTraceFormat* format_ = nullptr;
  Fields fields_;
  Tick arrival_before_ = 0;
  int line_number_ = 0;
};

/// A format: a name, a line as messages show it, and two functions over a line's fields.
struct AccessTraceFormat {
  std::string_view name, example;
  bool (*recognises)(const AccessTraceLines::Fields& fields);
  Status (*parse)(const AccessTraceLines& lines, const AccessTraceLines::Fields& fields, AddressedAccess& access);
};

}  // namespace plumb::memory
