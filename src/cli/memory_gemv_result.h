#pragma once
// What `plumb memory gemv` found, as text and as JSON. docs/pim.md names the fields.

#include <string>

#include "cli/memory_options.h"
#include "memory/pim_kernel.h"
#include "report/table.h"

namespace plumb::cli {

struct MemoryKernelRun {
  const MemorySubject& subject;
  const memory::PimKernelRequest& request;
  const memory::PimKernelReport& report;
};

std::string memory_gemv_text(const MemoryKernelRun& run, const report::Style& style);
std::string memory_gemv_json(const MemoryKernelRun& run);

}  // namespace plumb::cli
