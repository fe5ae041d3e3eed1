#include "study/study.h"

#include <algorithm>
#include <filesystem>

namespace plumb::study {

std::size_t Study::points() const {
  std::size_t count = 1;
  for (const Axis& axis : axes) {
    if (!axis.with) count *= axis.values.size();
  }
  return count;
}

std::vector<std::size_t> Study::positions(std::size_t point) const {
  std::vector<std::size_t> at(axes.size(), 0);
  for (std::size_t i = axes.size(); i-- > 0;) {
    if (axes[i].with) continue;
    at[i] = point % axes[i].values.size();
    point /= axes[i].values.size();
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (axes[i].with) at[i] = at[*axes[i].with];
  }
  return at;
}

std::string path_beside(const Study& study, const std::string& name) {
  return (std::filesystem::path(study.document.name()).parent_path() / name).lexically_normal().string();
}

namespace {

void add_option(const Study& study, OptionValues& options, const std::string& name, const Node& value,
                const EditOrigin* origin) {
  const auto known = std::find_if(study.kind->options.begin(), study.kind->options.end(),
                                  [&](const OptionName& option) { return option.name == name; });
  const bool is_path = known != study.kind->options.end() && known->is_path;
  const std::string text = value_text(value);
  options.insert_or_assign(name, OptionValue{is_path ? path_beside(study, text) : text, value, origin});
}

}  // namespace

PointEdits edits_at(const Study& study, std::span<const std::size_t> positions) {
  PointEdits point;
  for (const Node::Member& option : study.options) add_option(study, point.options, option.key, option.value, nullptr);
  for (std::size_t i = 0; i < study.axes.size(); ++i) {
    const Axis& axis = study.axes[i];
    const Node& value = axis.values[positions[i]];
    for (const Target& target : study.targets[i]) {
      if (target.subject == "options") {
        add_option(study, point.options, target.path.front(), value, study.origins[i].get());
        continue;
      }
      Edit edit{target.path, value, std::nullopt, study.origins[i]};
      if (axis.multiply) edit.factor = value.number;
      point.edits.add(target.subject, std::move(edit));
    }
  }
  return point;
}

}  // namespace plumb::study
