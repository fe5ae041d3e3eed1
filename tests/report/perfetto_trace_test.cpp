// Does a timeline read back to what was written, within its size, and is it there whole or not at all?

#include "report/perfetto_trace.h"

#include <array>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/byte_source.h"
#include "base/temporary_folder.h"
#include "perfetto_reader.h"
#include "support/golden.h"

namespace plumb::report {
namespace {

std::string bytes_of(const std::string& path) {
  std::string bytes;
  auto source = ByteSource::open(path).value();
  std::array<char, 65536> buffer;
  while (const std::size_t count = source->read(buffer).value()) bytes.append(buffer.data(), count);
  return bytes;
}

/// A replica whose two requests meet: what a simulation draws.
void draw(PerfettoTrace& trace) {
  const auto first = trace.add_process("replica 0");
  const auto steps = trace.add_slices(first, "steps");
  const auto waiting = trace.add_counter(first, "waiting", "requests");
  const auto cache = trace.add_counter(first, "KV cache", "%");
  const auto second = trace.add_process("replica 1 \xff");
  const auto early = trace.add_slices(first, "requests");
  trace.begin_once(early, 0.0, "request 0", {{"prompt_tokens", 512}, {"class", "chat"}});
  trace.begin(early, 0.0, "queue");
  trace.count(waiting, 0.0, 1.0);
  trace.end(early, 0.001);
  trace.begin(early, 0.001, "prefill");
  trace.count(waiting, 0.001, 0.0);
  trace.begin(steps, 0.001, "prefill 512", {{"tokens", 512}, {"sequences", 1}});
  trace.count(cache, 0.001, 12.5);
  const auto late = trace.add_slices(second, "requests");
  trace.begin_once(late, 0.0005, "request 1");  // before others in time, and on another track
  trace.end(steps, 0.0210000004);
  trace.end(early, 0.0210000004);
  trace.begin(early, 0.021, "decode");
  trace.begin(steps, 0.021, "decode 1", {{"tokens", 1}, {"kv_cache_usage", 0.125}});
  trace.count(cache, 0.021, 12.5);  // nothing new
  trace.end(steps, 0.031);
  trace.mark(early, 0.031, "preempted");
  trace.end(early, 0.031);
  trace.end(early, 0.031, {{"output_tokens", 1}});
  trace.close(early);
  trace.end(late, 3600.0);
  trace.close(late);
  trace.count(cache, 3600.0, std::numeric_limits<double>::quiet_NaN());
  trace.count(cache, 3600.0, -0.25);
}

TEST(PerfettoTrace, Golden) {
  const TemporaryFolder folder;
  PerfettoTrace trace = PerfettoTrace::create(folder.file("t.pftrace")).value();
  draw(trace);
  ASSERT_TRUE(trace.finish());
  test::expect_golden("report/timeline.txt", text_of(PerfettoReader::read(bytes_of(folder.file("t.pftrace")))));
}

TEST(PerfettoTrace, TheSameCallsGiveTheSameBytesAndGzipTheSameTrace) {
  const TemporaryFolder folder;
  for (const std::string name : {"a.pftrace", "b.pftrace", "c.pftrace.gz"}) {
    PerfettoTrace trace = PerfettoTrace::create(folder.file(name)).value();
    draw(trace);
    const std::uint64_t bytes = trace.bytes_written();
    ASSERT_TRUE(trace.finish());
    EXPECT_EQ(bytes_of(folder.file(name)).size(), bytes);
  }
  EXPECT_EQ(folder.bytes_of(folder.file("a.pftrace")), folder.bytes_of(folder.file("b.pftrace")));
  EXPECT_EQ(folder.bytes_of(folder.file("a.pftrace")), bytes_of(folder.file("c.pftrace.gz")));
  EXPECT_EQ(folder.bytes_of(folder.file("c.pftrace.gz")).substr(0, 2), "\x1f\x8b");
  EXPECT_EQ(folder.bytes_of(folder.file("a.pftrace")).front(), '\x0a');  // by which Perfetto knows its own
}

/// What was written is kept beside it, in the reader's terms.
RC_GTEST_PROP(PerfettoTraceLaw, ReadsBackToWhatWasWritten, ()) {
  const TemporaryFolder folder;
  PerfettoTrace trace = PerfettoTrace::create(folder.file("t")).value();
  const auto process = trace.add_process("p");
  struct Open {
    PerfettoTrace::Track track;
    std::uint64_t time_ns = 0;
    int depth = 0;
    bool counter = false;
    double value = std::numeric_limits<double>::quiet_NaN();
  };
  std::vector<Open> open;
  std::vector<ReadEvent> written;
  const int events = *rc::gen::inRange(0, 300);
  for (int i = 0; i < events; ++i) {
    if (open.empty() || *rc::gen::inRange(0, 8) == 0) {
      const bool counter = *rc::gen::arbitrary<bool>();
      open.push_back({counter ? trace.add_counter(process, "c", "u") : trace.add_slices(process, "s")});
      open.back().counter = counter;
    }
    Open& on = open[*rc::gen::inRange<std::size_t>(0, open.size())];
    on.time_ns += *rc::gen::element<std::uint64_t>(0, 1, 999, 12345678, 3600000000000);
    const double time_s = static_cast<double>(on.time_ns) * 1e-9;
    ReadEvent event;
    event.time_ns = on.time_ns;
    event.track = on.track.uuid;
    const std::string name = fmt::format("name {}", *rc::gen::inRange(0, 20));
    if (on.counter) {
      event.type = 4;
      event.value = *rc::gen::element(0.0, -1.0, 3.0, 1e300, 0.1, 4503599627370497.5, 9007199254740993.0);
      trace.count(on.track, time_s, *event.value);
      if (event.value == on.value) continue;
      on.value = *event.value;
    } else if (on.depth > 0 && *rc::gen::arbitrary<bool>()) {
      event.type = 2;
      --on.depth;
      trace.end(on.track, time_s);
    } else {
      event.type = 1;
      event.name = name;
      ++on.depth;
      const std::int64_t tokens = *rc::gen::arbitrary<std::int64_t>();
      event.annotations = {{"tokens", fmt::format("{}", tokens)}, {name, "\"x\""}};
      if (*rc::gen::arbitrary<bool>()) {
        trace.begin(on.track, time_s, name, {{"tokens", tokens}, {name, "x"}});
      } else {
        trace.begin_once(on.track, time_s, name, {{"tokens", tokens}, {name, "x"}});
      }
    }
    written.push_back(event);
    if (on.depth == 0 && *rc::gen::inRange(0, 5) == 0) {
      trace.close(on.track);
      on = open.back();
      open.pop_back();
    }
  }
  RC_ASSERT(trace.finish().has_value());
  ReadTrace expected = PerfettoReader::read(bytes_of(folder.file("t")));
  const std::string read = text_of(expected);
  expected.events = written;
  RC_ASSERT(read == text_of(expected));
}

TEST(PerfettoTrace, NamesThatTheTableDoesNotHoldAreWrittenOut) {
  const TemporaryFolder folder;
  PerfettoTrace trace = PerfettoTrace::create(folder.file("t.gz")).value();
  const auto track = trace.add_slices(trace.add_process("p"), "s");
  const int names = static_cast<int>(PerfettoTrace::names_max) + 10;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < names; ++i) trace.mark(track, 1.0, fmt::format("prefill {}", i));
  }
  ASSERT_TRUE(trace.finish());
  const ReadTrace read = PerfettoReader::read(bytes_of(folder.file("t.gz")));
  ASSERT_EQ(read.events.size(), 2u * static_cast<std::size_t>(names));
  for (int i = 0; i < 2 * names; ++i) {
    ASSERT_EQ(read.events[static_cast<std::size_t>(i)].name, fmt::format("prefill {}", i % names));
  }
}

