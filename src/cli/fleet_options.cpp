#include "cli/fleet_options.h"

#include <algorithm>

#include <fmt/format.h>

#include "serving/router.h"

namespace plumb::cli {

Status take_fleet_options(const Arguments& arguments, Subject& subject) {
  PLUMB_ASSIGN(const std::int64_t replicas, arguments.integer("--replicas", subject.replicas, 1, 4096));
  subject.replicas = static_cast<int>(replicas);
  subject.router = arguments.text("--router").value_or(subject.router);
  const std::vector<std::string_view> names = serving::router_names();
  if (std::find(names.begin(), names.end(), subject.router) == names.end()) {
    return fail(input_error({}, fmt::format("--router is \"{}\"", subject.router),
                            fmt::format("one of {}", fmt::join(names, ", "))));
  }
  return {};
}

}  // namespace plumb::cli
