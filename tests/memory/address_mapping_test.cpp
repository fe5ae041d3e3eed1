// Is every mapping that is accepted one to one over the whole capacity, and does each part of a recipe do what it says?

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/reader.h"
#include "memory/address_mapping.h"
#include "memory/address_recipe_reader.h"
#include "specification_text.h"

namespace plumb::memory {
namespace {

using Key = std::tuple<int, int, std::int64_t, int>;

Key key_of(const Location& at) { return {at.channel, at.bank, at.row, at.column}; }

Organisation small() {
  Organisation of;
  of.channels = 2;
  of.bank_groups = 2;
  of.banks_per_group = 2;
  of.rows = 8;
  of.row_bytes = 256;
  of.access_bytes = 32;
  return of;
}

AddressRecipe recipe_of(const std::string& text) {
  const auto document = Document::parse_toml(text, "recipe.toml");
  EXPECT_TRUE(document);
  Reader table(*document);
  AddressRecipe recipe;
  read_recipe(table, recipe);
  EXPECT_TRUE(table.finish());
  return recipe;
}

std::string refusal(const std::string& text, const Organisation& of = small()) {
  const auto mapping = AddressMapping::make(recipe_of(text), of, {});
  return mapping ? std::string() : one_line(mapping.error());
}

void expect_one_to_one(const AddressMapping& mapping, const Organisation& of) {
  std::set<Key> seen;
  for (std::uint64_t address = 0; address < static_cast<std::uint64_t>(of.capacity_bytes());
       address += static_cast<std::uint64_t>(of.access_bytes)) {
    const Location at = mapping.locate(address);
    RC_ASSERT(at.channel >= 0 && at.channel < of.channels && at.bank >= 0 && at.bank < of.banks());
    RC_ASSERT(at.row >= 0 && at.row < of.rows && at.column >= 0 && at.column < of.columns());
    RC_ASSERT(seen.insert(key_of(at)).second);
    RC_ASSERT(mapping.address_of(at) == address);
  }
}

int count(int low, int high) { return *rc::gen::inRange(low, high + 1); }

/// A memory of few thousand accesses, of which some counts are no powers of two.
Organisation any_organisation() {
  Organisation of;
  of.channels = *rc::gen::element(1, 2, 3, 4);
  of.pseudo_channels = *rc::gen::element(1, 2);
  of.ranks = *rc::gen::element(1, 2, 3);
  of.bank_groups = *rc::gen::element(1, 2, 4);
  of.banks_per_group = *rc::gen::element(1, 2, 3, 4);
  of.rows = *rc::gen::element(1, 4, 6, 8);
  of.access_bytes = *rc::gen::element(32, 64, 48);
  of.row_bytes = static_cast<std::int64_t>(of.access_bytes) * *rc::gen::element(1, 2, 4, 8);
  return of;
}

bool power_of_two(std::int64_t value) { return (value & (value - 1)) == 0; }

std::int64_t size_of(const Organisation& of, Field field) {
  const std::int64_t sizes[] = {of.channels, of.pseudo_channels, of.ranks, of.bank_groups, of.banks_per_group,
                                of.rows,     of.columns()};
  return sizes[static_cast<std::size_t>(field)];
}

AddressRecipe any_recipe(const Organisation& of) {
  AddressRecipe recipe;
  std::vector<AddressRecipe::Part> parts;
  for (int i = 0; i < field_count; ++i) {
    const auto field = static_cast<Field>(i);
    // A field of at least two bits may come in two parts; which of them comes first is the shuffle's.
    if (power_of_two(size_of(of, field)) && size_of(of, field) >= 4 && *rc::gen::arbitrary<bool>())
      parts.push_back({field, 1, {}});
    parts.push_back({field, -1, {}});
  }
  while (!parts.empty()) {
    const auto at = static_cast<std::size_t>(count(0, static_cast<int>(parts.size()) - 1));
    recipe.order.push_back(parts[at]);
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at));
  }
  // A part that takes what is left must be the last of its field.
  for (int i = 0; i < field_count; ++i) {
    std::vector<AddressRecipe::Part*> own;
    for (AddressRecipe::Part& part : recipe.order)
      if (part.field == static_cast<Field>(i)) own.push_back(&part);
    if (own.size() == 2) std::tie(own[0]->bits, own[1]->bits) = std::pair(1, -1);
  }
  recipe.skew_at = static_cast<std::size_t>(count(0, static_cast<int>(recipe.order.size()) - 1));
  for (int i = 0; i < field_count; ++i) {
    const auto field = static_cast<Field>(i);
    const auto end = recipe.order.begin() + static_cast<std::ptrdiff_t>(recipe.skew_at);
    const bool known =
        size_of(of, field) > 1 &&
        std::any_of(recipe.order.begin(), end, [&](const AddressRecipe::Part& part) { return part.field == field; });
    if (known && *rc::gen::arbitrary<bool>()) recipe.skew.push_back(field);
  }
  recipe.skew_step = count(1, 3);
  for (int i = count(0, 3); i > 0; --i) {
    const auto field = static_cast<Field>(count(0, field_count - 1)), other = static_cast<Field>(count(0, 6));
    if (field == other || !power_of_two(size_of(of, field))) continue;
    recipe.xors.push_back({field, other, count(0, 3), {}});
  }
  return recipe;
}

