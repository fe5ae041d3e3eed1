// Do the files tell of runs of equal steps what they would tell of each step? The plain stepper is the reference.

#include "cli/simulation_files.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/temporary_folder.h"
#include "report/perfetto_reader.h"
#include "support/deployments.h"

namespace plumb::cli {
namespace {

struct Case {
  serving::CompiledDeployment deployment;
  std::vector<workload::Request> requests;
  int replicas = 1;
  SimulationPaths paths;
};

Case any_case() {
  serving::EngineSettings engine;
  engine.max_num_seqs = *rc::gen::element<std::int64_t>(2, 8, 64);
  engine.max_num_batched_tokens = *rc::gen::element<std::int64_t>(100, 512, 8192);
  Case made{test::llama_with_cache(*rc::gen::inRange<std::int64_t>(1600, 6000), engine), {}, 1, {}};
  const int count = *rc::gen::inRange(1, 50);
  for (int i = 0; i < count; ++i) {
    made.requests.push_back(test::request(i, 0.1 * (i / 3), *rc::gen::inRange(1, 1000), *rc::gen::inRange(1, 700)));
  }
  made.replicas = *rc::gen::inRange(1, 3);
  made.paths.steps_every = *rc::gen::element<std::int64_t>(1, 1, 2, 7, 100);
  return made;
}

struct Told {
  std::vector<std::string> rows;
  report::ReadTrace timeline;
  std::string metrics;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Told tell(Case made, serving::Stepping stepping, bool each_step) {
  const TemporaryFolder folder;
  made.paths.steps = folder.file("steps.csv");
  made.paths.timeline = folder.file("timeline");
  made.paths.metrics = folder.file("metrics");
  made.paths.each_step = each_step;
  Interruption interruption;
  SimulationFiles files = SimulationFiles::create(made.paths, made.deployment, made.replicas).value();
  serving::SimulationOptions options;
  options.replicas = made.replicas;
  options.stepping = stepping;
  files.listen(options, interruption);
  test::simulate(made.deployment, made.requests, options);
  EXPECT_TRUE(files.finish("llama"));
  Told told{lines_of(folder.bytes_of(*made.paths.steps)),
            report::PerfettoReader::read(folder.bytes_of(*made.paths.timeline)), folder.bytes_of(*made.paths.metrics)};
  // A run is told when it ends, so replicas take turns otherwise.
  std::sort(told.rows.begin(), told.rows.end());
  return told;
}

std::vector<std::string> events_of(const report::ReadTrace& trace) {
  std::vector<std::string> events;
  for (const report::ReadEvent& event : trace.events) {
    const report::ReadTrack& track = trace.tracks.at(event.track);
    if (event.type == 4 && track.name == "waiting") continue;  // seen at arrivals within a run, at steps otherwise
    std::string words = fmt::format("{} {} {} {} {} {}", event.time_ns, track.name, trace.tracks.at(track.parent).name,
                                    event.type, event.name, event.value.value_or(-1.0));
    for (const auto& [name, value] : event.annotations) words += fmt::format(" {}={}", name, value);
    events.push_back(std::move(words));
  }
  std::sort(events.begin(), events.end());
  return events;
}

RC_GTEST_PROP(SimulationFiles, TellRunsOfStepsAsSingleSteps, ()) {
  const Case made = any_case();
  const Told runs = tell(made, serving::Stepping::runs, true), plain = tell(made, serving::Stepping::plain, true);
  RC_ASSERT(runs.rows == plain.rows);
  RC_ASSERT(events_of(runs.timeline) == events_of(plain.timeline));
  const std::vector<std::string> left = lines_of(runs.metrics), right = lines_of(plain.metrics);
  RC_ASSERT(left.size() == right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    // Sums of seconds are added up in another order.
    if (left[i].find("seconds_sum") == std::string::npos) RC_ASSERT(left[i] == right[i]);
  }
}

/// The counter of the queue and the slices of a track fit to each other, whether steps are one slice or many.
RC_GTEST_PROP(SimulationFiles, ATimelineOfRunsCoversTheSameTimes, ()) {
  const Case made = any_case();
  const auto covered = [](const report::ReadTrace& trace) {
    std::vector<std::int64_t> ns(2, 0);
    std::int64_t steps = 0;
    for (const report::ReadEvent& event : trace.events) {
      const report::ReadTrack& track = trace.tracks.at(event.track);
      if (track.name != "steps") continue;
      const auto time = static_cast<std::int64_t>(event.time_ns);
      ns[trace.tracks.at(track.parent).name == "replica 0" ? 0 : 1] += event.type == 1 ? -time : time;
      for (const auto& [name, value] : event.annotations) steps += name == "steps" ? std::stoll(value) : 0;
    }
    ns.push_back(steps);
    return ns;
  };
  const Told runs = tell(made, serving::Stepping::runs, false), each = tell(made, serving::Stepping::runs, true);
  RC_ASSERT(covered(runs.timeline) == covered(each.timeline));
  RC_ASSERT(runs.timeline.events.size() <= each.timeline.events.size() + 2 * made.requests.size());
}

TEST(AddRamp, CountsEveryStepInItsBucket) {
  const std::vector<double> bounds{0.01, 0.02, 0.05, 0.0625};
  for (const double first_s : {0.001, 0.01, 0.0201, 0.06, 0.0625, 0.07}) {
    for (const double growth_s : {0.0, 1e-5, 0.0025, 0.03}) {
      const Ramp ramp{Time::of_seconds(first_s), Time::of_seconds(growth_s), 17};
      report::Histogram at_once(bounds), each(bounds);
      add_ramp(ramp, 3, at_once);
      for (std::int64_t i = 0; i < ramp.steps; ++i) each.add((ramp.first + i * ramp.growth).seconds(), 3);
      EXPECT_TRUE(std::ranges::equal(at_once.counts(), each.counts())) << first_s << " " << growth_s;
      EXPECT_NEAR(at_once.sum(), each.sum(), 1e-9);
    }
  }
}

}  // namespace
}  // namespace plumb::cli
