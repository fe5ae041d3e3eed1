#include "cli/memory_command_file.h"

#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/stream_file.h"
#include "report/csv_writer.h"
#include "report/perfetto_trace.h"

namespace plumb::cli {
namespace {

using memory::Command;
using memory::Does;
using memory::IssuedCommand;
using memory::Level;
using memory::Specification;

bool is_access(Does does) {
  return does == Does::read || does == Does::read_and_precharge || does == Does::write ||
         does == Does::write_and_precharge;
}

/// So that 3.75 ns are not written as 3.7500000000000004.
double whole_femtoseconds(double ns) { return std::round(ns * 1e6) / 1e6; }

/// Where a bank stands in its channel.
struct BankPlace {
  int pseudo_channel, rank, bank_group, bank;
};

BankPlace place_of(const memory::Organisation& of, int bank) {
  return {of.node_of(Level::pseudo_channel, bank), of.node_of(Level::rank, bank) % of.ranks,
          of.node_of(Level::bank_group, bank) % of.bank_groups, bank % of.banks_per_group};
}

class CommandCsv : public MemoryCommandFile {
 public:
  CommandCsv(StreamFile file, const Specification& of)
      : file_(std::move(file)),
        of_(of),
        csv_({"channel", "clock", "time_ns", "command", "pseudo_channel", "rank", "bank_group", "bank", "row",
              "column"}) {}

  void add(int channel, std::span<const IssuedCommand> commands) override {
    for (const IssuedCommand& issued : commands) write(channel, issued);
    file_.write(csv_.take());
  }
  const Status& status() const override { return file_.status(); }
  Status finish() override {
    file_.write(csv_.take());
    return file_.commit();
  }

 private:
  void write(int channel, const IssuedCommand& issued) {
    using memory::Scope;
    const Command& command = of_.commands[static_cast<std::size_t>(issued.command)];
    const BankPlace at = place_of(of_.organisation, issued.bank);
    const auto only_if = [](bool holds, auto value) { return holds ? std::optional(value) : std::nullopt; };
    const bool one_bank = command.scope == Scope::bank;
    const bool opens = command.does == Does::activate;
    csv_.row(channel, static_cast<double>(issued.at) / of_.ticks_per_clock,
             whole_femtoseconds(of_.nanoseconds(static_cast<double>(issued.at))), command.name, at.pseudo_channel,
             only_if(command.scope != Scope::pseudo_channel, at.rank), only_if(one_bank, at.bank_group),
             only_if(one_bank || command.scope == Scope::same_bank, at.bank),
             only_if(opens || is_access(command.does), issued.row), only_if(is_access(command.does), issued.column));
  }

  StreamFile file_;
  const Specification& of_;
  report::CsvWriter csv_;
};

/// A process a channel; in it a track for each bank: a slice while a row is open, with its accesses as moments; and
/// one for each pseudo-channel's refreshes.
class CommandTimeline : public MemoryCommandFile {
 public:
  CommandTimeline(report::PerfettoTrace trace, const Specification& of) : trace_(std::move(trace)), of_(of) {
    const auto channels = static_cast<std::size_t>(of.organisation.channels);
    const auto banks = static_cast<std::size_t>(of.organisation.banks());
    processes_.reserve(channels);
    for (std::size_t i = 0; i < channels; ++i) processes_.push_back(trace_.add_process(fmt::format("channel {}", i)));
    banks_.resize(channels * banks);
  }

  void add(int channel, std::span<const IssuedCommand> commands) override {
    for (const IssuedCommand& issued : commands) draw(channel, issued);
  }
  const Status& status() const override { return trace_.status(); }
  Status finish() override { return trace_.finish(); }

 private:
  struct Bank {
    std::optional<report::PerfettoTrace::Track> track;
    bool open = false;
  };

  Bank& bank_of(int channel, int bank) {
    Bank& found = banks_[static_cast<std::size_t>(channel) * static_cast<std::size_t>(of_.organisation.banks()) +
                         static_cast<std::size_t>(bank)];
    if (found.track) return found;
    const BankPlace at = place_of(of_.organisation, bank);
    found.track = trace_.add_slices(
        processes_[static_cast<std::size_t>(channel)],
        fmt::format("pseudo-channel {} rank {} group {} bank {}", at.pseudo_channel, at.rank, at.bank_group, at.bank));
    return found;
  }

  void draw(int channel, const IssuedCommand& issued) {
    const Command& command = of_.commands[static_cast<std::size_t>(issued.command)];
    const double time_s = static_cast<double>(issued.at) * of_.tick_s();
    if (command.scope != memory::Scope::bank) {
      for (const int bank : banks_covered(command, issued.bank)) draw_on(channel, bank, command, issued, time_s);
      return;
    }
    draw_on(channel, issued.bank, command, issued, time_s);
  }

  void draw_on(int channel, int at, const Command& command, const IssuedCommand& issued, double time_s) {
    Bank& bank = bank_of(channel, at);
    if (command.does == Does::activate) {
      trace_.begin_once(*bank.track, time_s, fmt::format("row {}", issued.row), {{"row", issued.row}});
      bank.open = true;
      return;
    }
    // A bank that a command of many covers without need shows nothing of it.
    const bool closes = command.does != Does::read && command.does != Does::write;
    if (command.does == Does::refresh) trace_.mark(*bank.track, time_s, command.name);
    if (is_access(command.does))
      trace_.mark(*bank.track, time_s, command.name, {{"column", std::int64_t{issued.column}}});
    if (!closes || !bank.open) return;
    trace_.end(*bank.track, time_s);
    bank.open = false;
  }

  std::vector<int> banks_covered(const Command& command, int bank) const {
    const memory::Organisation& of = of_.organisation;
    std::vector<int> covered;
    for (int other = 0; other < of.banks(); ++other) {
      const Level level = command.scope == memory::Scope::pseudo_channel ? Level::pseudo_channel : Level::rank;
      const bool same = of.node_of(level, other) == of.node_of(level, bank);
      const bool number =
          command.scope != memory::Scope::same_bank || other % of.banks_per_group == bank % of.banks_per_group;
      if (same && number) covered.push_back(other);
    }
    return covered;
  }

  report::PerfettoTrace trace_;
  const Specification& of_;
  std::vector<report::PerfettoTrace::Track> processes_;
  std::vector<Bank> banks_;
};

bool is_called(std::string_view path, std::string_view ending) {
  for (const std::string_view packed : {".gz", ".zst"})
    if (path.ends_with(packed)) path.remove_suffix(packed.size());
  return path.ends_with(ending);
}

}  // namespace

Result<std::unique_ptr<MemoryCommandFile>> open_memory_command_file(const std::string& path, const Specification& of) {
  if (is_called(path, ".pftrace") || is_called(path, ".perfetto")) {
    PLUMB_ASSIGN(report::PerfettoTrace trace, report::PerfettoTrace::create(path));
    return std::make_unique<CommandTimeline>(std::move(trace), of);
  }
  if (path != "-" && !is_called(path, ".csv"))
    return fail(input_error({path, 0, 0}, "no kind of file of commands", "a name in .csv or .pftrace, or with .gz"));
  PLUMB_ASSIGN(StreamFile file, StreamFile::create(path));
  return std::make_unique<CommandCsv>(std::move(file), of);
}

}  // namespace plumb::cli
