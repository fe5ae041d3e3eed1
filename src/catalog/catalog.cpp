#include "catalog/catalog.h"

#include <algorithm>
#include <cassert>
#include <cctype>

#include <fmt/format.h>

#include "base/file.h"
#include "catalog/accelerator_file.h"
#include "catalog/builtin_files.h"
#include "catalog/catalog_folder.h"
#include "catalog/class_file.h"
#include "catalog/link_file.h"
#include "catalog/memory_file.h"
#include "catalog/tier_file.h"

namespace plumb::catalog {
namespace {

constexpr std::size_t grid_bytes_max = std::size_t{16} << 20;

template <class Thing>
using Things = std::map<std::string, Thing, std::less<>>;

template <class Thing>
const Thing* find(const Things<Thing>& things, std::string_view name) {
  const auto found = things.find(name);
  return found == things.end() ? nullptr : &found->second;
}

template <class Thing>
std::vector<std::string> names_of(const Things<Thing>& things) {
  std::vector<std::string> names;
  for (const auto& [name, thing] : things) names.push_back(name);
  return names;
}

template <class Thing>
Status check_name(const Things<Thing>& things, std::string_view what, const std::string& name, const Place& place) {
  if (things.contains(name)) return {};
  const std::vector<std::string> names = names_of(things);
  const std::string near = nearest_word(name, names);
  return fail(input_error(
      place, fmt::format("unknown {} \"{}\"", what, name),
      near.empty() ? fmt::format("one of {}", fmt::join(names, ", ")) : fmt::format("perhaps \"{}\"", near)));
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

}  // namespace

Result<Catalog> Catalog::builtin() {
  Catalog catalog;
  for (const BuiltinFile& file : builtin_files()) {
    // No facts about hardware: what is beside the folders, and models. Grids come after what they belong to.
    if (file.folder.empty() || file.folder == models_folder || file.path.ends_with(".csv")) continue;
    PLUMB_ASSIGN(const Document document, Document::parse_toml(file.text, std::string(file.path)));
    PLUMB_TRY(catalog.add_file(file.folder, file.name, document));
  }
  for (const BuiltinFile& file : builtin_files()) {
    if (file.folder == "calibrations" && file.path.ends_with(".csv"))
      PLUMB_TRY(catalog.add_grids(file.name, std::string(file.text), std::string(file.path)));
  }
  PLUMB_TRY(catalog.check_references());
  return catalog;
}

Status Catalog::add_folder(const std::string& path) {
  Catalog next = *this;
  PLUMB_ASSIGN(const std::vector<CatalogFile> files, list_catalog_folder(path));
  for (const CatalogFile& file : files) {
    if (file.is_grid()) continue;  // after the calibrations that they belong to
    PLUMB_ASSIGN(const Document document, Document::read_toml(file.path));
    PLUMB_TRY(next.add_file(file.folder, file.name, document));
  }
  for (const CatalogFile& file : files) {
    if (!file.is_grid()) continue;
    PLUMB_ASSIGN(std::string text, read_file(file.path, grid_bytes_max));
    PLUMB_TRY(next.add_grids(file.name, std::move(text), file.path));
  }
  PLUMB_TRY(next.check_references());
  *this = std::move(next);
  return {};
}

Status Catalog::assume(const std::string& accelerator, Reader& figures) {
  const auto found = accelerators_.find(accelerator);
  if (found == accelerators_.end()) return fail(unknown_accelerator(accelerator, figures.place()));
  Accelerator assumed = found->second;
  PLUMB_TRY(assume_figures(figures, assumed));
  std::swap(found->second, assumed);
  Status status = check_references();
  if (!status) std::swap(found->second, assumed);
  return status;
}

Status Catalog::put(std::string_view folder, std::string_view name, const Document& document) {
  Catalog next = *this;
  PLUMB_TRY(next.add_file(folder, name, document));
  PLUMB_TRY(next.check_references());
  next.remember(folder, name, *this);
  *this = std::move(next);
  return {};
}

void Catalog::remember(std::string_view folder, std::string_view name, const Catalog& before) {
  if (const Memory* old = before.memory(name); folder == "memories" && old != nullptr)
    memories_.find(name)->second.unedited = old->unedited ? old->unedited : std::make_shared<const Memory>(*old);
  if (const Accelerator* old = before.accelerator(name); folder == "accelerators" && old != nullptr) {
    Accelerator& edited = accelerators_.find(name)->second;
    const std::string sold_with = old->sold_with.empty() ? old->specification() : old->sold_with;
    if (sold_with != edited.specification()) edited.sold_with = sold_with;
  }
}

Status Catalog::add_file(std::string_view folder, std::string_view name, const Document& document) {
  const std::string key(name);
  if (folder == "accelerators") {
    PLUMB_ASSIGN(accelerators_[key], read_accelerator(document, key));
  } else if (folder == "memories") {
    PLUMB_ASSIGN(memories_[key], read_memory(document, key));
  } else if (folder == "links") {
    PLUMB_ASSIGN(links_[key], read_link(document, key));
  } else if (folder == "calibrations") {
    PLUMB_ASSIGN(calibrations_[key], read_calibration(document, key));
  } else if (folder == "tiers") {
    PLUMB_ASSIGN(tiers_[key], read_tier(document, key));
  } else {
    assert(folder == "classes");
    PLUMB_ASSIGN(classes_[key], read_class(document, key));
  }
  return {};
}

Status Catalog::add_grids(std::string_view name, std::string text, const std::string& path) {
  const auto found = calibrations_.find(name);
  if (found == calibrations_.end()) {
    return fail(input_error({path, 0, 0}, "grids without a calibration",
                            fmt::format("{}.toml beside it, with what they were measured against", name)));
  }
  found->second.grid_path = path;
  found->second.grid_text = std::move(text);
  return {};
}

Status Catalog::check_references() const {
  for (const auto& [name, calibration] : calibrations_) {
    PLUMB_TRY(calibration.of_class ? check_name(classes_, "class", name, calibration.place)
                                   : check_name(accelerators_, "accelerator", name, calibration.place));
  }
  for (const auto& [name, accelerator] : accelerators_) {
    PLUMB_TRY(check_name(classes_, "class", accelerator.efficiency_class, accelerator.class_place));
    PLUMB_TRY(check_name(memories_, "memory", accelerator.memory_kind, accelerator.memory_place));
    PLUMB_TRY(check_name(links_, "link", accelerator.link, accelerator.link_place));
  }
  return {};
}

const Accelerator* Catalog::accelerator(std::string_view name) const { return find(accelerators_, name); }
const Memory* Catalog::memory(std::string_view name) const { return find(memories_, name); }
const Link* Catalog::link(std::string_view name) const { return find(links_, name); }
const Calibration* Catalog::calibration(std::string_view name) const { return find(calibrations_, name); }
const EfficiencyClass* Catalog::efficiency_class(std::string_view name) const { return find(classes_, name); }
const Tier* Catalog::tier(std::string_view name) const { return find(tiers_, name); }

Error Catalog::unknown_accelerator(std::string_view name, Place place) const {
  // People write "H100" and mean one of several; the edit distance would find "h20" nearer than "h100-sxm".
  const std::string lower = lower_case(name);
  std::vector<std::string> meant;
  for (const auto& [known, accelerator] : accelerators_) {
    if (!lower.empty() && known.starts_with(lower)) meant.push_back(fmt::format("\"{}\"", known));
  }
  if (meant.empty()) {
    if (const std::string near = nearest_word(lower, names_of(accelerators_)); !near.empty()) {
      meant.push_back(fmt::format("\"{}\"", near));
    }
  }
  return input_error(
      std::move(place), fmt::format("unknown accelerator \"{}\"", name),
      meant.empty() ? "a name that `plumb catalog` lists" : fmt::format("perhaps {}", fmt::join(meant, ", ")));
}

}  // namespace plumb::catalog
