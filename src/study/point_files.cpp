#include "study/point_files.h"

#include <utility>

#include <fmt/format.h>

#include "catalog/catalog_folder.h"

namespace plumb::study {
namespace {

/// "accelerators/h100-sxm" -> folder and name; two empty texts for a subject that is no entry of the catalog.
std::pair<std::string, std::string> entry_of(std::string_view subject) {
  const std::size_t slash = subject.find('/');
  if (slash == std::string_view::npos) return {};
  return {std::string(subject.substr(0, slash)), std::string(subject.substr(slash + 1))};
}

/// The error of a catalog's entry that is not there, at the axis that names it.
Error at_axis(Error error, const Study& study, std::size_t axis) {
  const Node* axes = study.document.root().find("axis");
  const Node& table = axes->kind == NodeKind::array ? axes->items[axis] : *axes;
  const Node* key = table.find("key");
  return study.document.error_at(key == nullptr ? table : *key, std::move(error.message), std::move(error.expected));
}

/// The error of a base that could not be read at all, at the key that names it.
Error at_base(Error error, const Study& study) {
  if (error.fault != Fault::input || error.place.line > 0) return error;
  const Node& key = *study.document.root().find("study")->find("base");
  return study.document.error_at(key, fmt::format("{}: {}", error.place.file, error.message),
                                 std::move(error.expected));
}

/// The base's file, or the catalog's.
Result<Document> read_base(const Study& study) {
  const auto [folder, name] = entry_of(study.base_entry);
  auto base =
      folder.empty() ? Document::read_toml(study.base) : catalog::read_catalog_file(folder, name, study.catalog_folder);
  if (base) return base;
  if (!folder.empty() && base.error().place.file.empty()) {
    const Node& key = *study.document.root().find("study")->find("base");
    return fail(study.document.error_at(
        key, base.error().message,
        base.error().expected.empty() ? "a memory that `plumb memory list` shows, or a path" : base.error().expected));
  }
  return fail(at_base(std::move(base).error(), study));
}

}  // namespace

Result<PointFiles> PointFiles::read(const Study& study) {
  PLUMB_ASSIGN(Document base, read_base(study));
  PLUMB_ASSIGN(catalog::Catalog catalog, catalog::Catalog::builtin());
  if (!study.catalog_folder.empty()) PLUMB_TRY(catalog.add_folder(study.catalog_folder));
  PointFiles files(std::move(base), std::move(catalog));
  for (std::size_t i = 0; i < study.axes.size(); ++i) {
    for (const Target& target : study.targets[i]) {
      const auto [folder, name] = entry_of(target.subject);
      if (folder.empty() || files.entries_.contains(target.subject)) continue;
      auto document = catalog::read_catalog_file(folder, name, study.catalog_folder);
      if (!document && document.error().place.file.empty()) {
        return fail(at_axis(std::move(document).error(), study, i));
      }
      if (!document) return fail(std::move(document).error());
      files.entries_.emplace(target.subject, std::move(*document));
    }
  }
  return files;
}

Result<Document> PointFiles::base(const PointEdits& point) const { return base_.with(point.edits.of("base")); }

Result<catalog::Catalog> PointFiles::catalog(const PointEdits& point) const {
  catalog::Catalog catalog = catalog_;
  for (const auto& [subject, edits] : point.edits.all()) {
    const auto entry = entries_.find(subject);
    if (entry == entries_.end()) continue;
    const auto [folder, name] = entry_of(subject);
    PLUMB_ASSIGN(const Document document, entry->second.with(edits));
    PLUMB_TRY(catalog.put(folder, name, document));
  }
  return catalog;
}

}  // namespace plumb::study
