#include "catalog/catalog_folder.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "catalog/builtin_files.h"

namespace plumb::catalog {
namespace {

constexpr std::array<std::string_view, 6> folders{"accelerators", "calibrations", "classes",
                                                  "links",        "memories",     "tiers"};

struct Entry {
  std::string name, path;
  bool is_folder = false;
};

Error not_readable(const std::string& path, const std::error_code& code) {
  return input_error({path, 0, 0}, fmt::format("cannot read the folder: {}", code.message()),
                     "a folder with accelerators, calibrations, classes, links, memories or tiers in it");
}

/// What a folder holds, by name, without what nobody means to be read.
Result<std::vector<Entry>> entries(const std::string& path) {
  std::error_code code;
  std::vector<Entry> found;
  std::filesystem::directory_iterator at(path, code);
  while (!code && at != std::filesystem::directory_iterator()) {
    std::error_code dangling;  // a link to nowhere is no folder; reading it as a file will say what is wrong
    Entry entry{at->path().filename().string(), at->path().string(), at->is_directory(dangling)};
    const bool markdown = !entry.is_folder && entry.name.ends_with(".md");
    const bool models = entry.is_folder && entry.name == models_folder;  // no facts about hardware
    if (!entry.name.starts_with('.') && !markdown && !models) found.push_back(std::move(entry));
    at.increment(code);
  }
  if (code) return fail(not_readable(path, code));
  std::sort(found.begin(), found.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return found;
}

/// Lower-case letters, digits, "-" and ".", as in "qwen2.5-card": names are typed in other files.
bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

}  // namespace

bool is_catalog_folder(const std::string& name) {
  return std::find(folders.begin(), folders.end(), name) != folders.end();
}

Result<std::vector<CatalogFile>> list_catalog_folder(const std::string& path) {
  constexpr std::string_view extension = ".toml", grid_extension = ".csv";
  std::vector<CatalogFile> files;
  PLUMB_ASSIGN(const std::vector<Entry> top, entries(path));
  for (const Entry& folder : top) {
    if (!folder.is_folder || !is_catalog_folder(folder.name)) {
      return fail(input_error({folder.path, 0, 0}, "does not belong in a catalog",
                              fmt::format("one of the folders {}", fmt::join(folders, ", "))));
    }
    PLUMB_ASSIGN(const std::vector<Entry> inside, entries(folder.path));
    for (const Entry& file : inside) {
      std::string_view name = file.name;
      const bool is_grid = folder.name == "calibrations" && name.ends_with(grid_extension);
      const bool is_ours = !file.is_folder && (is_grid || name.ends_with(extension));
      if (is_ours) name.remove_suffix(is_grid ? grid_extension.size() : extension.size());
      if (!is_ours || !is_name(name)) {
        return fail(input_error({file.path, 0, 0}, "does not belong in a catalog",
                                "a file NAME.toml, the name in lower-case letters, digits, \"-\" and \".\""));
      }
      files.push_back({folder.name, std::string(name), file.path});
    }
  }
  return files;
}

Result<Document> read_catalog_file(std::string_view folder, std::string_view name, const std::string& user_folder) {
  std::vector<std::string> names;
  if (!user_folder.empty()) {
    PLUMB_ASSIGN(const std::vector<CatalogFile> files, list_catalog_folder(user_folder));
    for (const CatalogFile& file : files) {
      if (file.is_grid()) continue;
      if (file.folder == folder && file.name == name) return Document::read_toml(file.path);
      if (file.folder == folder) names.push_back(file.name);
    }
  }
  for (const BuiltinFile& file : builtin_files()) {
    if (file.path.ends_with(".csv")) continue;
    if (file.folder == folder && file.name == name) return Document::parse_toml(file.text, std::string(file.path));
    if (file.folder == folder) names.emplace_back(file.name);
  }
  const std::string near = nearest_word(name, names);
  return fail(input_error({}, fmt::format("the catalog has no \"{}\" among its {}", name, folder),
                          near.empty() ? "a name that `plumb catalog` lists" : fmt::format("perhaps \"{}\"", near)));
}

}  // namespace plumb::catalog
