#include "validation/device.h"

#include <array>

#include "validation/words.h"

namespace plumb::validation {
namespace {

/// Without words that some write and some leave out.
std::string plain(std::string_view name) {
  static constexpr std::array<std::string_view, 11> optional_words{
      "nvidia", "amd", "intel", "google", "aws", "instinct", "geforce", "tesla", "habana", "cloud", "gpu"};
  std::string kept;
  for (const std::string_view part : parts_of(name, " -_/()")) {
    const std::string word = squeezed(part);
    bool optional = false;
    for (const std::string_view other : optional_words) optional = optional || word == other;
    if (!optional) kept += word;
  }
  return kept;
}

}  // namespace

std::optional<Device> find_device(const catalog::Catalog& catalog, std::string_view name) {
  const std::string wanted = plain(name);
  if (wanted.empty()) return std::nullopt;
  std::optional<Device> by_alias, by_assumption;
  for (const auto& [key, accelerator] : catalog.accelerators()) {
    if (plain(key) == wanted || plain(accelerator.title) == wanted) return Device{&accelerator, false};
    for (const std::string& alias : accelerator.aliases) {
      if (!by_alias && plain(alias) == wanted) by_alias = Device{&accelerator, false};
    }
    for (const std::string& alias : accelerator.aliases_assumed) {
      if (!by_assumption && plain(alias) == wanted) by_assumption = Device{&accelerator, true};
    }
  }
  return by_alias ? by_alias : by_assumption;
}

}  // namespace plumb::validation
