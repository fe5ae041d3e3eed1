#pragma once
// How deep the dotted keys of a TOML text go, found before it is parsed.

#include <cstddef>
#include <optional>
#include <string_view>

namespace plumb {

/// Parts that a dotted key (a.b.c has 3) may have.
inline constexpr int toml_key_depth_max = 32;

/// Offset of the dot that makes a key of `text` deeper than toml_key_depth_max; nothing if all are shallower. Text that
/// is not TOML may give any answer after its first mistake.
std::optional<std::size_t> toml_key_too_deep(std::string_view text);

}  // namespace plumb
