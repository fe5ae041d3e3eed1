#pragma once
// Every command of a run in a file, as CSV or as a timeline for ui.perfetto.dev (docs/memory.md). Channels are written
// one after the other, again and again; the commands of one channel are in order of time. A failure shows in status();
// without finish() nothing is left behind. Thread rule: one thread.

#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "memory/issued_command.h"

namespace plumb::cli {

class MemoryCommandFile {
 public:
  virtual ~MemoryCommandFile() = default;
  virtual void add(int channel, std::span<const memory::IssuedCommand> commands) = 0;
  virtual const Status& status() const = 0;
  [[nodiscard]] virtual Status finish() = 0;
};

/// By the name: .pftrace or .perfetto is a timeline, .csv or "-" is CSV; .gz and .zst may follow. Another name is
/// refused. `specification` must outlive it.
[[nodiscard]] Result<std::unique_ptr<MemoryCommandFile>> open_memory_command_file(
    const std::string& path, const memory::Specification& specification);

}  // namespace plumb::cli
