#include "memory/address_recipe_reader.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace plumb::memory {
namespace {

std::optional<Field> field_named(std::string_view name) {
  const auto found = std::find(field_names.begin(), field_names.end(), name);
  if (found == field_names.end()) return std::nullopt;
  return static_cast<Field>(found - field_names.begin());
}

std::optional<int> small_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr int bits_max = 62;
  if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > bits_max) return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// "column" or "column:2".
std::optional<AddressRecipe::Part> part_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::optional<Field> field = field_named(trimmed(text.substr(0, colon)));
  if (!field) return std::nullopt;
  AddressRecipe::Part part{*field, -1, {}};
  if (colon == std::string_view::npos) return part;
  const std::optional<int> bits = small_number(trimmed(text.substr(colon + 1)));
  if (!bits || *bits == 0) return std::nullopt;
  part.bits = *bits;
  return part;
}

/// "bank ^ row" or "bank ^ row>>2".
std::optional<AddressRecipe::Xor> xor_of(std::string_view text) {
  const std::size_t hat = text.find('^');
  if (hat == std::string_view::npos) return std::nullopt;
  std::string_view right = text.substr(hat + 1);
  AddressRecipe::Xor made;
  if (const std::size_t shift = right.find(">>"); shift != std::string_view::npos) {
    const std::optional<int> bits = small_number(trimmed(right.substr(shift + 2)));
    if (!bits) return std::nullopt;
    made.shift = *bits;
    right = right.substr(0, shift);
  }
  const std::optional<Field> field = field_named(trimmed(text.substr(0, hat))), other = field_named(trimmed(right));
  if (!field || !other) return std::nullopt;
  made.field = *field;
  made.other = *other;
  return made;
}

}  // namespace

void read_recipe(Reader& table, AddressRecipe& recipe) {
  if (table.has("order")) {
    recipe = {};
    recipe.place = table.place("order");
  }
  for (const std::string& text : table.texts("order")) {
    if (text == "skew") {
      recipe.skew_at = recipe.order.size();
      continue;
    }
    const auto part = part_of(text);
    if (!part) {
      table.reject(
          "order", fmt::format("{} is no part of an address", in_quotes(text)),
          fmt::format("one of {}, with \":bits\" where only some of its bits are meant", fmt::join(field_names, ", ")));
      return;
    }
    recipe.order.push_back(*part);
    recipe.order.back().place = table.place("order");
  }
  if (table.has("skew")) recipe.skew.clear();
  for (const std::string& text : table.texts("skew")) {
    const auto field = field_named(text);
    if (!field) {
      table.reject("skew", fmt::format("{} is no field", in_quotes(text)),
                   fmt::format("some of {}", fmt::join(field_names, ", ")));
      return;
    }
    recipe.skew.push_back(*field);
  }
  if (auto step = table.integer_if("skew_step", {1.0, 4096.0})) recipe.skew_step = static_cast<int>(*step);
  if (table.has("xor")) recipe.xors.clear();
  for (const std::string& text : table.texts("xor")) {
    const auto made = xor_of(text);
    if (!made) {
      table.reject("xor", fmt::format("{} is no exclusive or of two fields", in_quotes(text)),
                   "such as \"bank ^ row>>2\"");
      return;
    }
    recipe.xors.push_back(*made);
    recipe.xors.back().place = table.place("xor");
  }
}

}  // namespace plumb::memory
