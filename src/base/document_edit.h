#pragma once
// Edits: values put into a document after it was read and before a Reader takes values out of it, so that any key of
// any file can be varied by code that knows no key. What is wrong with such a value is said at the place that the value
// was written at, with the name of what has put it there.
//
//   PLUMB_ASSIGN(const auto path, parse_key_path("memory.bandwidth"));
//   Edit edit{path, node_of_the_study, std::nullopt, std::make_shared<EditOrigin>(EditOrigin{study, "axis \"bw\""})};
//   PLUMB_ASSIGN(const Document edited, document.with({&edit, 1}));
//
// Thread rule: immutable once made.

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"

namespace plumb {

/// Where the values of an edit come from.
struct EditOrigin {
  Document document;  ///< whose lines and columns the edit's value has
  std::string label;  ///< what messages call the edit: `axis "rate"`
};

struct Edit {
  /// Keys from the root on. Of an array, a part is an index from 0, or the "name" of one of its tables. Tables that are
  /// not there are made.
  std::vector<std::string> path;
  Node value;  ///< takes the place of what is there; its line and column are of the origin's document
  /// Multiplies what is there instead: a number, a quantity such as "3350 GB/s", or a table with one as its "value".
  /// The product stands there as a plain value.
  std::optional<double> factor;
  std::shared_ptr<const EditOrigin> origin;
};

/// "memory.bandwidth" -> {"memory", "bandwidth"}. A part with dots in it stands in quotes: model."llama-3.1".layers.
/// The error has no place.
[[nodiscard]] Result<std::vector<std::string>> parse_key_path(std::string_view text);

/// Edits of several documents, each known by what it is to its readers: "base", "model", "accelerators/h100-sxm".
class DocumentEdits {
 public:
  void add(std::string_view subject, Edit edit) { edits_[std::string(subject)].push_back(std::move(edit)); }
  /// In the order of the calls of add(); empty where there are none.
  std::span<const Edit> of(std::string_view subject) const;
  const std::map<std::string, std::vector<Edit>, std::less<>>& all() const { return edits_; }

 private:
  std::map<std::string, std::vector<Edit>, std::less<>> edits_;
};

}  // namespace plumb
