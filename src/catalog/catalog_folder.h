#pragma once
// A user's folder of catalog files.

#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "base/result.h"

namespace plumb::catalog {

struct CatalogFile {
  std::string folder;  ///< "accelerators"
  std::string name;    ///< "h100-sxm"
  std::string path;
  /// Grids beside a calibration, in place of a TOML file.
  bool is_grid() const { return path.ends_with(".csv"); }
};

/// The sub-folders that a catalog may have.
bool is_catalog_folder(const std::string& name);

/// The files of a folder, ordered by their paths. What does not belong there is refused.
[[nodiscard]] Result<std::vector<CatalogFile>> list_catalog_folder(const std::string& path);

/// The file of an entry: that of the user's folder, else the program's own. An empty `user_folder` is none. A name that
/// neither has is an error without a place, which names the nearest one.
[[nodiscard]] Result<Document> read_catalog_file(std::string_view folder, std::string_view name,
                                                 const std::string& user_folder);

}  // namespace plumb::catalog