RC_GTEST_PROP(AddressMapping, IsOneToOne, ()) {
  const Organisation of = any_organisation();
  AddressRecipe recipe = any_recipe(of);
  auto mapping = AddressMapping::make(recipe, of, {});
  if (!mapping) {
    // Only a skew that is larger than what it shifts may be refused.
    RC_ASSERT(mapping.error().message.find("skewed by up to") != std::string::npos);
    recipe.skew.clear();
    mapping = AddressMapping::make(recipe, of, {});
  }
  RC_ASSERT(mapping.has_value());
  expect_one_to_one(*mapping, of);
}

// Every specification of the catalogue, at addresses all over its capacity.
TEST(AddressMapping, OfTheCatalogueGoesThereAndBack) {
  for (const std::string& name : specification_names(facts())) {
    const Specification spec = specification(name);
    const auto mapping = AddressMapping::make(spec.mapping, spec.organisation, {});
    ASSERT_TRUE(mapping) << name;
    const auto accesses = static_cast<std::uint64_t>(spec.organisation.capacity_bytes()) /
                          static_cast<std::uint64_t>(spec.organisation.access_bytes);
    constexpr std::uint64_t stride = 1000003;
    for (std::uint64_t i = 0, access = 0; i < 20000; ++i, access = (access + stride * i) % accesses) {
      const std::uint64_t address = access * static_cast<std::uint64_t>(spec.organisation.access_bytes);
      ASSERT_EQ(mapping->address_of(mapping->locate(address)), address) << name;
    }
  }
}

TEST(AddressMapping, TakesItsPartsFromTheLowestBit) {
  const auto mapping = AddressMapping::make(
      recipe_of("order = [\"column:1\", \"channel\", \"bank_group\", \"column\", \"bank\", \"row\"]"), small(), {});
  ASSERT_TRUE(mapping);
  const auto at = [&](std::uint64_t access) { return key_of(mapping->locate(access * 32)); };
  EXPECT_EQ(at(0), Key(0, 0, 0, 0));
  EXPECT_EQ(at(1), Key(0, 0, 0, 1));
  EXPECT_EQ(at(2), Key(1, 0, 0, 0));
  EXPECT_EQ(at(4), Key(0, 2, 0, 0)) << "the second group's banks come behind the first's";
  EXPECT_EQ(at(8), Key(0, 0, 0, 2));
  EXPECT_EQ(at(32), Key(0, 1, 0, 0));
  EXPECT_EQ(at(64), Key(0, 0, 1, 0));
  EXPECT_EQ(mapping->locate(33).column, 1) << "the offset in an access does not matter";
}

