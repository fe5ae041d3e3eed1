// What does it take to plan the companion over the whole catalog?

#include "planner/plan.h"

#include <ctime>

#include "bench.h"

namespace plumb::bench {

void plan_companion(Figures& figures) {
  auto catalog = catalog::Catalog::builtin();
  check(catalog.has_value(), "the catalog is not read");
  auto service = planner::read_service(PLUMB_SOURCE_DIR "/examples/companion.toml", *catalog);
  check(service.has_value(), "the service is not read");
  double cpu_s = 0.0;
  const double seconds = shortest_s(
      [&] {
        const std::clock_t start = std::clock();
        const auto plan = planner::make_plan(*service, *catalog);
        cpu_s = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        check(plan.has_value() && !plan->choices.empty(), "there is no plan");
      },
      1);
  figures.push_back({"plan_companion_cpu_seconds", cpu_s, "s"});
  figures.push_back({"plan_companion_seconds", seconds, "s"});
}

}  // namespace plumb::bench
