#include "memory/pim_player.h"

#include <algorithm>
#include <cmath>

#include "memory/timing_state.h"

namespace plumb::memory {
namespace {

class Player {
 public:
  Player(const Specification& of, const PimPlaySettings& settings, const CommandSink& sink)
      : of_(of),
        sink_(sink),
        timing_(of),
        precharge_all_(of.command(Does::precharge_all)),
        refresh_(of.command(Does::refresh)),
        fence_(static_cast<Tick>(std::llround(of.pim->fence_clocks * of.ticks_per_clock))) {
    run_.commands.assign(of.commands.size(), 0);
    if (settings.refresh && of.controller.refresh != RefreshMode::none && of.refresh_interval > 0) {
      // A unit that works on all banks can be refreshed only as a whole.
      for (const Scope scope : {Scope::pseudo_channel, Scope::rank})
        if (const int found = of.refresh_command(scope); found >= 0) refresh_ = found;
      due_ = static_cast<Tick>(std::llround(settings.phase * static_cast<double>(of.refresh_interval)));
    }
  }

  void step(const PimStep& step) {
    if (step.command < 0) {
      now_ = std::max(now_, data_end_ + fence_);
      return;
    }
    while (due_ >= 0 && timing_.earliest(step.command, step.bank, now_) >= due_) refresh();
    issue(step);
    note_open(step);
  }

  void mark_computed() { run_.compute_end = std::max(now_, data_end_); }

  PimRun finish() {
    run_.end = std::max(now_, data_end_);
    return std::move(run_);
  }

 private:
  const Command& meaning(int command) const { return of_.commands[static_cast<std::size_t>(command)]; }

  void issue(const PimStep& step) {
    const Tick at = timing_.earliest(step.command, step.bank, now_);
    timing_.issue(step.command, step.bank, at);
    ++run_.commands[static_cast<std::size_t>(step.command)];
    if (sink_) sink_({at, step.command, step.bank, step.row, step.column});
    now_ = at;
    switch (meaning(step.command).does) {
      case Does::read:
      case Does::compute:
      case Does::read_register: data_end_ = std::max(data_end_, at + of_.read_latency + of_.burst); break;
      case Does::write:
      case Does::store:
      case Does::write_register: data_end_ = std::max(data_end_, at + of_.write_latency + of_.burst); break;
      case Does::change_mode: data_end_ = std::max(data_end_, at + of_.ticks("tMOD")); break;
      default: break;
    }
  }

  void note_open(const PimStep& step) {
    const Does does = meaning(step.command).does;
    const bool opens = does == Does::activate || does == Does::activate_all;
    const bool closes = does == Does::precharge || does == Does::precharge_all;
    if (closes)
      timing_.for_each_bank(step.command, step.bank, [&](int bank) {
        std::erase_if(open_, [&](const PimStep& o) { return timing_.first_bank(o.command, bank) == o.bank; });
      });
    if (opens) open_.push_back(step);
  }

  /// Once for each of the command's spans in the pseudo-channel.
  void everywhere(int command) {
    for (int bank = 0; bank < of_.organisation.banks_per_pseudo_channel(); ++bank)
      if (timing_.first_bank(command, bank) == bank) issue({command, bank});
  }

  void refresh() {
    if (!open_.empty()) everywhere(precharge_all_);
    now_ = std::max(now_, due_);
    everywhere(refresh_);
    ++run_.refreshes;
    due_ += of_.refresh_interval;
    for (const PimStep& row : open_) issue(row);
  }

  const Specification& of_;
  const CommandSink& sink_;
  TimingState timing_;
  int precharge_all_, refresh_;
  Tick fence_, due_ = -1;
  Tick now_ = 0, data_end_ = 0;
  std::vector<PimStep> open_;  ///< what opened the rows that are open
  PimRun run_;
};

}  // namespace

PimRun play(const Specification& of, const PimProgram& program, const PimPlaySettings& settings,
            const CommandSink& sink) {
  Player player(of, settings, sink);
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    if (i == program.results_from) player.mark_computed();
    player.step(program.steps[i]);
  }
  if (program.results_from >= program.steps.size()) player.mark_computed();
  return player.finish();
}

}  // namespace plumb::memory
