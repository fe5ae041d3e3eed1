#include "memory/address_mapping.h"

#include <bit>
#include <string>

#include <fmt/format.h>

namespace plumb::memory {
namespace {

AddressMapping::Sizes sizes_of(const Organisation& of) {
  return {static_cast<std::uint64_t>(of.channels),        static_cast<std::uint64_t>(of.pseudo_channels),
          static_cast<std::uint64_t>(of.ranks),           static_cast<std::uint64_t>(of.bank_groups),
          static_cast<std::uint64_t>(of.banks_per_group), static_cast<std::uint64_t>(of.rows),
          static_cast<std::uint64_t>(of.columns())};
}

std::string_view name_of(std::size_t field) { return field_names[field]; }

std::uint64_t mask_of(int bits) { return (std::uint64_t{1} << bits) - 1; }

}  // namespace

Result<AddressMapping> AddressMapping::make(const AddressRecipe& recipe, const Organisation& organisation,
                                            const Place& otherwise) {
  const Place place = recipe.place.line > 0 ? recipe.place : otherwise;
  const auto refuse = [&](const Place& at, std::string message, std::string expected) {
    return fail(input_error(at.line > 0 ? at : place, std::move(message), std::move(expected)));
  };
  const Sizes sizes = sizes_of(organisation);
  std::array<int, field_count> taken{};  // bits, or 1 of a whole field
  AddressMapping mapping;
  mapping.stages_.emplace_back();
  std::uint64_t left = 1;  // values of what has not been taken yet
  for (const std::uint64_t size : sizes) left *= size;
  for (std::size_t at = 0; at < recipe.order.size(); ++at) {
    const AddressRecipe::Part& part = recipe.order[at];
    if (!recipe.skew.empty() && recipe.skew_at == at) {
      PLUMB_TRY(mapping.add_skew(recipe, sizes, taken, left, place));
    }
    const auto field = static_cast<std::size_t>(part.field);
    const std::uint64_t size = sizes[field];
    Stage& stage = mapping.stages_.back();
    if (!std::has_single_bit(size)) {
      if (part.bits >= 0 || taken[field] != 0)
        return refuse(part.place,
                      fmt::format("{} is split though its size {} is no power of two", name_of(field), size),
                      fmt::format("\"{}\" once", name_of(field)));
      taken[field] = 1;
      left /= size;
      stage.radix = size;
      stage.radix_field = static_cast<std::uint8_t>(field);
      mapping.stages_.emplace_back();
      continue;
    }
    const int width = std::countr_zero(size);
    const int bits = part.bits >= 0 ? part.bits : width - taken[field];
    if (bits + taken[field] > width)
      return refuse(part.place,
                    fmt::format("{} has {} bits, of which {} are taken", name_of(field), width, bits + taken[field]),
                    fmt::format("{} bits in all", width));
    stage.slices.push_back({static_cast<std::uint8_t>(field), static_cast<std::uint8_t>(stage.shift),
                            static_cast<std::uint8_t>(taken[field]), mask_of(bits)});
    stage.shift += bits;
    taken[field] += bits;
    left >>= bits;
  }
  for (std::size_t field = 0; field < sizes.size(); ++field) {
    const int width = std::has_single_bit(sizes[field]) ? std::countr_zero(sizes[field]) : 1;
    if (taken[field] != width)
      return refuse(place,
                    fmt::format("the mapping is not one to one: it takes {} of the {} bits of {}", taken[field], width,
                                name_of(field)),
                    fmt::format("\"{}\" in order", name_of(field)));
  }
  for (const AddressRecipe::Xor& made : recipe.xors) {
    const auto field = static_cast<std::size_t>(made.field);
    if (made.field == made.other)
      return refuse(made.place, fmt::format("the mapping is not one to one: {} ^ {}", name_of(field), name_of(field)),
                    "another field on the right");
    if (!std::has_single_bit(sizes[field]))
      return refuse(made.place, fmt::format("{} has {} values, no power of two", name_of(field), sizes[field]),
                    "a field whose size is a power of two");
    mapping.mixes_.push_back({static_cast<std::uint8_t>(field), static_cast<std::uint8_t>(made.other),
                              static_cast<std::uint8_t>(made.shift), sizes[field] - 1});
  }
  mapping.access_bytes_ = static_cast<std::uint64_t>(organisation.access_bytes);
  mapping.access_shift_ = std::has_single_bit(mapping.access_bytes_) ? std::countr_zero(mapping.access_bytes_) : -1;
  mapping.ranks_ = organisation.ranks;
  mapping.bank_groups_ = organisation.bank_groups;
  mapping.banks_per_group_ = organisation.banks_per_group;
  mapping.tabulate(organisation);
  return mapping;
}

void AddressMapping::tabulate(const Organisation& organisation) {
  const auto fits = [](std::int64_t count, int bits) { return count <= std::int64_t{1} << bits; };
  const bool packed = fits(organisation.channels, channel_bits) && fits(organisation.banks(), bank_bits) &&
                      fits(organisation.columns(), column_bits) && fits(organisation.rows, row_bits);
  if (!packed || access_shift_ < 0) return;
  int bits = 0;
  for (const Stage& stage : stages_) {
    if (stage.radix != 0) return;
    bits += stage.shift;
    if (stage.skew_size == 0) continue;
    skew_from_ = bits;
    skew_mask_ = stage.skew_size - 1;
  }
  const auto tables_for = [](int of_bits) { return static_cast<std::size_t>(of_bits + 7) / 8; };
  tables_.resize(tables_for(bits));
  for (std::size_t i = 0; i < tables_.size(); ++i)
    for (std::uint64_t byte = 0; byte < tables_[i].size(); ++byte) tables_[i][byte] = pack_of(byte << 8 * i);
  skew_tables_.resize(skew_mask_ == 0 ? 0 : tables_for(skew_from_));
  for (std::size_t i = 0; i < skew_tables_.size(); ++i)
    for (std::uint64_t byte = 0; byte < skew_tables_[i].size(); ++byte)
      skew_tables_[i][byte] = skew_of_bits(byte << 8 * i & mask_of(skew_from_));
}

/// The location, packed, of an address in accesses whose skew has been added.
std::uint64_t AddressMapping::pack_of(std::uint64_t skewed) const {
  std::array<std::uint64_t, field_count> fields{};
  for (const Stage& stage : stages_) {
    for (const Slice& slice : stage.slices) fields[slice.field] |= (skewed >> slice.from & slice.mask) << slice.to;
    skewed >>= stage.shift;
  }
  for (const Mix& mix : mixes_) fields[mix.field] ^= fields[mix.other] >> mix.shift & mix.mask;
  const Location at = flat(fields);
  const auto row = static_cast<std::uint64_t>(at.row);
  const auto column = static_cast<std::uint64_t>(at.column), bank = static_cast<std::uint64_t>(at.bank);
  return ((row << column_bits | column) << bank_bits | bank) << channel_bits | static_cast<std::uint64_t>(at.channel);
}

/// What those of the bits below the skew that are set add above it.
std::uint64_t AddressMapping::skew_of_bits(std::uint64_t rest) const {
  std::array<std::uint64_t, field_count> fields{};
  for (const Stage& stage : stages_) {
    for (const Slice& slice : stage.slices) fields[slice.field] |= (rest >> slice.from & slice.mask) << slice.to;
    rest >>= stage.shift;
    if (stage.skew_size != 0) break;
  }
  return skew_of(fields);
}

Status AddressMapping::add_skew(const AddressRecipe& recipe, const Sizes& sizes,
                                const std::array<int, field_count>& taken, std::uint64_t left, const Place& place) {
  std::uint64_t weight = static_cast<std::uint64_t>(recipe.skew_step), most = 0;
  for (const Field named : recipe.skew) {
    const auto field = static_cast<std::size_t>(named);
    if (taken[field] == 0 && sizes[field] > 1)
      return fail(input_error(place,
                              fmt::format("the address is skewed by {} before any of it is known", name_of(field)),
                              "\"skew\" in order behind the fields that it goes by"));
    // Of a field in parts, what is known here.
    const std::uint64_t known = std::has_single_bit(sizes[field]) ? mask_of(taken[field]) : sizes[field] - 1;
    const std::uint64_t mask = std::has_single_bit(sizes[field]) ? known : ~std::uint64_t{0};
    skews_.push_back({static_cast<std::uint8_t>(field), weight, mask});
    most += weight * known;
    weight *= known + 1;
  }
  if (most >= left)
    return fail(
        input_error(place, fmt::format("the address is skewed by up to {} of {}", most, left), "a smaller skew_step"));
  stages_.back().skew_size = left;
  stages_.emplace_back();
  return {};
}

std::uint64_t AddressMapping::address_of(const Location& location) const {
  std::array<std::uint64_t, field_count> fields{};
  const auto put = [&](Field field, std::uint64_t value) { fields[static_cast<std::size_t>(field)] = value; };
  auto bank = static_cast<std::uint64_t>(location.bank);
  const auto digit = [&](int radix) {
    const std::uint64_t value = bank % static_cast<std::uint64_t>(radix);
    bank /= static_cast<std::uint64_t>(radix);
    return value;
  };
  put(Field::bank, digit(banks_per_group_));
  put(Field::bank_group, digit(bank_groups_));
  put(Field::rank, digit(ranks_));
  put(Field::pseudo_channel, bank);
  put(Field::channel, static_cast<std::uint64_t>(location.channel));
  put(Field::row, static_cast<std::uint64_t>(location.row));
  put(Field::column, static_cast<std::uint64_t>(location.column));
  // An exclusive or with another field undoes itself, last first.
  for (auto mix = mixes_.rbegin(); mix != mixes_.rend(); ++mix)
    fields[mix->field] ^= fields[mix->other] >> mix->shift & mix->mask;
  std::uint64_t address = 0;
  for (auto stage = stages_.rbegin(); stage != stages_.rend(); ++stage) {
    if (stage->radix != 0) address = address * stage->radix + fields[stage->radix_field];
    if (stage->skew_size != 0) address = (address + stage->skew_size - skew_of(fields)) % stage->skew_size;
    address <<= stage->shift;
    for (const Slice& slice : stage->slices) address |= (fields[slice.field] >> slice.to & slice.mask) << slice.from;
  }
  return address * access_bytes_;
}

}  // namespace plumb::memory
