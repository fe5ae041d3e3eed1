#include "memory/pim_gemv.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb::memory {
namespace {

std::int64_t over(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

Result<PimGemv> PimGemv::make(const Specification& of, int pseudo_channels, PimShape shape) {
  if (!of.pim)
    return fail(input_error({}, fmt::format("{} has no units that compute", of.name), "a memory with [dram.pim]"));
  PimGemv gemv(of);
  gemv.shape_ = shape;
  gemv.pseudo_channels_ = pseudo_channels;
  gemv.lanes_ = of.pim->lanes;
  gemv.columns_ = of.organisation.columns();
  if (of.pim->style == PimStyle::registers) {
    gemv.plan_registers();
  } else {
    gemv.plan_buffer();
  }
  const std::int64_t reached = of.pim->rows > 0 ? of.pim->rows : of.organisation.rows;
  if (gemv.rows() > reached)
    return fail(input_error({},
                            fmt::format("a matrix of {} x {} takes {} rows of each bank of {} pseudo-channels of {}",
                                        shape.outputs, shape.inputs, gemv.rows(), pseudo_channels, of.name),
                            fmt::format("at most {} rows, or more stacks", reached)));
  return gemv;
}

void PimGemv::plan_registers() {
  units_ = pim_units(*of_);
  sums_ = of_->pim->vector_registers / 2;
  vectors_ = sums_;
  passes_ = over(shape_.outputs, static_cast<std::int64_t>(pseudo_channels_) * units_ * sums_);
  fills_ = over(shape_.inputs, vectors_ * lanes_);
  fills_per_row_ = static_cast<int>(2 * columns_ / (vectors_ * sums_));
}

void PimGemv::plan_buffer() {
  stream_.emplace(*of_);
  units_ = stream_->width();
  sums_ = std::max(1, of_->pim->vector_registers);
  const std::int64_t buffer = std::min<std::int64_t>(of_->pim->buffer_bytes / of_->organisation.access_bytes, columns_);
  vectors_ = std::min(buffer, over(shape_.inputs, lanes_));
  fills_per_row_ = static_cast<int>(columns_ / vectors_);
  passes_ = over(shape_.outputs, static_cast<std::int64_t>(pseudo_channels_) * units_);
  fills_ = over(shape_.inputs, vectors_ * lanes_);
}

std::int64_t PimGemv::openings_of_fill() const { return over(passes_, fills_per_row_); }

std::int64_t PimGemv::rows() const {
  if (stream_) return over(fills_ * openings_of_fill(), stream_->spans());
  // Behind the weights a row for each columns_ sums of a unit, and the row through which registers are reached.
  return over(passes_ * fills_, fills_per_row_) + over(passes_ * sums_, columns_) + 1;
}

PimPlace PimGemv::weight(std::int64_t output, std::int64_t input) const {
  const std::int64_t group = output / sums_of_group();
  const std::int64_t in_group = output % sums_of_group();
  const std::int64_t fill = input / (vectors_ * lanes_);
  const int vector = static_cast<int>(input / lanes_ % vectors_);
  const int lane = static_cast<int>(input % lanes_);
  if (of_->pim->style == PimStyle::registers) {
    const auto sum = static_cast<int>(in_group % sums_), unit = static_cast<int>(in_group / sums_ % units_);
    const std::int64_t index = group * fills_ + fill;
    const int k = static_cast<int>(index % fills_per_row_ * (vectors_ * sums_)) + vector * sums_ + sum;
    return {static_cast<int>(in_group / sums_ / units_), 2 * unit + k / columns_, index / fills_per_row_, k % columns_,
            lane};
  }
  const PimRowStream::Opening at = stream_->opening(fill * openings_of_fill() + group / fills_per_row_);
  const int unit = static_cast<int>(in_group % units_);
  const int column = static_cast<int>(group % fills_per_row_ * vectors_) + vector;
  return {static_cast<int>(in_group / units_), stream_->bank_of(at.bank, unit), at.row, column, lane};
}

PimPlace PimGemv::result(std::int64_t output) const {
  const std::int64_t group = output / sums_of_group(), in_group = output % sums_of_group();
  if (of_->pim->style == PimStyle::buffer)
    return {static_cast<int>(in_group / units_), 0, group, 0, static_cast<int>(in_group % units_)};
  const std::int64_t index = group * sums_ + in_group % sums_;
  return {static_cast<int>(in_group / sums_ / units_), 2 * static_cast<int>(in_group / sums_ % units_),
          first_result_row() + index / columns_, static_cast<int>(index % columns_), 0};
}

std::int64_t PimGemv::sums_of_group() const {
  const std::int64_t units = static_cast<std::int64_t>(pseudo_channels_) * units_;
  return of_->pim->style == PimStyle::registers ? units * sums_ : units;
}

std::int64_t PimGemv::first_result_row() const { return over(passes_ * fills_, fills_per_row_); }

}  // namespace plumb::memory
