#include "memory/expression.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string>

#include <fmt/format.h>

namespace plumb::memory {
namespace {

constexpr int depth_max = 32;

class Parser {
 public:
  Parser(std::string_view text, const NameValue& value_of) : text_(text), value_of_(value_of) {}

  Result<double> whole() {
    PLUMB_ASSIGN(const double value, sum(0));
    skip_space();
    if (at_ != text_.size()) return wrong("an operator or the end");
    if (!std::isfinite(value)) return fail(input_error({}, fmt::format("{} is no finite number", in_quotes(text_))));
    return value;
  }

 private:
  Result<double> sum(int depth) {
    if (depth > depth_max) return wrong("less nesting");
    PLUMB_ASSIGN(double value, product(depth));
    while (true) {
      if (take('+')) {
        PLUMB_ASSIGN(const double other, product(depth));
        value += other;
      } else if (take('-')) {
        PLUMB_ASSIGN(const double other, product(depth));
        value -= other;
      } else {
        return value;
      }
    }
  }

  Result<double> product(int depth) {
    PLUMB_ASSIGN(double value, atom(depth));
    while (take('*')) {
      PLUMB_ASSIGN(const double other, atom(depth));
      value *= other;
    }
    return value;
  }

  Result<double> atom(int depth) {
    if (take('(')) return closing(sum(depth + 1));
    skip_space();
    if (at_ == text_.size()) return wrong("a number, a parameter or a bracket");
    const char first = text_[at_];
    if (std::isdigit(static_cast<unsigned char>(first)) != 0) return number();
    if (std::isalpha(static_cast<unsigned char>(first)) == 0) return wrong("a number, a parameter or a bracket");
    const std::string_view name = word();
    if (name == "max" && take('(')) return largest(depth);
    const std::optional<double> value = value_of_(name);
    if (!value) return fail(input_error({}, fmt::format("{} in {} is not given", in_quotes(name), in_quotes(text_))));
    return *value;
  }

  Result<double> largest(int depth) {
    PLUMB_ASSIGN(double value, sum(depth + 1));
    while (take(',')) {
      PLUMB_ASSIGN(const double other, sum(depth + 1));
      value = std::max(value, other);
    }
    return closing(value);
  }

  Result<double> closing(Result<double> value) {
    if (value && !take(')')) return wrong("\")\"");
    return value;
  }

  Result<double> number() {
    double value = 0.0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc{}) return wrong("a number");
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  std::string_view word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_'))
      ++at_;
    return text_.substr(begin, at_ - begin);
  }

  void skip_space() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  bool take(char c) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  tl::unexpected<Error> wrong(std::string expected) const {
    return fail(
        input_error({}, fmt::format("{} is wrong at character {}", in_quotes(text_), at_ + 1), std::move(expected)));
  }

  std::string_view text_;
  const NameValue& value_of_;
  std::size_t at_ = 0;
};

}  // namespace

Result<double> evaluate(std::string_view text, const NameValue& value_of) { return Parser(text, value_of).whole(); }

}  // namespace plumb::memory
