#include "memory/pim_machine.h"

#include <algorithm>

#include "memory/short_float.h"
#include "memory/timing_state.h"

namespace plumb::memory {

PimMachine::PimMachine(const Specification& of)
    : of_(of), format_(of.pim->format), lanes_(of.pim->lanes), buffered_(of.pim->style == PimStyle::buffer) {}

std::uint16_t& PimMachine::element(int bank, std::int64_t row, int column, int lane) {
  return this->column(bank, row, column)[static_cast<std::size_t>(lane)];
}

std::span<std::uint16_t> PimMachine::column(int bank, std::int64_t row, int column) {
  Vector& whole = rows_[{bank, row}];
  const auto lanes = static_cast<std::size_t>(lanes_);
  if (whole.empty()) whole.resize(lanes * static_cast<std::size_t>(of_.organisation.columns()));
  return std::span(whole).subspan(static_cast<std::size_t>(column) * lanes, lanes);
}

PimMachine::Vector& PimMachine::reg(int unit, int index) {
  Vector& found = registers_[{unit, index}];
  found.resize(static_cast<std::size_t>(lanes_));
  return found;
}

void PimMachine::load(const PimStep& step, std::span<const std::uint16_t> vector) {
  const auto index = static_cast<std::size_t>(step.vec), lanes = static_cast<std::size_t>(lanes_);
  if (vectors_.size() <= index) vectors_.resize(index + 1, Vector(lanes));
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::size_t at = static_cast<std::size_t>(step.data) * lanes + lane;
    vectors_[index][lane] = at < vector.size() ? vector[at] : 0;
  }
}

std::vector<int> PimMachine::banks_of(const PimStep& step) const {
  std::vector<int> banks;
  TimingState(of_).for_each_bank(step.command, step.bank, [&](int bank) { banks.push_back(bank); });
  return banks;
}

void PimMachine::run(const PimProgram& program, std::span<const std::uint16_t> vector) {
  std::map<std::pair<int, int>, std::vector<int>> known;  // banks of a command at a bank
  for (const PimStep& step : program.steps) {
    switch (step.act) {
      case PimAct::none:
      case PimAct::read_out: break;
      case PimAct::load_vector: load(step, vector); break;
      case PimAct::clear: registers_.clear(); break;
      case PimAct::read_sums:
        for (std::int64_t group = step.data; group < step.data + step.reg; ++group)
          for (auto at = sums_.lower_bound({group, 0}); at != sums_.end() && at->first.first == group;
               at = sums_.erase(at))
            read_out_[at->first] += rounded(at->second, format_);
        break;
      default: {
        auto [banks, is_new] = known.try_emplace({step.command, step.bank});
        if (is_new) banks->second = banks_of(step);
        for (int unit = 0; unit < static_cast<int>(banks->second.size()); ++unit)
          operate(step, unit, banks->second[static_cast<std::size_t>(unit)]);
      }
    }
  }
}

void PimMachine::operate(const PimStep& step, int unit, int bank) {
  const std::span<std::uint16_t> data = column(bank, step.row, step.column);
  if (step.act != PimAct::put) ++reads_[{{bank, step.row}, step.column}];
  if (buffered_) return dot(step, unit, data);
  Vector& r = reg(unit, step.reg);
  const auto value = [&](std::uint16_t bits) { return from_short_float(bits, format_); };
  for (std::size_t lane = 0; lane < r.size(); ++lane) {
    const double operand = value(data[lane]);
    switch (step.act) {
      case PimAct::multiply_add: {
        const double factor = value(vectors_[static_cast<std::size_t>(step.vec)][lane]);
        r[lane] = to_short_float(value(r[lane]) + rounded(operand * factor, format_), format_);
        break;
      }
      case PimAct::take: r[lane] = data[lane]; break;
      case PimAct::take_positive: r[lane] = operand > 0.0 ? data[lane] : std::uint16_t{0}; break;
      case PimAct::add: r[lane] = to_short_float(value(r[lane]) + operand, format_); break;
      case PimAct::multiply: r[lane] = to_short_float(value(r[lane]) * operand, format_); break;
      case PimAct::put: data[lane] = r[lane]; break;
      default: break;
    }
  }
}

void PimMachine::dot(const PimStep& step, int unit, std::span<const std::uint16_t> weights) {
  const Vector& vector = vectors_[static_cast<std::size_t>(step.vec)];
  std::vector<float> tree(weights.size());
  for (std::size_t lane = 0; lane < tree.size(); ++lane)
    tree[lane] = static_cast<float>(from_short_float(weights[lane], format_) * from_short_float(vector[lane], format_));
  for (std::size_t left = tree.size(); left > 1; left = (left + 1) / 2)
    for (std::size_t i = 0; 2 * i < left; ++i) tree[i] = 2 * i + 1 < left ? tree[2 * i] + tree[2 * i + 1] : tree[2 * i];
  sums_[{step.data, unit}] += tree[0];
}

double PimMachine::sum(std::int64_t group, int unit) const {
  const auto found = read_out_.find({group, unit});
  return found == read_out_.end() ? 0.0 : found->second;
}

}  // namespace plumb::memory
