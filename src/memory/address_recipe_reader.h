#pragma once
// Reads [dram.mapping].

#include "base/reader.h"
#include "memory/address_recipe.h"

namespace plumb::memory {

/// Replaces the parts of `recipe` that the table gives.
void read_recipe(Reader& table, AddressRecipe& recipe);

}  // namespace plumb::memory
