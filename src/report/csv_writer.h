#pragma once
// CSV by RFC 4180: fields with a comma, a quote or a line end are quoted, quotes are doubled. Lines end in "\n" alone,
// which every reader accepts and Unix tools expect. The same calls give the same bytes.
//
//   CsvWriter csv({"request", "ttft_s", "model"});
//   csv.row(17, 0.412, "qwen3-8b");            // integers, doubles (shortest digits), texts, bools, optionals
//   std::string text = csv.take();
//
// NaN, infinities and empty optionals are empty fields. A row of another length than the header is an assertion.
// Thread rule: one thread.

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace plumb::report {

class CsvWriter {
 public:
  explicit CsvWriter(std::initializer_list<std::string_view> header);
  explicit CsvWriter(std::span<const std::string> header);

  template <class... Values>
  void row(const Values&... values) {
    (field(values), ...);
    end_row();
  }
  /// One field of a row whose length is not known when the program is written; end_row() closes the row.
  template <class T>
  void field(const T& value);
  void end_row();

  /// What was written so far; more rows may follow, so that a long file can be written in pieces.
  std::string take();

 private:
  template <class T>
  struct Optional : std::false_type {};
  template <class T>
  struct Optional<std::optional<T>> : std::true_type {};

  void text(std::string_view value);
  void number(double value);
  void raw(std::string_view value);

  std::string out_;
  std::size_t columns_ = 0;
  std::size_t fields_ = 0;  ///< of the row that is being written
};

template <class T>
void CsvWriter::field(const T& value) {
  if constexpr (Optional<T>::value) {
    if (value)
      field(*value);
    else
      raw("");
  } else if constexpr (std::is_same_v<T, bool>) {
    raw(value ? "true" : "false");
  } else if constexpr (std::is_integral_v<T>) {
    raw(std::to_string(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    number(value);
  } else {
    static_assert(std::is_convertible_v<const T&, std::string_view>, "no CSV field; take a quantity's value()");
    text(value);
  }
}

}  // namespace plumb::report
