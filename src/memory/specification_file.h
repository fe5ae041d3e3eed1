#pragma once
// Reads specifications from the [dram] tables of memory files. Format: docs/memory-specification.md.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "memory/specification.h"

namespace plumb::memory {

/// The file that a `like = "NAME"` means.
using FindDocument = std::function<Result<Document>(std::string_view name)>;

/// The specification of a file's [dram] table with the preset of that name, or with the file's own figures where it is
/// empty. An error says what is missing or does not fit together, at its place.
[[nodiscard]] Result<Specification> read_specification(const Document& file, std::string name, std::string_view preset,
                                                       const FindDocument& find);

/// The memories of the catalog as they are, edits included.
FindDocument documents_of(const catalog::Catalog& catalog);

/// What a person calls a specification: "hbm3", "hbm3:ramulator", "stack.toml", "stack.toml:fast". A name with a slash
/// or with .toml is a file's path, any other a memory of the catalog.
[[nodiscard]] Result<Specification> find_specification(std::string_view spec, const catalog::Catalog& catalog);
/// The same by the catalog's memories as they were before anybody edited them (catalog::Memory::unedited).
[[nodiscard]] Result<Specification> find_unedited_specification(std::string_view spec, const catalog::Catalog& catalog);
/// Whether the catalog has commands of the memory that such a name means; a file's path is taken at its word.
bool is_described(std::string_view spec, const catalog::Catalog& catalog);

/// Every name that find_specification knows in the catalog: "hbm3", "hbm3:ramulator", ...
std::vector<std::string> specification_names(const catalog::Catalog& catalog);
/// Those of them that have no preset or that an accelerator names.
std::vector<std::string> specifications_in_use(const catalog::Catalog& catalog);

/// How an accelerator of that class runs a memory: with the class's queue for each channel, unless the specification
/// states its own.
Specification as_run_by(const catalog::EfficiencyClass& efficiency, Specification specification);

}  // namespace plumb::memory
