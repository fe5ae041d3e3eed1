#pragma once
// A digest of everything that a point's row depends on, so that a row of an earlier run is taken over if and only if it
// would come out the same: the program's version, the command, the base file's text, the point's edits and options, the
// catalog, the figures asked for, and the contents of every file that the base or an option names.
//
// Of a folder that is named, as a model's, the .json, .toml and .csv files count. The digest does not depend on the
// point's number: a study that gets more values takes over what it has.
// Thread rule: of() may be called by many threads.

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/document.h"
#include "study/study.h"

namespace plumb::study {

class InputsDigest {
 public:
  /// Reads the base and the catalog's folder.
  [[nodiscard]] static Result<std::string> common(const Study& study);

  /// `common` is that of common().
  InputsDigest(const Study& study, std::string common) : study_(study), common_(std::move(common)) {}

  /// 16 hexadecimal digits (FNV-1a, 64 bits). `base` has the point's edits.
  std::string of(const PointEdits& point, const Document& base);

 private:
  void add_files(const Node& node, const std::string& folder, std::string& text);
  std::string file_digest(const std::string& path);

  const Study& study_;
  std::string common_;
  std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> files_;  ///< by path; empty for what is no file
};

}  // namespace plumb::study