TEST(AddressMapping, ExclusiveOrsSpreadRows) {
  const auto mapping = AddressMapping::make(
      recipe_of("order = [\"column\", \"channel\", \"bank_group\", \"bank\", \"row\"]\nxor = [\"bank ^ row>>1\"]"),
      small(), {});
  ASSERT_TRUE(mapping);
  constexpr std::uint64_t row = 64 * 32;
  EXPECT_EQ(mapping->locate(1 * row).bank, 0);
  EXPECT_EQ(mapping->locate(2 * row).bank, 1);
  EXPECT_EQ(mapping->locate(3 * row).bank, 1);
}

// With a skew the two groups end their rows half a row apart; without, at once.
TEST(AddressMapping, ASkewStaggersTheEndsOfRows) {
  const auto rows_end = [](const char* recipe) {
    const auto mapping = AddressMapping::make(recipe_of(recipe), small(), {});
    EXPECT_TRUE(mapping);
    std::vector<std::uint64_t> ends;
    for (int bank : {0, 2})
      for (std::uint64_t access = 0; access < 64; ++access) {
        const Location at = mapping->locate(access * 32);
        if (at.channel == 0 && at.bank == bank && at.column == 7) ends.push_back(access / 2);
      }
    return ends;
  };
  EXPECT_EQ(rows_end("order = [\"channel\", \"bank_group\", \"column\", \"bank\", \"row\"]"),
            (std::vector<std::uint64_t>{14, 15}));
  EXPECT_EQ(rows_end("order = [\"channel\", \"bank_group\", \"skew\", \"column\", \"bank\", \"row\"]\n"
                     "skew = [\"bank_group\"]\nskew_step = 4"),
            (std::vector<std::uint64_t>{14, 7}));
}

TEST(AddressMapping, RefusesWhatIsNotOneToOne) {
  Organisation three = small();
  three.ranks = 3;
  EXPECT_EQ(
      refusal("order = [\"column\", \"channel\", \"bank_group\", \"row\"]"),
      "recipe.toml:1:9: the mapping is not one to one: it takes 0 of the 1 bits of bank; expected \"bank\" in order");
  EXPECT_EQ(refusal("order = [\"column\", \"column:1\", \"channel\", \"bank_group\", \"bank\", \"row\"]"),
            "recipe.toml:1:9: column has 3 bits, of which 4 are taken; expected 3 bits in all");
  EXPECT_EQ(refusal("order = [\"column\", \"channel\", \"bank_group\", \"bank\", \"row\"]\nxor = [\"bank ^ bank\"]"),
            "recipe.toml:2:7: the mapping is not one to one: bank ^ bank; expected another field on the right");
  EXPECT_EQ(
      refusal("order = [\"column\", \"channel\", \"bank_group\", \"bank\", \"rank:1\", \"row\", \"rank\"]", three),
      "recipe.toml:1:9: rank is split though its size 3 is no power of two; expected \"rank\" once");
  EXPECT_EQ(refusal("order = [\"column\", \"channel\", \"bank_group\", \"bank\", \"rank\", \"row\"]\n"
                    "xor = [\"rank ^ row\"]",
                    three),
            "recipe.toml:2:7: rank has 3 values, no power of two; expected a field whose size is a power of two");
  EXPECT_EQ(refusal("order = [\"column\", \"skew\", \"channel\", \"bank_group\", \"bank\", \"row\"]\n"
                    "skew = [\"channel\"]"),
            "recipe.toml:1:9: the address is skewed by channel before any of it is known; expected \"skew\" in order "
            "behind the fields that it goes by");
  EXPECT_EQ(refusal("order = [\"column\", \"channel\", \"bank_group\", \"bank\", \"skew\", \"row\"]\n"
                    "skew = [\"column\"]\nskew_step = 4"),
            "recipe.toml:1:9: the address is skewed by up to 28 of 8; expected a smaller skew_step");
}

}  // namespace
}  // namespace plumb::memory
