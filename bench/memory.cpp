// How fast is the DRAM simulation, and against whom? Accesses a second of processor time on one thread, HBM3 with the
// catalog's figures, one channel and a stack of sixteen, the event-driven controller and the plain one, whose commands
// it must give. Making the addresses is part of it. Beside them Ramulator 2.1 (commit c5b1c3a, HBM3 at 6.4 Gb/s, its
// best mapping, FR-FCFS, open rows, 32 entries, all-bank refresh) and DRAMsim3 (commit 2981759, HBM2 8 Gb, 1 channel)
// on the same patterns, as they were measured on a machine of this class (2 virtual processors, 2.1 GHz, g++ 12,
// pinned): constants, since neither is part of this program.
//
// Instructions an access, by hand, from the difference of two lengths so that the start is not in it:
//
//   for n in 100000 200000; do valgrind --tool=callgrind --callgrind-out-file=/dev/null build/release/plumb memory
//     run hbm3 --channels 1 --pattern seq --requests $n --jobs 1 2>&1 | grep Collected; done      (one line)

#include <algorithm>
#include <array>
#include <ctime>
#include <string>

#include <fmt/format.h>

#include "bench.h"
#include "memory/channels.h"
#include "memory/simulation.h"
#include "memory/specification_file.h"

namespace plumb::bench {
namespace {

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Peers {
  std::string_view pattern;
  double ramulator_1, ramulator_16;  ///< HBM3, accesses a second of processor time
  double ramulator_gb_s;             ///< of the sixteen channels
  double dramsim;                    ///< HBM2, one channel
};
constexpr std::array peers{
    Peers{"seq", 326e3, 278e3, 672.1, 410e3},    Peers{"rand", 87e3, 72e3, 235.9, 83e3},
    Peers{"gather", 210e3, 153e3, 383.9, 441e3}, Peers{"mixs", 262e3, 206e3, 442.4, 418e3},
    Peers{"mix", 94e3, 104e3, 206.1, 376e3},
};

memory::Specification hbm3(int channels) {
  auto catalog = catalog::Catalog::builtin();
  check(catalog.has_value(), "the catalog is not read");
  auto specification = memory::find_specification("hbm3", *catalog);
  check(specification.has_value(), "hbm3 is not known");
  check(memory::set_channels(*specification, channels).has_value(), "hbm3 cannot have so many channels");
  return *specification;
}

struct Speed {
  double requests_per_s = 0.0;
  memory::MemoryReport report;
};

Speed run(int channels, std::string_view pattern, std::int64_t requests, memory::ControllerKind kind, int rounds) {
  const memory::Specification of = hbm3(channels);
  Speed speed;
  for (int i = 0; i < rounds; ++i) {
    const auto source = memory::make_pattern(pattern, memory::space_of(of, 1));
    const double start_s = cpu_s();
    auto report = memory::simulate(of, *source, {.requests = requests, .jobs = 1, .controller = kind});
    const double seconds = cpu_s() - start_s;
    check(report.has_value() && report->requests == requests, "accesses are missing");
    speed.requests_per_s = std::max(speed.requests_per_s, static_cast<double>(requests) / seconds);
    speed.report = std::move(*report);
  }
  return speed;
}

void add(Figures& figures, const Peers& peer) {
  constexpr int channels = 16, rounds = 3;
  constexpr std::int64_t requests = 1'000'000, plain_requests = 50'000;
  const auto event = memory::ControllerKind::event_driven, plain = memory::ControllerKind::plain;
  const Speed one = run(1, peer.pattern, requests, event, rounds);
  const Speed stack = run(channels, peer.pattern, 2 * requests, event, rounds);
  const Speed ticking = run(1, peer.pattern, plain_requests, plain, 1);
  const Speed same = run(1, peer.pattern, plain_requests, event, 1);
  check(same.report.counters.commands == ticking.report.counters.commands &&
            same.report.counters.end == ticking.report.counters.end,
        "the two controllers disagree");
  const auto figure = [&](std::string_view what, double value, std::string_view unit) {
    figures.push_back({fmt::format("memory_{}_{}", peer.pattern, what), value, std::string(unit)});
  };
  figure("requests_per_cpu_second", one.requests_per_s, "requests/s");
  figure("nanoseconds_per_request", 1e9 / one.requests_per_s, "ns");
  figure("16ch_requests_per_cpu_second", stack.requests_per_s, "requests/s");
  figure("16ch_over_1ch", stack.requests_per_s / one.requests_per_s, "ratio");
  figure("plain_requests_per_cpu_second", ticking.requests_per_s, "requests/s");
  figure("event_over_plain", one.requests_per_s / ticking.requests_per_s, "ratio");
  figure("ramulator_requests_per_cpu_second", peer.ramulator_1, "requests/s");
  figure("ramulator_16ch_requests_per_cpu_second", peer.ramulator_16, "requests/s");
  figure("dramsim3_hbm2_requests_per_cpu_second", peer.dramsim, "requests/s");
  figure("over_ramulator", one.requests_per_s / peer.ramulator_1, "ratio");
  figure("16ch_over_ramulator", stack.requests_per_s / peer.ramulator_16, "ratio");
  figure("16ch_bandwidth", stack.report.bandwidth.value() / 1e9, "GB/s");
  figure("ramulator_16ch_bandwidth", peer.ramulator_gb_s, "GB/s");
}

}  // namespace

void memory_patterns(Figures& figures) {
  for (const Peers& peer : peers) add(figures, peer);
}

}  // namespace plumb::bench
