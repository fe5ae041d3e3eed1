#pragma once
// What the targets that read tables of loads and lengths share.

#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

#include "base/document.h"

namespace plumb {

inline void require(bool holds) {
  if (!holds) std::abort();
}

/// Whether the text names a file, which would be read from a path of the input's choosing. Files have targets of their
/// own.
inline bool names_a_file(const Node& node) {
  for (const Node::Member& member : node.members) {
    const bool names = member.key == "trace" || member.key == "file" || member.key == "curve";
    if ((names && member.value.kind == NodeKind::string) || names_a_file(member.value)) return true;
  }
  return false;
}

/// The bytes as a file that has a path.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("input", MFD_CLOEXEC)) {
    require(descriptor_ >= 0 && ::write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace plumb
