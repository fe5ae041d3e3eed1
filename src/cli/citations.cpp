#include "cli/citations.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb::cli {

std::string Citations::cite(const std::string& source) {
  if (source.empty()) return "-";
  const auto found = std::find(sources_.begin(), sources_.end(), source);
  const auto index = found - sources_.begin();
  if (found == sources_.end()) sources_.push_back(source);
  return fmt::format("[{}]", index + 1);
}

std::string Citations::text(const report::Style& style) const {
  std::string text;
  for (std::size_t i = 0; i < sources_.size(); ++i)
    text += report::paragraph_text(fmt::format("[{}] {}", i + 1, sources_[i]), style);
  return text;
}

}  // namespace plumb::cli
