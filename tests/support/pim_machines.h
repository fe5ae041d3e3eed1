#pragma once
// Test machines whose memory computes.

#include <cstdlib>
#include <memory>
#include <string>

#include "accelerator/pim_memory.h"
#include "memory/specification_file.h"
#include "support/machines.h"

namespace plumb::test {

/// Specifications with units, of every placement and style.
inline constexpr const char* pim_names[] = {"hbm3-pim",           "hbm3-pim:bank_group", "hbm3-pim:buffer",
                                            "hbm3-pim:logic_die", "gddr6-aim",           "hbm2-pim"};

/// That memory in as many stacks as fit the test machine, made once.
inline std::shared_ptr<const accelerator::PimMemory> pim_memory(const std::string& name,
                                                                accelerator::PimUse use = {.stacks = 5}) {
  static const auto catalog = catalog::Catalog::builtin();
  auto found = memory::find_specification(name, *catalog);
  if (!found) std::abort();
  return std::make_shared<const accelerator::PimMemory>(std::move(*found), use);
}

/// The machine of machines.h with units in its memory.
inline accelerator::Machine pim_machine(std::shared_ptr<const accelerator::PimMemory> memory) {
  accelerator::Machine made = machine(lossy_class());
  made.pim = std::move(memory);
  return made;
}

}  // namespace plumb::test
