#pragma once
// The accelerator that a result's device is, by the names and aliases of the catalog.

#include <optional>
#include <string>
#include <string_view>

#include "catalog/catalog.h"

namespace plumb::validation {

struct Device {
  const catalog::Accelerator* accelerator = nullptr;
  bool assumed = false;  ///< the name says less than the accelerator: "H100" without a form factor
};

/// Names are compared squeezed (words.h), without vendors' words. A catalog entry's own name and title count, then its
/// aliases, then aliases_assumed; of equal claims the first by name. Nothing if nobody claims it.
std::optional<Device> find_device(const catalog::Catalog& catalog, std::string_view name);

}  // namespace plumb::validation
