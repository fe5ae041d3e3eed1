#include "memory/pim_kernel.h"

#include <algorithm>

namespace plumb::memory {
namespace {

constexpr int crossover_batch = 64;

PimElementwiseKind elementwise_kind(PimKernelKind kind) {
  if (kind == PimKernelKind::add) return PimElementwiseKind::add;
  return kind == PimKernelKind::multiply ? PimElementwiseKind::multiply : PimElementwiseKind::relu;
}

/// The cache once for all queries that share it, each query and its results.
HostTraffic host_attention(const AttentionShape& shape) {
  constexpr std::int64_t element_bytes = 2;
  const std::int64_t cache = 2 * shape.heads * shape.context * shape.head_size * element_bytes;
  const std::int64_t vectors = shape.heads * shape.queries * shape.head_size * element_bytes;
  return {{cache, vectors}, {vectors}};
}

}  // namespace

std::string_view pim_kernel_name(PimKernelKind kind) {
  switch (kind) {
    case PimKernelKind::gemv: return "gemv";
    case PimKernelKind::add: return "add";
    case PimKernelKind::multiply: return "mul";
    case PimKernelKind::relu: return "relu";
    case PimKernelKind::attention: return "attention";
  }
  return "";
}

double PimKernelReport::ratio(const Specification& of) const {
  return host.cycles * of.ticks_per_clock / static_cast<double>(run.end);
}

Result<PimKernelReport> run_pim_kernel(const Specification& of, const PimKernelRequest& request,
                                       const CommandSink& sink) {
  const PimCost cost(of, 1);
  PimKernelReport report;
  HostTraffic traffic;
  if (request.kind == PimKernelKind::gemv) {
    PLUMB_ASSIGN(const PimGemv gemv, PimGemv::make(of, cost.pseudo_channels(), request.shape));
    report.run = play(of, gemv.program(request.batch), {}, sink);
    PLUMB_ASSIGN(report.figure, cost.gemv(request.shape, request.batch));
    traffic = host_gemv(request.shape.outputs, request.shape.inputs, request.batch);
    PLUMB_ASSIGN(report.crossover, find_crossover(of, 1, request.shape, std::max(crossover_batch, 2 * request.batch)));
  } else if (request.kind == PimKernelKind::attention) {
    PLUMB_ASSIGN(PimAttention layer, pim_attention(of, request.attention, {}, 1, sink));
    report.run = std::move(layer.run);
    PLUMB_ASSIGN(report.figure, cost.attention(request.attention));
    traffic = host_attention(request.attention);
  } else {
    const PimElementwiseKind kind = elementwise_kind(request.kind);
    PLUMB_ASSIGN(const PimElementwise kernel, PimElementwise::make(of, cost.pseudo_channels(), kind, request.elements));
    report.run = play(of, kernel.program(), {}, sink);
    PLUMB_ASSIGN(report.figure, cost.elementwise(kind, request.elements));
    traffic = host_elementwise(request.elements, kind == PimElementwiseKind::relu ? 1 : 2);
  }
  PLUMB_ASSIGN(report.host, run_host(of, traffic, 1));
  return report;
}

}  // namespace plumb::memory
