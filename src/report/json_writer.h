#pragma once
// A JSON text written from front to back into a string: two spaces of indent, members in the order of the calls, the
// same calls give the same bytes.
//
//   JsonWriter json;
//   json.begin_object();
//   json.member("schema", "plumb.plan/1");
//   json.member("ttft_s", ttft.value());           // NaN and infinities become null: JSON has none
//   json.member("limit", std::optional<int>{});    // null
//   json.begin_array("fleets");                    // key and bracket in one
//   for (...) { json.begin_object(); json.member("replicas", 4); json.end_object(); }
//   json.end_array();
//   json.end_object();
//   std::string text = json.take();                // ends in a newline
//
// A value is a bool, any integer (written exactly), a double (the shortest digits that read back to it), a text,
// nullptr, or an optional of those. Quantities are written by the caller in the unit that the key names. Texts that are
// not UTF-8 are made so. Misuse, such as a value without its key, is an assertion. Thread rule: one thread.

#include <cassert>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace plumb::report {

namespace detail {
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
}  // namespace detail

class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& begin_object(std::string_view key);
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& begin_array(std::string_view key);
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  template <class T>
  JsonWriter& value(const T& v);
  template <class T>
  JsonWriter& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }
  /// An array member of anything that can be iterated over and written.
  template <class Range>
  JsonWriter& member_array(std::string_view name, const Range& items) {
    begin_array(name);
    for (const auto& item : items) value(item);
    return end_array();
  }

  /// The whole text; one value must have been written and everything closed. The writer is then empty again.
  std::string take();

 private:
  struct Level {
    bool object = false;
    bool empty = true;
  };

  void before_value();
  void begin(bool object);
  void end(bool object);
  void new_line();
  void write_null();
  void write_bool(bool v);
  void write_integer(std::int64_t v);
  void write_unsigned(std::uint64_t v);
  void write_number(double v);
  void write_string(std::string_view v);

  std::string out_;
  std::vector<Level> levels_;
  bool key_pending_ = false;
};

template <class T>
JsonWriter& JsonWriter::value(const T& v) {
  if constexpr (detail::is_optional<T>) {
    if (v) return value(*v);
    write_null();
  } else if constexpr (std::is_same_v<T, std::nullptr_t>) {
    write_null();
  } else if constexpr (std::is_same_v<T, bool>) {
    write_bool(v);
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    write_integer(v);
  } else if constexpr (std::is_integral_v<T>) {
    write_unsigned(v);
  } else if constexpr (std::is_floating_point_v<T>) {
    write_number(v);
  } else {
    static_assert(std::is_convertible_v<const T&, std::string_view>, "no JSON value; take a quantity's value()");
    write_string(v);
  }
  return *this;
}

}  // namespace plumb::report
