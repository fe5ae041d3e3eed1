#pragma once
// Reads a Perfetto trace as trace processor does, by field numbers of its own, and fails the test where the rules of
// the format are broken: https://github.com/google/perfetto, protos/perfetto/trace/.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <protozero/pbf_reader.hpp>

namespace plumb::report {

struct ReadTrack {
  std::string name;  ///< of a process, its process_name
  std::uint64_t parent = 0;
  std::int32_t pid = 0, rank = 0;
  bool process = false;
  std::optional<std::string> unit;  ///< of a counter
};

struct ReadEvent {
  std::uint64_t time_ns = 0, track = 0;
  int type = 0;  ///< 1 begin, 2 end, 3 instant, 4 counter
  std::string name;
  std::optional<double> value;
  std::vector<std::pair<std::string, std::string>> annotations;
  std::size_t bytes = 0;  ///< of the packet, with its tag and length
};

struct ReadTrace {
  std::map<std::uint64_t, ReadTrack> tracks;
  std::vector<ReadEvent> events;
};

class PerfettoReader {
 public:
  static ReadTrace read(const std::string& bytes) {
    PerfettoReader reader;
    protozero::pbf_reader trace(bytes);
    std::size_t before = trace.length();
    while (trace.next(1)) {
      const auto message = trace.get_message();
      reader.packet(message, before - trace.length());
      before = trace.length();
    }
    EXPECT_EQ(trace.length(), 0u) << "a field of Trace that is no packet";
    return std::move(reader.trace_);
  }

 private:
  using Names = std::map<std::uint64_t, std::string>;

  void packet(protozero::pbf_reader message, std::size_t bytes) {
    std::optional<std::uint64_t> time_ns;
    std::optional<std::uint32_t> sequence;
    std::uint32_t flags = 0;
    std::optional<protozero::pbf_reader> event;
    bool named = false;
    while (message.next()) {
      switch (message.tag()) {
        case 8: time_ns = message.get_uint64(); break;
        case 10: sequence = message.get_uint32(); break;
        case 11: event = message.get_message(); break;
        case 12:
          define(message.get_message());
          named = true;
          break;
        case 13: flags = message.get_uint32(); break;
        case 60: descriptor(message.get_message()); break;
        default: ADD_FAILURE() << "TracePacket field " << message.tag(); message.skip();
      }
    }
    if ((flags & 1u) != 0) {
      EXPECT_FALSE(cleared_) << "names are forgotten in the middle";
      cleared_ = true;
    }
    if (event) {
      EXPECT_TRUE(time_ns.has_value() && sequence == 1u);
      uses_names_ = named;
      this->event(*event, time_ns.value_or(0), bytes);
      if (uses_names_) {
        EXPECT_TRUE((flags & 2u) != 0 && cleared_) << "names without SEQ_NEEDS_INCREMENTAL_STATE";
      }
    }
  }

  void define(protozero::pbf_reader message) {
    while (message.next()) {
      Names& names = message.tag() == 2 ? event_names_ : annotation_names_;
      EXPECT_TRUE(message.tag() == 2 || message.tag() == 3) << "InternedData field " << message.tag();
      std::uint64_t number = 0;
      std::string text;
      for (protozero::pbf_reader entry = message.get_message(); entry.next();) {
        if (entry.tag() == 1) {
          number = entry.get_uint64();
        } else {
          EXPECT_EQ(entry.tag(), 2u);
          text = entry.get_string();
        }
      }
      EXPECT_NE(number, 0u);
      EXPECT_TRUE(names.emplace(number, text).second) << "a name is defined twice: " << text;
    }
  }

  void descriptor(protozero::pbf_reader message) {
    std::optional<std::uint64_t> uuid;
    ReadTrack track;
    while (message.next()) {
      switch (message.tag()) {
        case 1: uuid = message.get_uint64(); break;
        case 2: track.name = message.get_string(); break;
        case 3:
          track.process = true;
          for (protozero::pbf_reader process = message.get_message(); process.next();) {
            if (process.tag() == 1) {
              track.pid = process.get_int32();
            } else {
              EXPECT_EQ(process.tag(), 6u);
              track.name = process.get_string();
            }
          }
          break;
        case 5: track.parent = message.get_uint64(); break;
        case 8:
          track.unit.emplace();
          for (protozero::pbf_reader counter = message.get_message(); counter.next(6);)
            track.unit = counter.get_string();
          break;
        case 12: track.rank = message.get_int32(); break;
        case 19: EXPECT_EQ(message.get_int32(), 1); break;
        default: ADD_FAILURE() << "TrackDescriptor field " << message.tag(); message.skip();
      }
    }
    ASSERT_TRUE(uuid.has_value());
    if (*uuid == 0) return;  // the root
    if (!track.process) {
      ASSERT_TRUE(trace_.tracks.contains(track.parent));
      EXPECT_TRUE(trace_.tracks[track.parent].process);
    }
    EXPECT_TRUE(trace_.tracks.emplace(*uuid, track).second) << "a track is described twice";
  }

