#include "memory/pim_cost.h"

#include <algorithm>
#include <cmath>

#include "memory/pim_host.h"

namespace plumb::memory {
namespace {

constexpr PimPlaySettings no_refresh{.refresh = false};

}  // namespace

Tick pim_refresh_cost(const Specification& of) {
  return of.ticks("tRFC") + of.ticks("tRTP") + of.ticks("tRP") + of.ticks("tRCDRD");
}

int PimCost::pseudo_channels() const { return of_.organisation.channels * of_.organisation.pseudo_channels * stacks_; }

PimFigure PimCost::figure(const PimRun& one, const PimRun& two, std::int64_t batch, double busy) const {
  const auto more = static_cast<double>(batch - 1);
  const auto line = [&](double first, double second) { return first + more * (second - first); };
  const double ticks = line(static_cast<double>(one.end), static_cast<double>(two.end));
  const bool refreshes = of_.controller.refresh != RefreshMode::none && of_.refresh_interval > 0;
  const double interval = static_cast<double>(of_.refresh_interval);
  const double all = refreshes ? ticks / (1.0 - static_cast<double>(pim_refresh_cost(of_)) / interval) : ticks;
  PimFigure figure;
  figure.clocks = all / of_.ticks_per_clock;
  figure.time = Seconds::of(all * of_.tick_s());
  if (of_.energy) {
    const double banks = of_.organisation.banks_per_pseudo_channel();
    double joules = line(pim_energy(of_, one).total(), pim_energy(of_, two).total());
    if (refreshes) joules += all / interval * banks * of_.energy->refresh;
    joules += (all - ticks) * of_.tick_s() * of_.energy->standby_active;
    figure.energy = Joules::of(joules * busy);
  }
  const auto computes = static_cast<std::size_t>(of_.command(Does::compute));
  const double bytes_a_compute = pim_bandwidth_multiple(of_) * static_cast<double>(pim_interval(of_).other) /
                                 static_cast<double>(of_.burst) * of_.organisation.access_bytes;
  figure.bytes_from_banks =
      line(static_cast<double>(one.commands[computes]), static_cast<double>(two.commands[computes])) * bytes_a_compute *
      busy;
  return figure;
}

Result<PimFigure> PimCost::gemv(PimShape shape, int batch) const { return gemvs({shape, 1, 1}, batch); }

Result<PimFigure> PimCost::gemvs(const Matrices& of, std::int64_t vectors) const {
  PLUMB_ASSIGN(const PimGemv gemv, PimGemv::make(of_, pseudo_channels() / of.lanes, of.shape));
  const std::int64_t rounds = (of.matrices + of.lanes - 1) / of.lanes;
  // Another matrix in a lane is to its units what another vector is: rows of their own are opened for both.
  const std::int64_t batch = rounds * vectors;
  const PimRun one = play(of_, gemv.program(1), no_refresh);
  const PimRun two = batch > 1 ? play(of_, gemv.program(2), no_refresh) : one;
  const double busy = static_cast<double>(of.matrices) / static_cast<double>(rounds * of.lanes);
  PimFigure all = figure(one, two, batch, busy * pseudo_channels());
  all.rows = rounds * gemv.rows();
  return all;
}

Result<PimFigure> PimCost::attention(const AttentionShape& shape) const {
  PLUMB_ASSIGN(const PimAttention layer, pim_attention(of_, shape, no_refresh, stacks_));
  // A channel without a head in the last round has done nothing in it.
  const double heads_in_time = static_cast<double>(shape.heads) / static_cast<double>(layer.rounds);
  return figure(layer.run, layer.run, 1, heads_in_time * of_.organisation.pseudo_channels);
}

Result<PimFigure> PimCost::elementwise(PimElementwiseKind kind, std::int64_t elements) const {
  PLUMB_ASSIGN(const PimElementwise kernel, PimElementwise::make(of_, pseudo_channels(), kind, elements));
  const PimRun run = play(of_, kernel.program(), no_refresh);
  return figure(run, run, 1, pseudo_channels());
}

Result<Crossover> find_crossover(const Specification& of, int stacks, PimShape shape, int largest) {
  const PimCost cost(of, stacks);
  Crossover crossover;
  const auto at = [&](int batch) -> Result<CrossoverPoint> {
    PLUMB_ASSIGN(const PimFigure pim, cost.gemv(shape, batch));
    PLUMB_ASSIGN(const MemoryReport host, run_host(of, host_gemv(shape.outputs, shape.inputs, batch), stacks));
    return CrossoverPoint{batch, host.cycles, pim.clocks};
  };
  for (int batch = 1; batch <= largest; batch *= 2) {
    PLUMB_ASSIGN(const CrossoverPoint point, at(batch));
    crossover.points.push_back(point);
  }
  for (std::size_t i = 0; i < crossover.points.size() && !crossover.batch; ++i) {
    const CrossoverPoint& here = crossover.points[i];
    if (here.host_clocks >= here.pim_clocks) continue;
    if (i == 0) {
      crossover.batch = here.batch;
      break;
    }
    const CrossoverPoint& before = crossover.points[i - 1];
    const double lead = before.pim_clocks - before.host_clocks, lag = here.pim_clocks - here.host_clocks;
    const double share = -lead / (lag - lead);
    crossover.batch = before.batch + static_cast<int>(std::floor(share * (here.batch - before.batch))) + 1;
  }
  return crossover;
}

}  // namespace plumb::memory
