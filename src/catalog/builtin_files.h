#pragma once
// The files of the repository's catalog/ folder, as the build has put them into the program (embed_catalog.cmake).

#include <span>
#include <string_view>

namespace plumb::catalog {

/// The folder of published models' config.json files and of models.toml, which names them.
inline constexpr std::string_view models_folder = "models";

struct BuiltinFile {
  std::string_view folder;  ///< "accelerators"; empty: a file beside the folders, sustained.csv
  std::string_view name;    ///< "h100-sxm"
  std::string_view path;    ///< "catalog/accelerators/h100-sxm.toml"
  std::string_view text;
};

/// In the order of their paths.
std::span<const BuiltinFile> builtin_files();

}  // namespace plumb::catalog
