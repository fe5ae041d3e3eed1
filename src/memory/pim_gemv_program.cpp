#include <algorithm>

#include "memory/pim_gemv.h"
#include "memory/pim_register_mode.h"

namespace plumb::memory {
namespace {

/// Transfers that stand aside for columns: one is given behind each column.
class Owed {
 public:
  void add(const PimStep& step) { steps_.push_back(step); }
  void give_one(PimProgram& to) {
    if (next_ < steps_.size()) to.steps.push_back(steps_[next_++]);
  }
  void give_all(PimProgram& to) {
    while (next_ < steps_.size()) give_one(to);
  }

 private:
  std::vector<PimStep> steps_;
  std::size_t next_ = 0;
};

}  // namespace

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
        steps.push_back(
            {command.compute, at / columns_, row, at % columns_, PimAct::multiply_add, k % sums_, k / sums_, 0});
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
  const PimCommands command(*of_);
  const int used = static_cast<int>(vectors_);
  const std::int64_t openings = openings_of_fill();
  const bool loads_ahead = of_->pim->buffer_bytes / of_->organisation.access_bytes >= 2 * vectors_;
  Owed owed;
  const auto place_in_buffer = [&](std::int64_t fill, int v) {
    return loads_ahead ? static_cast<int>(fill % 2) * used + v : v;
  };
  const auto load = [&](std::int64_t fill, int v) {
    const std::int64_t data = vector * vector_accesses() + fill * vectors_ + v;
    return PimStep{command.write_register, 0, 0, 0, PimAct::load_vector, 0, place_in_buffer(fill, v), data};
  };
  for (std::int64_t fill = 0; fill < fills_; ++fill) {
    const auto before = [&](PimProgram& to) {
      for (int v = 0; v < used && (fill == 0 || !loads_ahead); ++v) to.steps.push_back(load(fill, v));
      for (int v = 0; v < used && loads_ahead && fill + 1 < fills_; ++v) owed.add(load(fill + 1, v));
    };
    const auto column = [&](PimProgram& to, std::int64_t index, int at) {
      const std::int64_t group = (index - fill * openings) * fills_per_row_ + at / used;
      if (group >= passes_) return;
      const PimRowStream::Opening opened = stream_->opening(index);
      const int vec = place_in_buffer(fill, at % used);
      to.steps.push_back({command.compute, opened.bank, opened.row, at, PimAct::multiply_add, 0, vec, group});
      owed.give_one(to);
      if (at % used != used - 1 || (group % sums_ != sums_ - 1 && group != passes_ - 1)) return;
      for (const PimStep& read : reads_of_sums(group / sums_ * sums_, group)) owed.add(read);
      if (sums_ == 1) owed.give_all(to);
    };
    stream_->add(program, fill * openings, openings, fills_per_row_ * used, column, before);
    owed.give_all(program);
  }
}

std::vector<PimStep> PimGemv::reads_of_sums(std::int64_t first, std::int64_t last) const {
  const auto groups = static_cast<int>(last - first + 1);
  const int count = (groups * units_ + lanes_ - 1) / lanes_;
  PimStep read{of_->command(Does::read_register), 0, 0, 0, PimAct::read_sums, groups, 0, first};
  std::vector<PimStep> reads(static_cast<std::size_t>(count), read);
  for (std::size_t i = 1; i < reads.size(); ++i) reads[i].act = PimAct::none;
  return reads;
}

}  // namespace plumb::memory
