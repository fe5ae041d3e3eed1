// Does the timeline show each request's way through the engine, and the engine's steps and counters?

#include "cli/timeline.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/temporary_folder.h"
#include "report/perfetto_reader.h"
#include "support/golden.h"

namespace plumb::cli {
namespace {

using report::PerfettoReader;
using report::ReadEvent;
using report::ReadTrace;

ReadTrace read(const TemporaryFolder& folder, const std::string& name) {
  return PerfettoReader::read(folder.bytes_of(folder.file(name)));
}

TEST(Timeline, Golden) {
  const TemporaryFolder folder;
  Timeline timeline = Timeline::create(folder.file("t.pftrace"), 2).value();
  timeline.arrived(0, 0, 0.0, 512, 3);
  timeline.prefilling(0, 0.0);
  timeline.step({0.0, 0.0625, 0, 1, 0, 512, 512, 0, 0.1, 0, 700.0});
  timeline.arrived(1, 0, 0.01, 100, 2);
  timeline.decoding(0, 0.0625);
  timeline.prefilling(1, 0.0625);
  timeline.step({0.0625, 0.03125, 0, 2, 1, 100, 101, 0, 0.12345, 0, 650.5});
  timeline.decoding(1, 0.09375);
  timeline.preempted(1, 0.09375);
  timeline.step({0.09375, 0.015625, 0, 1, 1, 0, 1, 1, 0.12345, 1, 650.5});
  timeline.finished(0, 0.109375);
  timeline.prefilling(1, 0.109375);
  timeline.step({0.109375, 0.015625, 0, 1, 0, 101, 101, 0, 0.05, 0, 600.0});
  timeline.decoding(1, 0.125);
  timeline.finished(1, 0.125);
  timeline.idle(0, 0.125, 70.0);
  timeline.step({0.0, 0.5, 1, 8, 8, 0, 8, 0, 1.0, 0});  // another replica, told afterwards; in two stages
  timeline.step({0.25, 0.5, 1, 9, 9, 0, 9, 0, 1.0, 0});
  timeline.step({0.5 - 1e-12, 0.5, 1, 8, 8, 0, 8, 0, 1.0, 0});
  ASSERT_TRUE(timeline.finish());
  test::expect_golden("cli/timeline.txt", report::text_of(read(folder, "t.pftrace")));
}

/// The slices of each track, as "outer:from-to" with what is nested in it behind, at depth 0 and 1.
struct Slice {
  std::string name;
  std::uint64_t from_ns = 0, to_ns = 0;
  std::size_t depth = 0;
};

std::vector<Slice> slices_of(const ReadTrace& trace, std::uint64_t track) {
  std::vector<Slice> slices;
  std::vector<std::size_t> open;
  for (const ReadEvent& event : trace.events) {
    if (event.track != track) continue;
    if (event.type == 1) {
      open.push_back(slices.size());
      slices.push_back({event.name, event.time_ns, 0, open.size() - 1});
    } else {
      slices[open.back()].to_ns = event.time_ns;
      open.pop_back();
    }
  }
  EXPECT_TRUE(open.empty());
  return slices;
}

// A link makes one transfer after another: each is a slice on the link's own track.
TEST(Timeline, LinksOfCacheTiersHaveTracks) {
  const TemporaryFolder folder;
  Timeline timeline = Timeline::create(folder.file("t.pftrace"), 1).value();
  timeline.transferred(0, {1, "tier host, written", 0.0, 0.0, 0.25, 1'000'000});
  timeline.transferred(0, {0, "tier host, read", 0.5, 0.5, 1.0, 64'000'000});
  timeline.transferred(0, {0, "tier host, read", 0.75, 1.0, 1.5, 32'000'000});
  ASSERT_TRUE(timeline.finish());
  const ReadTrace trace = read(folder, "t.pftrace");
  const std::string text = report::text_of(trace);
  EXPECT_NE(text.find("tier host, written"), std::string::npos) << text;
  const auto reads = std::find_if(trace.tracks.begin(), trace.tracks.end(),
                                  [](const auto& track) { return track.second.name == "tier host, read"; });
  ASSERT_NE(reads, trace.tracks.end()) << text;
  const std::vector<Slice> slices = slices_of(trace, reads->first);
  ASSERT_EQ(slices.size(), 2u);
  EXPECT_EQ(slices[0].name, "64 MB");
  EXPECT_EQ(slices[0].to_ns, slices[1].from_ns);
  EXPECT_EQ(slices[1].to_ns, 1'500'000'000u);
  EXPECT_NE(text.find("queued_us"), std::string::npos) << text;
}

/// Of a request, the phases fill the time from arrival to finish without gaps and begin in the queue.
RC_GTEST_PROP(TimelineLaw, PhasesOfARequestFillItsTime, ()) {
  const TemporaryFolder folder;
  Timeline timeline = Timeline::create(folder.file("t"), 3).value();
  std::map<std::int64_t, std::vector<std::pair<std::string, std::uint64_t>>> told;
  std::vector<std::int64_t> in_flight;
  std::uint64_t now_ms = 0;
  std::int64_t requests = 0;
  const int events = *rc::gen::inRange(0, 200);
  for (int i = 0; i < events; ++i) {
    now_ms += static_cast<std::uint64_t>(*rc::gen::inRange(0, 100));
    const double time_s = static_cast<double>(now_ms) * 1e-3;
    if (in_flight.empty() || *rc::gen::inRange(0, 3) == 0) {
      timeline.arrived(requests, *rc::gen::inRange(0, 3), time_s, 10, 10);
      told[requests].emplace_back("queue", now_ms);
      in_flight.push_back(requests++);
      continue;
    }
    const std::size_t at = *rc::gen::inRange<std::size_t>(0, in_flight.size());
    const std::int64_t request = in_flight[at];
    auto& phases = told[request];
    const std::string phase = phases.back().first;
    if (phase == "queue" || phase == "preempted") {
      timeline.prefilling(request, time_s);
      phases.emplace_back("prefill", now_ms);
    } else if (phase == "prefill") {
      timeline.decoding(request, time_s);
      phases.emplace_back("decode", now_ms);
    } else if (*rc::gen::arbitrary<bool>()) {
      timeline.preempted(request, time_s);
      phases.emplace_back("preempted", now_ms);
    } else {
      timeline.finished(request, time_s);
      phases.emplace_back("end", now_ms);
      in_flight.erase(in_flight.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  for (const std::int64_t request : in_flight) {
    timeline.finished(request, static_cast<double>(now_ms) * 1e-3);
    told[request].emplace_back("end", now_ms);
  }
  RC_ASSERT(timeline.finish().has_value());
  const ReadTrace trace = read(folder, "t");
  std::size_t found = 0;
  for (const auto& [uuid, track] : trace.tracks) {
    if (track.name != "requests") continue;
    const std::vector<Slice> slices = slices_of(trace, uuid);
    const auto& phases = told.at(std::stoll(slices.front().name.substr(std::string("request ").size())));
    ++found;
    RC_ASSERT(slices.size() == phases.size());
    constexpr std::uint64_t ns_per_ms = 1000000;
    RC_ASSERT(slices[0].from_ns == phases.front().second * ns_per_ms);
    RC_ASSERT(slices[0].to_ns == phases.back().second * ns_per_ms);
    for (std::size_t i = 1; i < slices.size(); ++i) {
      RC_ASSERT(slices[i].depth == 1u);
      RC_ASSERT(slices[i].name == phases[i - 1].first);
      RC_ASSERT(slices[i].from_ns == phases[i - 1].second * ns_per_ms);
      RC_ASSERT(slices[i].to_ns == phases[i].second * ns_per_ms);
    }
  }
  RC_ASSERT(found == told.size());
}

/// 10,000 requests over an hour, 100,000 steps: what a run costs on the disk, which docs/outputs.md tells.
TEST(Timeline, IsAsSmallAsPromised) {
  const TemporaryFolder folder;
  constexpr int requests = 10000, steps = 100000;
  for (const std::string name : {"t.pftrace", "t.pftrace.gz"}) {
    Timeline timeline = Timeline::create(folder.file(name), 1).value();
    for (int i = 0; i < requests; ++i) {
      const double time_s = 0.36 * i;
      timeline.arrived(i, 0, time_s, 1000 + i % 777, 200 + i % 99);
      timeline.prefilling(i, time_s + 0.0123);
      timeline.decoding(i, time_s + 0.1234);
      timeline.finished(i, time_s + 6.54321);
    }
    const std::uint64_t of_requests = timeline.bytes_written();
    for (int i = 0; i < steps; ++i) {
      const bool mixed = i % 10 == 0;
      const std::int64_t decode = 20 + (i / 50) % 30, prefill = mixed ? 1000 + (i / 10) % 777 : 0;
      StepRecord step{0.036 * i, 0.0301234567, 0, decode + (mixed ? 1 : 0), decode, prefill, decode + prefill,
                      i % 3,     0.0,          0};
      step.kv_cache_usage = 0.5 + 0.4 * std::sin(1e-3 * i);
      timeline.step(step);
    }
    const double per_request = static_cast<double>(of_requests) / requests;
    const double per_step = static_cast<double>(timeline.bytes_written() - of_requests) / steps;
    ASSERT_TRUE(timeline.finish());
    RecordProperty("bytes_of_" + name, static_cast<int>(std::filesystem::file_size(folder.file(name))));
    RecordProperty("bytes_per_request", static_cast<int>(per_request));
    RecordProperty("bytes_per_step", static_cast<int>(per_step));
    EXPECT_LE(per_request, 250.0);
    EXPECT_LE(per_step, 160.0);
  }
  EXPECT_LE(std::filesystem::file_size(folder.file("t.pftrace.gz")) * 3,
            std::filesystem::file_size(folder.file("t.pftrace")));
}

TEST(Timeline, AFullDiskIsAnErrorOfTheMachine) {
  Timeline timeline = Timeline::create("/dev/full", 1).value();
  for (int i = 0; i < 100000 && timeline.status(); ++i) timeline.step({0.1 * i, 0.05, 0, 1, 1, 0, 1, 0, 0.5, 0});
  const Status status = timeline.finish();
  ASSERT_FALSE(status);
  EXPECT_EQ(exit_status(status.error().fault), 3);
}

}  // namespace
}  // namespace plumb::cli
