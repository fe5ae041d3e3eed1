#pragma once
// The specification that a command line means: a name, and the options that change its size and its controller.

#include "catalog/catalog.h"
#include "cli/command.h"
#include "memory/specification.h"

namespace plumb::cli {

struct MemorySubject {
  memory::Specification specification;  ///< with as many channels as all stacks have
  int stacks = 1;
};

/// --queue, --write-..., --scheduler, --row-hit-cap, --page-policy, --refresh..., --channels, --stacks.
[[nodiscard]] Result<MemorySubject> read_memory_subject(const Arguments& arguments, const std::string& spec,
                                                        const catalog::Catalog& catalog);
/// The same of a specification that was read already.
[[nodiscard]] Result<MemorySubject> read_memory_subject(const Arguments& arguments, memory::Specification of);

/// The word for it on the command line and in files: "all_bank".
std::string_view refresh_name(memory::RefreshMode mode);

}  // namespace plumb::cli
