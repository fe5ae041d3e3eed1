#include "memory/pim_elementwise.h"

#include <fmt/format.h>

#include "memory/pim_register_mode.h"

namespace plumb::memory {
namespace {

std::int64_t over(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

Result<PimElementwise> PimElementwise::make(const Specification& of, int pseudo_channels, PimElementwiseKind kind,
                                            std::int64_t elements) {
  if (!of.pim || of.pim->style != PimStyle::registers)
    return fail(input_error({}, fmt::format("{} has no units with vector registers", of.name),
                            "a memory with [dram.pim] of style registers"));
  PimElementwise kernel(of);
  kernel.kind_ = kind;
  kernel.pseudo_channels_ = pseudo_channels;
  kernel.units_ = pim_units(of);
  kernel.registers_ = of.pim->vector_registers / 2;
  kernel.tiles_in_row_ = of.organisation.columns() / kernel.registers_;
  const std::int64_t in_tile =
      static_cast<std::int64_t>(pseudo_channels) * kernel.units_ * 2 * kernel.registers_ * of.pim->lanes;
  kernel.tiles_ = over(elements, in_tile);
  const std::int64_t reached = of.pim->rows > 0 ? of.pim->rows : of.organisation.rows;
  const std::int64_t rows = over(kernel.tiles_, kernel.tiles_in_row_) * kernel.operands() + 1;
  if (rows > reached)
    return fail(input_error({}, fmt::format("{} elements take {} rows of each bank of {}", elements, rows, of.name),
                            fmt::format("at most {} rows, or more stacks", reached)));
  return kernel;
}

std::int64_t PimElementwise::base(Operand operand) const {
  const std::int64_t rows = over(tiles_, tiles_in_row_);
  if (operand == Operand::a) return 0;
  return operand == Operand::b || kind_ == PimElementwiseKind::relu ? rows : 2 * rows;
}

PimPlace PimElementwise::place(Operand operand, std::int64_t element) const {
  std::int64_t rest = element;
  const auto take = [&](int size) {
    const auto part = static_cast<int>(rest % size);
    rest /= size;
    return part;
  };
  const int lane = take(of_->pim->lanes), column = take(registers_), odd = take(2), unit = take(units_);
  const int pseudo_channel = take(pseudo_channels_);
  return {pseudo_channel, 2 * unit + odd, base(operand) + rest / tiles_in_row_,
          static_cast<int>(rest % tiles_in_row_) * registers_ + column, lane};
}

PimProgram PimElementwise::program() const {
  PimProgram program;
  const PimRegisterMode mode(*of_);
  mode.enter(program);
  const auto visit = [&](Operand operand, std::int64_t tile, int command, PimAct act) {
    const std::int64_t row = base(operand) + tile / tiles_in_row_;
    const int first = static_cast<int>(tile % tiles_in_row_) * registers_;
    mode.open(program, row);
    for (int odd = 0; odd < 2; ++odd)
      for (int column = 0; column < registers_; ++column)
        program.steps.push_back({command, odd, row, first + column, act, odd * registers_ + column, 0, 0});
  };
  const int compute = mode.commands().compute, store = mode.commands().store;
  for (std::int64_t tile = 0; tile < tiles_; ++tile) {
    const bool relu = kind_ == PimElementwiseKind::relu;
    visit(Operand::a, tile, compute, relu ? PimAct::take_positive : PimAct::take);
    if (!relu) {
      program.steps.push_back(PimCommands::fence());
      mode.close(program);
      visit(Operand::b, tile, compute, kind_ == PimElementwiseKind::add ? PimAct::add : PimAct::multiply);
    }
    mode.close(program);
    visit(Operand::c, tile, store, PimAct::put);
    mode.close(program);
  }
  mode.leave(program);
  program.results_from = program.steps.size();
  return program;
}

}  // namespace plumb::memory
