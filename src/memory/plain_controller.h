#pragma once
// The reference: tries every tick, every bank. See channel_controller.h for the rules.

#include "memory/channel_controller.h"
#include "memory/channel_state.h"

namespace plumb::memory {

class PlainController final : public ChannelController {
 public:
  PlainController(const Specification& specification, CommandSink sink) : state_(specification, std::move(sink)) {}

  void offer(std::span<const Access> accesses) override { state_.offer(accesses); }
  void run(bool last) override;
  const ChannelCounters& counters() const override { return state_.counters(); }

 private:
  void tick();
  bool try_refresh();
  void try_column();
  void try_row();
  /// The bank with the oldest want that may be issued now, of column or of row commands; -1: none.
  int oldest_ready(bool column) const;

  ChannelState state_;
  Tick now_ = 0;
};

}  // namespace plumb::memory
