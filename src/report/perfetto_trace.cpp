#include "report/perfetto_trace.h"

#include <cassert>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include <protozero/pbf_builder.hpp>

#include "report/perfetto_fields.h"
#include "report/text.h"

namespace plumb::report {
namespace {

/// One sequence of packets: what makes names and their numbers belong together.
constexpr std::uint32_t sequence_id = 1;

/// 292 years; a time that a trace cannot hold.
constexpr double time_max_s = 9.2e9;

template <class Message>
using Builder = protozero::pbf_builder<Message>;

struct Packet {
  explicit Packet(std::string& bytes) : trace(bytes), packet(trace, perfetto::Trace::packet) {}

  Builder<perfetto::Trace> trace;
  Builder<perfetto::TracePacket> packet;
};

void define(Builder<perfetto::InternedData>& data, perfetto::InternedData table, const NumberedName& name) {
  if (!name.entry || !name.entry->first) return;
  Builder<perfetto::InternedName> entry(data, table);
  entry.add_uint64(perfetto::InternedName::iid, name.entry->number);
  entry.add_string(perfetto::InternedName::name, valid_utf8(name.text));
}

/// The names that this packet is the first to use. A message without fields leaves no bytes.
void write_definitions(Builder<perfetto::TracePacket>& packet, const NumberedName& event,
                       std::span<const NumberedName> annotations) {
  Builder<perfetto::InternedData> data(packet, perfetto::TracePacket::interned_data);
  define(data, perfetto::InternedData::event_names, event);
  for (const NumberedName& name : annotations) define(data, perfetto::InternedData::debug_annotation_names, name);
}

template <class Message>
void write_name(Builder<Message>& message, Message number, Message text, const NumberedName& name) {
  if (name.entry) {
    message.add_uint64(number, name.entry->number);
  } else {
    message.add_string(text, valid_utf8(name.text));
  }
}

void write_annotation(Builder<perfetto::TrackEvent>& event, const NumberedName& name, const AnnotationValue& value) {
  using perfetto::DebugAnnotation;
  Builder<DebugAnnotation> message(event, perfetto::TrackEvent::debug_annotations);
  write_name(message, DebugAnnotation::name_iid, DebugAnnotation::name, name);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    message.add_int64(DebugAnnotation::int_value, *integer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    message.add_double(DebugAnnotation::double_value, *number);
  } else {
    message.add_string(DebugAnnotation::string_value, valid_utf8(std::get<std::string_view>(value)));
  }
}

/// A whole number takes fewer bytes as an integer, and readers take either on one track.
void write_counter_value(Builder<perfetto::TrackEvent>& message, double value) {
  constexpr double integers_exact_to = 9007199254740992.0;  // 2^53
  if (value == std::floor(value) && std::abs(value) <= integers_exact_to) {
    message.add_int64(perfetto::TrackEvent::counter_value, static_cast<std::int64_t>(value));
  } else {
    message.add_double(perfetto::TrackEvent::double_counter_value, value);
  }
}

}  // namespace

struct PerfettoTrace::Event {
  perfetto::EventType type;
  const TrackState& track;
  std::string_view name = {};
  bool recurs = false;  ///< the name is worth a number
  Annotations annotations = {};
};

PerfettoTrace::PerfettoTrace(StreamFile file) : file_(std::move(file)) {}

Result<PerfettoTrace> PerfettoTrace::create(const std::string& path) {
  PLUMB_ASSIGN(StreamFile file, StreamFile::create(path));
  PerfettoTrace trace(std::move(file));
  trace.write_head();
  return trace;
}

/// Names start from nothing, and the root of all tracks orders processes by rank instead of by name.
void PerfettoTrace::write_head() {
  {
    Packet made(packet_);
    made.packet.add_uint32(perfetto::TracePacket::trusted_packet_sequence_id, sequence_id);
    made.packet.add_uint32(perfetto::TracePacket::sequence_flags, perfetto::incremental_state_cleared);
    Builder<perfetto::TrackDescriptor> root(made.packet, perfetto::TracePacket::track_descriptor);
    root.add_uint64(perfetto::TrackDescriptor::uuid, 0);
    root.add_int32(perfetto::TrackDescriptor::process_ordering, perfetto::process_ordering_explicit);
  }
  send();
}

PerfettoTrace::Track PerfettoTrace::add(Kind kind) {
  Track track{++tracks_added_, tracks_.size()};
  if (free_slots_.empty()) {
    tracks_.emplace_back();
  } else {
    track.slot = free_slots_.back();
    free_slots_.pop_back();
  }
  TrackState& state = tracks_[track.slot];
  state = {};
  state.uuid = track.uuid;
  state.kind = kind;
  return track;
}

PerfettoTrace::Track PerfettoTrace::add_process(std::string_view name) {
  const Track track = add(Kind::process);
  {
    Packet made(packet_);
    Builder<perfetto::TrackDescriptor> descriptor(made.packet, perfetto::TracePacket::track_descriptor);
    descriptor.add_uint64(perfetto::TrackDescriptor::uuid, track.uuid);
    descriptor.add_int32(perfetto::TrackDescriptor::sibling_order_rank, processes_);
    Builder<perfetto::ProcessDescriptor> process(descriptor, perfetto::TrackDescriptor::process);
    process.add_int32(perfetto::ProcessDescriptor::pid, ++processes_);  // 0 would be the kernel's
    process.add_string(perfetto::ProcessDescriptor::process_name, valid_utf8(name));
  }
  send();
  return track;
}

PerfettoTrace::Track PerfettoTrace::add_slices(Track process, std::string_view name) {
  const std::uint64_t parent = state(process, Kind::process).uuid;
  const Track track = add(Kind::slices);
  {
    Packet made(packet_);
    Builder<perfetto::TrackDescriptor> descriptor(made.packet, perfetto::TracePacket::track_descriptor);
    descriptor.add_uint64(perfetto::TrackDescriptor::uuid, track.uuid);
    descriptor.add_uint64(perfetto::TrackDescriptor::parent_uuid, parent);
    descriptor.add_string(perfetto::TrackDescriptor::name, valid_utf8(name));
  }
  send();
  return track;
}

PerfettoTrace::Track PerfettoTrace::add_counter(Track process, std::string_view name, std::string_view unit) {
  const std::uint64_t parent = state(process, Kind::process).uuid;
  const Track track = add(Kind::counter);
  {
    Packet made(packet_);
    Builder<perfetto::TrackDescriptor> descriptor(made.packet, perfetto::TracePacket::track_descriptor);
    descriptor.add_uint64(perfetto::TrackDescriptor::uuid, track.uuid);
    descriptor.add_uint64(perfetto::TrackDescriptor::parent_uuid, parent);
    descriptor.add_string(perfetto::TrackDescriptor::name, valid_utf8(name));
    Builder<perfetto::CounterDescriptor> counter(descriptor, perfetto::TrackDescriptor::counter);
    counter.add_string(perfetto::CounterDescriptor::unit_name, valid_utf8(unit));
  }
  send();
  return track;
}

void PerfettoTrace::close(Track track) {
  assert(track.slot < tracks_.size() && tracks_[track.slot].uuid == track.uuid && "the track is closed already");
  tracks_[track.slot] = {};
  free_slots_.push_back(track.slot);
}

PerfettoTrace::TrackState& PerfettoTrace::state(Track track, [[maybe_unused]] Kind kind) {
  assert(track.slot < tracks_.size() && tracks_[track.slot].uuid == track.uuid && "the track is closed");
  assert(tracks_[track.slot].kind == kind && "the track is of another kind");
  return tracks_[track.slot];
}

/// Whether there is an event to write at this time, which becomes the track's.
bool PerfettoTrace::advance(TrackState& state, double time_s) {
  assert(time_s >= 0.0 && "times are not negative");
  if (!(time_s <= time_max_s)) {
    if (status_) status_ = fail(unmet_error("the timeline cannot hold more than 292 years"));
    return false;
  }
  constexpr double ns_per_s = 1e9;
  const std::int64_t time_ns = std::llround(time_s * ns_per_s);
  assert(time_ns >= state.time_ns && "times of a track do not decrease");
  state.time_ns = time_ns;
  return status().has_value();
}

void PerfettoTrace::begin(Track slices, double time_s, std::string_view name, Annotations annotations) {
  TrackState& track = state(slices, Kind::slices);
  ++track.depth;
  if (advance(track, time_s)) write({perfetto::EventType::slice_begin, track, name, true, annotations});
}

void PerfettoTrace::begin_once(Track slices, double time_s, std::string_view name, Annotations annotations) {
  TrackState& track = state(slices, Kind::slices);
  ++track.depth;
  if (advance(track, time_s)) write({perfetto::EventType::slice_begin, track, name, false, annotations});
}

void PerfettoTrace::end(Track slices, double time_s, Annotations annotations) {
  TrackState& track = state(slices, Kind::slices);
  assert(track.depth > 0 && "no slice is open");
  --track.depth;
  if (advance(track, time_s)) write({perfetto::EventType::slice_end, track, {}, false, annotations});
}

void PerfettoTrace::mark(Track slices, double time_s, std::string_view name, Annotations annotations) {
  TrackState& track = state(slices, Kind::slices);
  if (advance(track, time_s)) write({perfetto::EventType::instant, track, name, true, annotations});
}

void PerfettoTrace::count(Track counter, double time_s, double value) {
  TrackState& track = state(counter, Kind::counter);
  if (!advance(track, time_s) || !std::isfinite(value) || (track.counted && track.value == value)) return;
  track.counted = true;
  track.value = value;
  write({perfetto::EventType::counter, track});
}

void PerfettoTrace::write(const Event& event) {
  const NumberedName name{event.name, event.recurs ? names_.find(event.name) : std::nullopt};
  shown_.clear();
  for (const Annotation& annotation : event.annotations) {
    shown_.push_back({annotation.name, annotation_names_.find(annotation.name)});
  }
  {
    Packet made(packet_);
    made.packet.add_uint64(perfetto::TracePacket::timestamp, static_cast<std::uint64_t>(event.track.time_ns));
    made.packet.add_uint32(perfetto::TracePacket::trusted_packet_sequence_id, sequence_id);
    if (name.entry || !shown_.empty()) {
      made.packet.add_uint32(perfetto::TracePacket::sequence_flags, perfetto::needs_incremental_state);
    }
    write_definitions(made.packet, name, shown_);
    Builder<perfetto::TrackEvent> message(made.packet, perfetto::TracePacket::track_event);
    message.add_enum(perfetto::TrackEvent::type, static_cast<std::int32_t>(event.type));
    message.add_uint64(perfetto::TrackEvent::track_uuid, event.track.uuid);
    if (!name.text.empty()) {
      write_name(message, perfetto::TrackEvent::name_iid, perfetto::TrackEvent::name, name);
    }
    if (event.type == perfetto::EventType::counter) write_counter_value(message, event.track.value);
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      write_annotation(message, shown_[i], event.annotations.begin()[i].value);
    }
  }
  send();
}

void PerfettoTrace::send() {
  file_.write(packet_);
  packet_.clear();
}

Status PerfettoTrace::finish() {
  PLUMB_TRY(status_);
  return file_.commit();
}

}  // namespace plumb::report
