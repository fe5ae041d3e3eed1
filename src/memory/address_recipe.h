#pragma once
// An address mapping as written: which bits of a physical address become which field, from the lowest bit up. The
// offset in an access is below all of it. Its compiled form is address_mapping.h.
//
//   order = ["column:1", "channel", "pseudo_channel", "bank_group", "column", "bank", "rank", "row"]
//   xor = ["bank_group ^ row", "bank ^ row>>2"]
//
// Exclusive ors spread what strides by a power of two. A skew staggers what a sequential stream would do to all banks
// at once: at the place of the word "skew" in the order, the address above it is increased by skew_step for each value
// of the fields named, so that every bank group of every pseudo-channel comes to the end of its row at another time.
//
//   order = ["bank_group", "pseudo_channel", "column:2", "channel", "skew", "column", "bank", "rank", "row"]
//   skew = ["bank_group", "pseudo_channel"]
//
// Of a field that comes in parts, a skew goes by those before it.
//
// A field without a number takes what is left of its bits. A field whose size is no power of two must be whole.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace plumb::memory {

enum class Field : std::uint8_t { channel, pseudo_channel, rank, bank_group, bank, row, column };
inline constexpr int field_count = 7;
inline constexpr std::array<std::string_view, field_count> field_names{
    "channel", "pseudo_channel", "rank", "bank_group", "bank", "row", "column"};

struct AddressRecipe {
  struct Part {
    Field field = Field::row;
    int bits = -1;  ///< -1: what is left of the field
    Place place;
  };
  /// field ^= (other >> shift), within the field's width.
  struct Xor {
    Field field = Field::bank, other = Field::row;
    int shift = 0;
    Place place;
  };
  std::vector<Part> order;  ///< from the lowest bit
  std::size_t skew_at = 0;  ///< the part before which the address is skewed, where `skew` names fields
  std::vector<Field> skew;  ///< the first counts by one
  int skew_step = 1;
  std::vector<Xor> xors;  ///< applied in this order to the fields as they come from the address
  Place place;
};

}  // namespace plumb::memory
