#pragma once
// The catalog: facts about hardware, from TOML files. The files of the repository's catalog/ folder are compiled into
// the program; a user's folder of the same shape adds to them or replaces by name.
//   accelerators/NAME.toml  memories/NAME.toml  links/NAME.toml  classes/NAME.toml  tiers/NAME.toml
//   calibrations/NAME.toml  calibrations/NAME.csv        NAME of an accelerator or a class
// Thread rule: immutable once made.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "base/reader.h"
#include "base/result.h"
#include "catalog/accelerator.h"
#include "catalog/calibration_file.h"

namespace plumb::catalog {

class Catalog {
 public:
  /// The facts that the program carries.
  [[nodiscard]] static Result<Catalog> builtin();

  /// Adds what a folder holds. A name that exists already is replaced. The memories, links and classes that
  /// accelerators name must exist once all is read, and so must what calibrations are of. Names that begin with a dot
  /// and Markdown files are passed over; anything else that is not one of the sub-folders or a NAME.toml in one of them
  /// (a NAME.csv, in calibrations) is refused. A folder with an error changes nothing.
  [[nodiscard]] Status add_folder(const std::string& path);

  /// Applies a user's figures to an accelerator, `[assume.NAME]` of a service file: the keys of an accelerator's file
  /// with plain values (memory.bandwidth = "512 GB/s"). Their evidence is `assumed`, their source the user's file.
  /// Prices replace the accelerator's prices of their kind. An error, also of a key that is not known, changes nothing.
  [[nodiscard]] Status assume(const std::string& accelerator, Reader& figures);

  /// Reads one file of the catalog anew, such as one with edits, in place of the entry of its name. A memory keeps what
  /// it was before (Memory::unedited), and an accelerator the specification that it was sold with. An error changes
  /// nothing. `folder` is one of the sub-folders.
  [[nodiscard]] Status put(std::string_view folder, std::string_view name, const Document& document);

  /// Where results that take long to work out from these facts may be kept from one run to the next; empty: nowhere.
  const std::string& cache_folder() const { return cache_folder_; }
  void set_cache_folder(std::string path) { cache_folder_ = std::move(path); }

  /// Puts an accelerator in, in place of the one of its name.
  void replace(Accelerator accelerator) { accelerators_.insert_or_assign(accelerator.name, std::move(accelerator)); }

  const Accelerator* accelerator(std::string_view name) const;
  const Memory* memory(std::string_view name) const;
  const Link* link(std::string_view name) const;
  const EfficiencyClass* efficiency_class(std::string_view name) const;
  const Calibration* calibration(std::string_view name) const;
  const Tier* tier(std::string_view name) const;

  const std::map<std::string, Accelerator, std::less<>>& accelerators() const { return accelerators_; }
  const std::map<std::string, Memory, std::less<>>& memories() const { return memories_; }
  const std::map<std::string, Link, std::less<>>& links() const { return links_; }
  const std::map<std::string, EfficiencyClass, std::less<>>& classes() const { return classes_; }
  const std::map<std::string, Calibration, std::less<>>& calibrations() const { return calibrations_; }
  const std::map<std::string, Tier, std::less<>>& tiers() const { return tiers_; }

  /// "unknown accelerator ...; expected perhaps ..." at a place.
  Error unknown_accelerator(std::string_view name, Place place) const;

 private:
  [[nodiscard]] Status add_file(std::string_view folder, std::string_view name, const Document& document);
  /// The grids of a calibration, which must be there. What is in them is found out when they are read.
  [[nodiscard]] Status add_grids(std::string_view name, std::string text, const std::string& path);
  [[nodiscard]] Status check_references() const;
  /// What put() keeps of the entry that it has replaced.
  void remember(std::string_view folder, std::string_view name, const Catalog& before);

  std::map<std::string, Accelerator, std::less<>> accelerators_;
  std::map<std::string, Memory, std::less<>> memories_;
  std::map<std::string, Link, std::less<>> links_;
  std::map<std::string, EfficiencyClass, std::less<>> classes_;
  std::map<std::string, Calibration, std::less<>> calibrations_;
  std::map<std::string, Tier, std::less<>> tiers_;
  std::string cache_folder_;
};

}  // namespace plumb::catalog
