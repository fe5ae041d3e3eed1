#pragma once
// A user's folder of catalog files.

#include <string>
#include <vector>

#include "base/result.h"

namespace plumb::catalog {

struct CatalogFile {
  std::string folder;  ///< "accelerators"
  std::string name;    ///< "h100-sxm"
  std::string path;
};

/// The sub-folders that a catalog may have.
bool is_catalog_folder(const std::string& name);

/// The files of a folder, ordered by their paths. What does not belong there is refused.
[[nodiscard]] Result<std::vector<CatalogFile>> list_catalog_folder(const std::string& path);

}  // namespace plumb::catalog
