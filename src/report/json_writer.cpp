#include "report/json_writer.h"

#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "report/text.h"

namespace plumb::report {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (byte < 0x20 || byte == 0x7F)
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
        else
          out += c;
    }
  }
  out += '"';
}

}  // namespace

JsonWriter& JsonWriter::begin_object() { return begin(true), *this; }
JsonWriter& JsonWriter::begin_object(std::string_view name) { return key(name), begin(true), *this; }
JsonWriter& JsonWriter::end_object() { return end(true), *this; }
JsonWriter& JsonWriter::begin_array() { return begin(false), *this; }
JsonWriter& JsonWriter::begin_array(std::string_view name) { return key(name), begin(false), *this; }
JsonWriter& JsonWriter::end_array() { return end(false), *this; }

JsonWriter& JsonWriter::key(std::string_view name) {
  assert(!levels_.empty() && levels_.back().object && "a key stands in an object");
  assert(!key_pending_ && "the key before this one has no value");
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
  new_line();
  append_quoted(out_, name);
  out_ += ": ";
  key_pending_ = true;
  return *this;
}

std::string JsonWriter::take() {
  assert(levels_.empty() && "an object or array is still open");
  assert(!out_.empty() && "nothing was written");
  out_ += '\n';
  return std::exchange(out_, {});
}

void JsonWriter::before_value() {
  if (levels_.empty()) {
    assert(out_.empty() && "a text holds one value");
  } else if (levels_.back().object) {
    assert(key_pending_ && "a value in an object needs a key");
    key_pending_ = false;
  } else {
    if (!levels_.back().empty) out_ += ',';
    levels_.back().empty = false;
    new_line();
  }
}

void JsonWriter::begin(bool object) {
  before_value();
  out_ += object ? '{' : '[';
  levels_.push_back({object, true});
}

void JsonWriter::end(bool object) {
  assert(!levels_.empty() && levels_.back().object == object && "this closes what is not open");
  assert(!key_pending_ && "the last key has no value");
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty) new_line();
  out_ += object ? '}' : ']';
}

void JsonWriter::new_line() {
  out_ += '\n';
  out_.append(2 * levels_.size(), ' ');
}

void JsonWriter::write_null() {
  before_value();
  out_ += "null";
}

void JsonWriter::write_bool(bool v) {
  before_value();
  out_ += v ? "true" : "false";
}

void JsonWriter::write_integer(std::int64_t v) {
  before_value();
  fmt::format_to(std::back_inserter(out_), "{}", v);
}

void JsonWriter::write_unsigned(std::uint64_t v) {
  before_value();
  fmt::format_to(std::back_inserter(out_), "{}", v);
}

void JsonWriter::write_number(double v) {
  if (!std::isfinite(v)) return write_null();
  before_value();
  fmt::format_to(std::back_inserter(out_), "{}", v);
}

void JsonWriter::write_string(std::string_view v) {
  before_value();
  append_quoted(out_, v);
}

}  // namespace plumb::report
