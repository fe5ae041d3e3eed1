#pragma once
// Where an address lies: an AddressRecipe compiled for an Organisation. One to one over the capacity: a mapping that is
// not is refused when it is made.
//
// Where every field has a power of two of values, every bit of a location is an exclusive or of bits of the address,
// but for the skew, which is a sum over bits of the address below it and is added above. So both are looked up by bytes
// of the address. Thread rule: immutable once made.

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "memory/address_recipe.h"
#include "memory/organisation.h"

namespace plumb::memory {

struct Location {
  int channel = 0;
  int bank = 0;  ///< of the channel, numbered flat (organisation.h)
  std::int64_t row = 0;
  int column = 0;  ///< in accesses
};

class AddressMapping {
 public:
  using Sizes = std::array<std::uint64_t, field_count>;  ///< how many values each field has

  /// Refuses a recipe that leaves bits of a field out, takes more than it has, or splits a field whose size is no power
  /// of two. `place` is for a recipe without one.
  [[nodiscard]] static Result<AddressMapping> make(const AddressRecipe& recipe, const Organisation& organisation,
                                                   const Place& place);

  /// `address` in bytes, below the capacity.
  Location locate(std::uint64_t address) const {
    if (tables_.empty()) return locate_by_fields(address);
    std::uint64_t rest = address >> access_shift_;
    if (skew_mask_ != 0) {
      std::uint64_t above = rest >> skew_from_;
      for (std::size_t i = 0; i < skew_tables_.size(); ++i) above += skew_tables_[i][rest >> 8 * i & 0xff];
      rest = (rest & ((std::uint64_t{1} << skew_from_) - 1)) | (above & skew_mask_) << skew_from_;
    }
    std::uint64_t packed = 0;
    for (std::size_t i = 0; i < tables_.size(); ++i) packed ^= tables_[i][rest >> 8 * i & 0xff];
    return unpack(packed);
  }
  /// The same, field by field.
  Location locate_by_fields(std::uint64_t address) const {
    std::array<std::uint64_t, field_count> fields{};
    std::uint64_t rest = access_shift_ >= 0 ? address >> access_shift_ : address / access_bytes_;
    for (const Stage& stage : stages_) {
      for (const Slice& slice : stage.slices) fields[slice.field] |= (rest >> slice.from & slice.mask) << slice.to;
      rest >>= stage.shift;
      if (stage.skew_size != 0) rest = (rest + skew_of(fields)) % stage.skew_size;
      if (stage.radix != 0) {
        fields[stage.radix_field] = rest % stage.radix;
        rest /= stage.radix;
      }
    }
    for (const Mix& mix : mixes_) fields[mix.field] ^= fields[mix.other] >> mix.shift & mix.mask;
    return flat(fields);
  }

  /// The address of the first byte of a location's access.
  std::uint64_t address_of(const Location& location) const;

 private:
  struct Slice {
    std::uint8_t field = 0, from = 0, to = 0;
    std::uint64_t mask = 0;
  };
  struct Stage {
    std::vector<Slice> slices;
    int shift = 0;            ///< bits that the slices take
    std::uint64_t radix = 0;  ///< 0: none; else a whole field whose size is no power of two comes next
    std::uint8_t radix_field = 0;
    std::uint64_t skew_size = 0;  ///< 0: none; else what is left is skewed here, and has so many values
  };
  struct Skew {
    std::uint8_t field = 0;
    std::uint64_t weight = 0;
    std::uint64_t mask = 0;  ///< the bits of the field that are known where the address is skewed
  };
  struct Mix {
    std::uint8_t field = 0, other = 0, shift = 0;
    std::uint64_t mask = 0;
  };

  [[nodiscard]] Status add_skew(const AddressRecipe& recipe, const Sizes& sizes,
                                const std::array<int, field_count>& taken, std::uint64_t left, const Place& place);
  std::uint64_t skew_of(const std::array<std::uint64_t, field_count>& fields) const {
    std::uint64_t sum = 0;
    for (const Skew& skew : skews_) sum += (fields[skew.field] & skew.mask) * skew.weight;
    return sum;
  }

  // A location in 64 bits.
  static constexpr int channel_bits = 12, bank_bits = 12, column_bits = 16, row_bits = 24;
  static Location unpack(std::uint64_t packed) {
    const auto take = [&](int bits) {
      const std::uint64_t value = packed & ((std::uint64_t{1} << bits) - 1);
      packed >>= bits;
      return value;
    };
    Location location;
    location.channel = static_cast<int>(take(channel_bits));
    location.bank = static_cast<int>(take(bank_bits));
    location.column = static_cast<int>(take(column_bits));
    location.row = static_cast<std::int64_t>(packed);
    return location;
  }
  /// Makes the tables, where the mapping allows it.
  void tabulate(const Organisation& organisation);
  std::uint64_t pack_of(std::uint64_t skewed) const;
  std::uint64_t skew_of_bits(std::uint64_t rest) const;

  Location flat(const std::array<std::uint64_t, field_count>& fields) const {
    const auto at = [&](Field field) { return static_cast<int>(fields[static_cast<std::size_t>(field)]); };
    return {at(Field::channel),
            ((at(Field::pseudo_channel) * ranks_ + at(Field::rank)) * bank_groups_ + at(Field::bank_group)) *
                    banks_per_group_ +
                at(Field::bank),
            static_cast<std::int64_t>(fields[static_cast<std::size_t>(Field::row)]), at(Field::column)};
  }

  std::vector<Stage> stages_;
  std::vector<Mix> mixes_;
  std::vector<Skew> skews_;
  std::uint64_t access_bytes_ = 1;
  int access_shift_ = 0;  ///< -1: the access is no power of two
  int ranks_ = 1, bank_groups_ = 1, banks_per_group_ = 1;

  using Table = std::array<std::uint64_t, 256>;
  std::vector<Table> tables_;       ///< packed locations by the address's bytes; none: field by field
  std::vector<Table> skew_tables_;  ///< by the bytes below the skew
  int skew_from_ = 0;               ///< bits below it
  std::uint64_t skew_mask_ = 0;     ///< of what is above; 0: no skew
};

}  // namespace plumb::memory
