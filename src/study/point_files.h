#pragma once
// The files of a study's points: read once, edited for each point.
// Thread rule: many threads may use one.

#include <map>
#include <string>

#include "base/document.h"
#include "catalog/catalog.h"
#include "study/study.h"

namespace plumb::study {

class PointFiles {
 public:
  /// Reads the base, the catalog and those of its entries that the study edits.
  [[nodiscard]] static Result<PointFiles> read(const Study& study);

  [[nodiscard]] Result<Document> base(const PointEdits& point) const;
  [[nodiscard]] Result<catalog::Catalog> catalog(const PointEdits& point) const;

 private:
  PointFiles(Document base, catalog::Catalog catalog) : base_(std::move(base)), catalog_(std::move(catalog)) {}

  Document base_;
  catalog::Catalog catalog_;
  std::map<std::string, Document, std::less<>> entries_;  ///< by subject: "accelerators/h100-sxm"
};

}  // namespace plumb::study
