#include "memory/channels.h"

#include <algorithm>

#include "memory/address_mapping.h"

namespace plumb::memory {

Status set_channels(Specification& of, int channels) {
  AddressRecipe recipe = of.mapping;
  Organisation organisation = of.organisation;
  organisation.channels = channels;
  const bool mentioned = std::any_of(recipe.order.begin(), recipe.order.end(),
                                     [](const AddressRecipe::Part& part) { return part.field == Field::channel; });
  if (!mentioned) {
    recipe.order.insert(recipe.order.begin(), {Field::channel, -1, recipe.place});
    ++recipe.skew_at;
  }
  const auto mapping = AddressMapping::make(recipe, organisation, recipe.place);
  if (!mapping) return fail(mapping.error());
  of.mapping = std::move(recipe);
  of.organisation = organisation;
  return {};
}

}  // namespace plumb::memory