/// In the second hour, with names that are known. What is allowed: 25 bytes a point (a double is 8 of its own), 40 a
/// slice, 8 an annotation.
TEST(PerfettoTrace, IsAsSmallAsPromised) {
  const TemporaryFolder folder;
  PerfettoTrace trace = PerfettoTrace::create(folder.file("t")).value();
  const auto process = trace.add_process("p");
  const auto steps = trace.add_slices(process, "steps");
  const auto waiting = trace.add_counter(process, "waiting", "requests");
  for (int i = 0; i < 300; ++i) trace.mark(steps, 0.0, fmt::format("name {}", i));
  for (int i = 0; i < 2; ++i) {
    const double time_s = 3600.123456789 + i;
    trace.count(waiting, time_s, 300.0 + i);
    trace.count(waiting, time_s, 12.34 + i);
    trace.begin(steps, time_s, "name 299");
    trace.end(steps, time_s + 0.03);
    trace.begin(steps, time_s + 0.03, "name 299",
                {{"tokens", 2048}, {"sequences", 200}, {"prefill_tokens", 512}, {"kv_cache_tokens", 100000}});
    trace.end(steps, time_s + 0.06);
  }
  ASSERT_TRUE(trace.finish());
  const auto events = PerfettoReader::read(bytes_of(folder.file("t"))).events;
  const std::size_t last = events.size() - 6;  // the first time, names of annotations are in it
  const std::size_t whole = events[last].bytes, fraction = events[last + 1].bytes;
  const std::size_t slice = events[last + 2].bytes + events[last + 3].bytes;
  const std::size_t annotated = events[last + 4].bytes + events[last + 5].bytes;
  RecordProperty("bytes_per_whole_point", static_cast<int>(whole));
  RecordProperty("bytes_per_fractional_point", static_cast<int>(fraction));
  RecordProperty("bytes_per_slice", static_cast<int>(slice));
  RecordProperty("bytes_per_slice_with_four_annotations", static_cast<int>(annotated));
  EXPECT_LE(whole, 25u);
  EXPECT_LE(fraction, 28u);
  EXPECT_LE(slice, 40u);
  EXPECT_LE(annotated, slice + 4 * 8);
}

