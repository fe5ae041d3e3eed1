#include "base/toml_depth.h"

namespace plumb {
namespace {

/// The offset behind the string that opens at `at` with a quote; strings are skipped, as dots in them mean nothing.
std::size_t skip_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool escapes = quote == '"';
  const std::string_view triple = quote == '"' ? "\"\"\"" : "'''";
  const bool many_lines = text.substr(at).starts_with(triple);
  const std::string_view close = many_lines ? triple : triple.substr(0, 1);
  for (at += close.size(); at < text.size(); ++at) {
    if (escapes && text[at] == '\\') {
      ++at;
    } else if (text.substr(at).starts_with(close)) {
      at += close.size();
      // A string of many lines may end in one or two quotes of its own.
      for (int own = 0; many_lines && own < 2 && at < text.size() && text[at] == quote; ++own) ++at;
      return at;
    } else if (text[at] == '\n' && !many_lines) {
      return at;
    }
  }
  return text.size();
}

}  // namespace

std::optional<std::size_t> toml_key_too_deep(std::string_view text) {
  int parts = 1;
  for (std::size_t at = 0; at < text.size();) {
    switch (text[at]) {
      case '"':
      case '\'': at = skip_string(text, at); continue;
      case '#':
        at = text.find('\n', at);
        if (at == std::string_view::npos) return std::nullopt;
        continue;
      case '.':
        if (++parts > toml_key_depth_max) return at;
        break;
      case '\n':
      case '=':
      case ',':
      case '[':
      case ']':
      case '{':
      case '}': parts = 1; break;
      default: break;
    }
    ++at;
  }
  return std::nullopt;
}

}  // namespace plumb