  void event(protozero::pbf_reader message, std::uint64_t time_ns, std::size_t bytes) {
    ReadEvent event;
    event.time_ns = time_ns;
    event.bytes = bytes;
    while (message.next()) {
      switch (message.tag()) {
        case 4: annotation(message.get_message(), event); break;
        case 9: event.type = message.get_enum(); break;
        case 10: event.name = known(event_names_, message.get_uint64()); break;
        case 11: event.track = message.get_uint64(); break;
        case 23: event.name = message.get_string(); break;
        case 30: event.value = static_cast<double>(message.get_int64()); break;
        case 44: event.value = message.get_double(); break;
        default: ADD_FAILURE() << "TrackEvent field " << message.tag(); message.skip();
      }
    }
    check(event);
    trace_.events.push_back(event);
  }

  void annotation(protozero::pbf_reader message, ReadEvent& event) {
    std::string name, value;
    while (message.next()) {
      switch (message.tag()) {
        case 1: name = known(annotation_names_, message.get_uint64()); break;
        case 4: value = fmt::format("{}", message.get_int64()); break;
        case 5: value = fmt::format("{} (double)", message.get_double()); break;
        case 6: value = fmt::format("\"{}\"", message.get_string()); break;
        case 10: name = message.get_string(); break;
        default: ADD_FAILURE() << "DebugAnnotation field " << message.tag(); message.skip();
      }
    }
    event.annotations.emplace_back(name, value);
  }

  const std::string& known(const Names& names, std::uint64_t number) {
    uses_names_ = true;
    static const std::string none;
    const auto name = names.find(number);
    EXPECT_NE(name, names.end()) << "name " << number << " is used before it is defined";
    return name == names.end() ? none : name->second;
  }

  void check(const ReadEvent& event) {
    const auto track = trace_.tracks.find(event.track);
    ASSERT_NE(track, trace_.tracks.end()) << "an event on a track that is not described";
    EXPECT_EQ(event.type == 4, track->second.unit.has_value());
    EXPECT_EQ(event.type == 4, event.value.has_value());
    EXPECT_GE(event.time_ns, times_[event.track]) << "times of a track decrease";
    times_[event.track] = event.time_ns;
    if (event.type == 1) ++depths_[event.track];
    if (event.type == 2) {
      EXPECT_GT(depths_[event.track], 0) << "an end without its begin";
      --depths_[event.track];
    }
  }

  ReadTrace trace_;
  Names event_names_, annotation_names_;
  std::map<std::uint64_t, std::uint64_t> times_;
  std::map<std::uint64_t, int> depths_;
  bool cleared_ = false, uses_names_ = false;
};

/// One line a track and an event, for people and goldens.
inline std::string text_of(const ReadTrace& trace) {
  constexpr std::array<std::string_view, 5> types{"?", "begin", "end", "instant", "counter"};
  std::string text;
  for (const auto& [uuid, track] : trace.tracks) {
    text += fmt::format("track {}", uuid);
    if (track.process) text += fmt::format(": process {} rank {}", track.pid, track.rank);
    if (!track.process) text += fmt::format(" under {}: {}", track.parent, track.unit ? "counter" : "slices");
    text += fmt::format(" \"{}\"", track.name);
    if (track.unit) text += fmt::format(" in \"{}\"", *track.unit);
    text += '\n';
  }
  for (const ReadEvent& event : trace.events) {
    text +=
        fmt::format("{} ns: track {} {}", event.time_ns, event.track, types.at(static_cast<std::size_t>(event.type)));
    if (!event.name.empty()) text += fmt::format(" \"{}\"", event.name);
    if (event.value) text += fmt::format(" {}", *event.value);
    for (const auto& [name, value] : event.annotations) text += fmt::format(", {} = {}", name, value);
    text += '\n';
  }
  return text;
}

}  // namespace plumb::report
