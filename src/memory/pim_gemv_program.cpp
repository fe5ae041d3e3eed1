#include <algorithm>

#include "memory/pim_gemv.h"
#include "memory/pim_register_mode.h"
#include "memory/pim_row_stream.h"

namespace plumb::memory {

PimProgram PimGemv::program(int batch) const {
  PimProgram program;
  if (of_->pim->style == PimStyle::buffer) {
    for (int vector = 0; vector < batch; ++vector) add_buffer(program, vector);
    program.results_from = program.steps.size();
    return program;
  }
  const PimRegisterMode mode(*of_);
  mode.enter(program);
  for (int vector = 0; vector < batch; ++vector) add_registers(program, vector);
  mode.leave(program);
  program.results_from = program.steps.size();
  for (int vector = 0; vector < batch; ++vector) add_results(program);
  return program;
}

void PimGemv::add_registers(PimProgram& program, int vector) const {
  const PimRegisterMode mode(*of_);
  const PimCommands& command = mode.commands();
  std::vector<PimStep>& steps = program.steps;
  for (std::int64_t pass = 0; pass < passes_; ++pass) {
    for (std::int64_t fill = 0; fill < fills_; ++fill) {
      mode.open_registers(program);
      if (fill == 0) steps.push_back(mode.write_register(PimAct::clear));
      for (int v = 0; v < static_cast<int>(vectors_); ++v) {
        steps.push_back(mode.write_register(PimAct::load_vector));
        steps.back().vec = v;
        steps.back().data = vector * vector_accesses() + fill * vectors_ + v;
      }
      mode.close(program);
      const std::int64_t index = pass * fills_ + fill, row = index / fills_per_row_;
      mode.open(program, row);
      const int first = static_cast<int>(index % fills_per_row_ * (vectors_ * sums_));
      for (int k = 0; k < static_cast<int>(vectors_ * sums_); ++k) {
        const int at = first + k;
        steps.push_back({command.compute, at / columns_, row, at % columns_, PimAct::multiply_add, k % sums_,
                         k / sums_, 0});
      }
      mode.close(program);
    }
    const std::int64_t first = pass * sums_;
    for (int sum = 0; sum < sums_; ++sum) {
      const std::int64_t index = first + sum, row = first_result_row() + index / columns_;
      if (sum == 0 || index % columns_ == 0) {
        if (sum != 0) mode.close(program);
        mode.open(program, row);
      }
      steps.push_back({command.store, 0, row, static_cast<int>(index % columns_), PimAct::put, sum, 0, 0});
    }
    mode.close(program);
  }
}

void PimGemv::add_results(PimProgram& program) const {
  const PimCommands command(*of_);
  std::vector<PimStep>& steps = program.steps;
  const Organisation& o = of_->organisation;
  std::vector<int> banks;  // of one bank group after the other, since the same group is slower
  for (int in_group = 0; in_group < o.banks_per_group; in_group += 2)
    for (int bank = in_group; bank < o.banks_per_pseudo_channel(); bank += o.banks_per_group) banks.push_back(bank);
  const std::int64_t columns = passes_ * sums_;
  for (std::int64_t from = 0; from < columns; from += columns_) {
    const std::int64_t row = first_result_row() + from / columns_;
    for (const int bank : banks) steps.push_back(PimCommands::plain(command.activate, bank, row));
    for (int column = 0; column < std::min<std::int64_t>(columns_, columns - from); ++column)
      for (const int bank : banks) steps.push_back({command.read, bank, row, column, PimAct::read_out, 0, 0, 0});
    steps.push_back(PimCommands::plain(command.precharge_all));
  }
}

void PimGemv::add_buffer(PimProgram& program, int vector) const {
  const PimRowStream stream(*of_);
  const PimCommands command(*of_);
  const int used = static_cast<int>(vectors_);
  const std::int64_t openings = openings_of_fill();
  for (std::int64_t fill = 0; fill < fills_; ++fill) {
    const auto load = [&](PimProgram& to) {
      for (int v = 0; v < used; ++v)
        to.steps.push_back({command.write_register, 0, 0, 0, PimAct::load_vector, 0, v,
                            vector * vector_accesses() + fill * vectors_ + v});
    };
    const auto column = [&](PimProgram& to, std::int64_t index, int at) {
      const std::int64_t group = (index - fill * openings) * fills_per_row_ + at / used;
      if (group >= passes_) return;
      const PimRowStream::Opening opened = stream.opening(index);
      to.steps.push_back({command.compute, opened.bank, opened.row, at, PimAct::multiply_add, 0, at % used, group});
      if (at % used == used - 1 && (group % sums_ == sums_ - 1 || group == passes_ - 1))
        add_sums(to, group / sums_ * sums_, group);
    };
    stream.add(program, fill * openings, openings, fills_per_row_ * used, column, load);
  }
}

void PimGemv::add_sums(PimProgram& program, std::int64_t first, std::int64_t last) const {
  const auto groups = static_cast<int>(last - first + 1);
  const int reads = (groups * units_ + lanes_ - 1) / lanes_;
  for (int i = 0; i < reads; ++i)
    program.steps.push_back({of_->command(Does::read_register), 0, 0, 0, i == 0 ? PimAct::read_sums : PimAct::none,
                             groups, 0, first});
}

}  // namespace plumb::memory