TEST(PerfettoTrace, AFullDiskIsAnErrorOfTheMachine) {
  PerfettoTrace trace = PerfettoTrace::create("/dev/full").value();
  const auto track = trace.add_counter(trace.add_process("p"), "c", "");
  int points = 0;
  while (trace.status() && points < 1000000) trace.count(track, 0.0, ++points);
  EXPECT_LT(points, 1000000);
  trace.count(track, 1.0, 2.0);  // does nothing
  const Status status = trace.finish();
  ASSERT_FALSE(status);
  EXPECT_EQ(one_line(status.error()), "/dev/full: cannot write: No space left on device");
  EXPECT_EQ(exit_status(status.error().fault), 3);
}

TEST(PerfettoTrace, WhatIsNotFinishedLeavesNothing) {
  const TemporaryFolder folder;
  const std::string path = folder.write("t.pftrace", "old");
  {
    PerfettoTrace trace = PerfettoTrace::create(path).value();
    const auto track = trace.add_counter(trace.add_process("p"), "c", "");
    for (int i = 0; i < 100000; ++i) trace.count(track, 0.0, i);
  }
  EXPECT_EQ(folder.bytes_of(path), "old");
  EXPECT_EQ(folder.count(), 1);
}

TEST(PerfettoTrace, ATimeThatItCannotHoldIsAnError) {
  const TemporaryFolder folder;
  {
    PerfettoTrace trace = PerfettoTrace::create(folder.file("t")).value();
    const auto track = trace.add_slices(trace.add_process("p"), "s");
    trace.begin(track, 9e9, "a");
    EXPECT_TRUE(trace.status());
    trace.end(track, 1e10);
    EXPECT_FALSE(trace.status());
    const Status status = trace.finish();
    ASSERT_FALSE(status);
    EXPECT_EQ(one_line(status.error()), "the timeline cannot hold more than 292 years");
  }
  EXPECT_EQ(folder.count(), 0);
}

#ifndef NDEBUG
TEST(PerfettoTraceDeathTest, MisuseIsAnAssertion) {
  PerfettoTrace trace = PerfettoTrace::create("/dev/null").value();
  const auto process = trace.add_process("p");
  const auto slices = trace.add_slices(process, "s");
  const auto counter = trace.add_counter(process, "c", "");
  EXPECT_DEATH(trace.end(slices, 0.0), "no slice is open");
  EXPECT_DEATH(trace.begin(counter, 0.0, "x"), "another kind");
  EXPECT_DEATH(trace.add_slices(slices, "x"), "another kind");
  EXPECT_DEATH(trace.begin(slices, -1.0, "x"), "not negative");
  trace.begin(slices, 1.0, "x");
  EXPECT_DEATH(trace.end(slices, 0.5), "do not decrease");
  trace.close(slices);
  EXPECT_DEATH(trace.end(slices, 1.0), "is closed");
}
#endif

}  // namespace
}  // namespace plumb::report
