#pragma once
// A timeline in Perfetto's protobuf format, which ui.perfetto.dev opens, written to a file as it comes about. It is
// made of tracks: processes, and below them tracks of slices (which nest) and counters.
//
//   PLUMB_ASSIGN(PerfettoTrace trace, PerfettoTrace::create("run.pftrace"));      // or run.pftrace.gz
//   const auto replica = trace.add_process("replica 0");
//   const auto steps = trace.add_slices(replica, "steps");
//   const auto waiting = trace.add_counter(replica, "waiting", "requests");
//   trace.begin(steps, 0.010, "decode 31", {{"tokens", 31}});
//   trace.count(waiting, 0.012, 4.0);
//   trace.end(steps, 0.022);
//   PLUMB_TRY(trace.finish());
//
// Times are seconds from the start of the trace, not negative, and written as whole nanoseconds. On one track they do
// not decrease; between tracks any order is right. What overlaps without nesting needs tracks of its own: slice tracks
// of one process and one name are drawn as one band with as many rows as there are at once. So a request gets a track
// "requests" of its own and gives it back with close().
//
// A failure to write shows in status() and in finish(); calls after it do nothing. Without finish() nothing is left
// behind (base/stream_file.h). Memory is bounded by the tracks that are open and names_max names. Misuse, such as an
// end without its begin, is an assertion. The same calls give the same bytes. Thread rule: one thread.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/stream_file.h"
#include "report/name_table.h"

namespace plumb::report {

using AnnotationValue = std::variant<std::int64_t, double, std::string_view>;

/// A figure or text that is shown when its slice is selected.
struct Annotation {
  std::string_view name;
  AnnotationValue value;
};

class PerfettoTrace {
 public:
  /// A track of the trace that made it. Cheap to copy.
  struct Track {
    std::uint64_t uuid = 0;
    std::size_t slot = 0;
  };
  using Annotations = std::initializer_list<Annotation>;

  /// Names are kept so that each is written once; beyond so many, new ones are written out at each use.
  static constexpr std::size_t names_max = std::size_t{1} << 16;

  [[nodiscard]] static Result<PerfettoTrace> create(const std::string& path);

  /// Processes are shown in the order in which they were added.
  Track add_process(std::string_view name);
  Track add_slices(Track process, std::string_view name);
  /// `unit` is shown behind values, such as "W"; it may be empty.
  Track add_counter(Track process, std::string_view name, std::string_view unit);
  /// No more events come. Slices that are open stay so to the end of the trace. Frees what is kept of the track.
  void close(Track track);

  /// Opens a slice, within the one that is open on this track. The name is kept.
  void begin(Track slices, double time_s, std::string_view name, Annotations annotations = {});
  /// The same with a name that is not going to recur, such as that of one request, and need not be kept.
  void begin_once(Track slices, double time_s, std::string_view name, Annotations annotations = {});
  /// Closes the slice that was opened last. Annotations are shown with those of its begin.
  void end(Track slices, double time_s, Annotations annotations = {});
  /// A moment on a track of slices.
  void mark(Track slices, double time_s, std::string_view name, Annotations annotations = {});
  /// The value from this time on. A value equal to the last one, or one that is not finite, is not written.
  void count(Track counter, double time_s, double value);

  const Status& status() const { return status_ ? file_.status() : status_; }
  /// Before compression.
  std::uint64_t bytes_written() const { return file_.bytes_written(); }
  /// Gives the file its name. Slices that are open stay so to the end of the trace.
  [[nodiscard]] Status finish();

 private:
  enum class Kind : std::uint8_t { none, process, slices, counter };
  struct TrackState {
    std::uint64_t uuid = 0;
    Kind kind = Kind::none;
    bool counted = false;      ///< `value` is one that was written
    std::uint32_t depth = 0;   ///< slices that are open
    std::int64_t time_ns = 0;  ///< of the last event
    double value = 0.0;
  };
  struct Event;

  explicit PerfettoTrace(StreamFile file);
  void write_head();
  Track add(Kind kind);
  TrackState& state(Track track, Kind kind);
  bool advance(TrackState& state, double time_s);
  void write(const Event& event);
  void send();

  StreamFile file_;
  Status status_;       ///< of what the format cannot hold
  std::string packet_;  ///< being made; kept for its memory
  std::vector<TrackState> tracks_;
  std::vector<std::size_t> free_slots_;
  std::uint64_t tracks_added_ = 0;
  std::int32_t processes_ = 0;
  NameTable names_{names_max}, annotation_names_{names_max};
  std::vector<NumberedName> shown_;  ///< names of the annotations of the event being written; kept for its memory
};

}  // namespace plumb::report
