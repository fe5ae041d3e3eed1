#pragma once
// A CSV file of numbers under a header, plain, .gz or .zst.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumb::serving {

class NumberTable {
 public:
  /// Every field is a number from 0 to 1e9; at least one row. Errors have their place.
  [[nodiscard]] static Result<NumberTable> read(const std::string& path);

  const std::string& path() const { return path_; }
  std::size_t rows() const { return columns_.empty() ? 0 : columns_.front().size(); }
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<double>* find(std::string_view name) const;
  /// The column, or an error that names those that there are.
  [[nodiscard]] Result<const std::vector<double>*> column(std::string_view name) const;

 private:
  std::string path_;
  std::vector<std::string> names_;
  std::vector<std::vector<double>> columns_;
};

}  // namespace plumb::serving
