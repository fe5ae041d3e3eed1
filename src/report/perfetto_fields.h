#pragma once
// Field numbers of Perfetto's trace format, as far as Plumb writes it, message by message as protos/perfetto/trace/ of
// https://github.com/google/perfetto has them (commit ec5d16b, August 2026). The number of a published field never
// changes.

#include <cstdint>

namespace plumb::report::perfetto {

enum class Trace : std::uint32_t { packet = 1 };

enum class TracePacket : std::uint32_t {
  timestamp = 8,  ///< ns
  trusted_packet_sequence_id = 10,
  track_event = 11,
  interned_data = 12,
  sequence_flags = 13,
  track_descriptor = 60,
};
inline constexpr std::uint32_t incremental_state_cleared = 1;  ///< of sequence_flags: no names are defined yet
inline constexpr std::uint32_t needs_incremental_state = 2;    ///< uses names that the sequence defined

enum class TrackDescriptor : std::uint32_t {
  uuid = 1,
  name = 2,
  process = 3,
  parent_uuid = 5,
  counter = 8,
  sibling_order_rank = 12,
  process_ordering = 19,
};
inline constexpr std::int32_t process_ordering_explicit = 1;
enum class ProcessDescriptor : std::uint32_t { pid = 1, process_name = 6 };
enum class CounterDescriptor : std::uint32_t { unit_name = 6 };

enum class TrackEvent : std::uint32_t {
  debug_annotations = 4,
  type = 9,
  name_iid = 10,
  track_uuid = 11,
  name = 23,
  counter_value = 30,
  double_counter_value = 44,
};
enum class EventType : std::int32_t { slice_begin = 1, slice_end = 2, instant = 3, counter = 4 };
enum class DebugAnnotation : std::uint32_t {
  name_iid = 1,
  int_value = 4,
  double_value = 5,
  string_value = 6,
  name = 10,
};

enum class InternedData : std::uint32_t { event_names = 2, debug_annotation_names = 3 };
enum class InternedName : std::uint32_t { iid = 1, name = 2 };

}  // namespace plumb::report::perfetto
