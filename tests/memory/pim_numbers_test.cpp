// Do kernels compute what they should? Every program is carried out on the banks' numbers and compared with the
// operator itself, computed in double precision or step by step in the format; and every weight is read exactly once.

#include <cmath>
#include <limits>
#include <set>
#include <tuple>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "memory/pim_elementwise.h"
#include "memory/pim_gemv.h"
#include "memory/pim_machine.h"
#include "memory/short_float.h"
#include "memory/specifications.h"

namespace plumb::memory {
namespace {

/// Half the distance of neighbours at 1, as a share.
double half_step(PimFormat format) { return format == PimFormat::fp16 ? 0x1p-11 : 0x1p-8; }

std::vector<std::uint16_t> random_numbers(Stream& stream, std::int64_t count, PimFormat format) {
  std::vector<std::uint16_t> numbers(static_cast<std::size_t>(count));
  for (std::uint16_t& number : numbers) number = to_short_float(stream.normal(), format);
  return numbers;
}

struct Gemv {
  PimGemv kernel;
  std::vector<PimMachine> machines;
  std::vector<std::uint16_t> weights, vector;
};

Gemv carry_out(const Specification& of, int pseudo_channels, PimShape shape, std::uint64_t seed) {
  Stream stream(seed, "pim numbers");
  Gemv gemv{PimGemv::make(of, pseudo_channels, shape).value(), {}, {}, {}};
  gemv.weights = random_numbers(stream, shape.outputs * shape.inputs, of.pim->format);
  gemv.vector = random_numbers(stream, shape.inputs, of.pim->format);
  for (int i = 0; i < pseudo_channels; ++i) gemv.machines.emplace_back(of);
  for (std::int64_t output = 0; output < shape.outputs; ++output)
    for (std::int64_t input = 0; input < shape.inputs; ++input) {
      const PimPlace at = gemv.kernel.weight(output, input);
      gemv.machines[static_cast<std::size_t>(at.pseudo_channel)].element(at.bank, at.row, at.column, at.lane) =
          gemv.weights[static_cast<std::size_t>(output * shape.inputs + input)];
    }
  for (PimMachine& machine : gemv.machines) machine.run(gemv.kernel.program(), gemv.vector);
  return gemv;
}

double result_of(Gemv& gemv, const Specification& of, std::int64_t output) {
  const PimPlace at = gemv.kernel.result(output);
  PimMachine& machine = gemv.machines[static_cast<std::size_t>(at.pseudo_channel)];
  if (of.pim->style == PimStyle::buffer) return machine.sum(at.row, at.lane);
  double sum = 0.0;
  for (int lane = 0; lane < of.pim->lanes; ++lane)
    sum += from_short_float(machine.element(at.bank, at.row, at.column, lane), of.pim->format);
  return sum;
}

const std::vector<std::string>& memories_that_compute() {
  static const std::vector<std::string> names{"hbm2-pim",        "gddr6-aim",           "hbm3-pim",
                                              "hbm3-pim:buffer", "hbm3-pim:bank_group", "hbm3-pim:logic_die"};
  return names;
}

// The error of n rounded additions of terms t_i is at most n u sum |t_i| / (1 - n u) (Higham, 3.5), u the half step; a
// product's rounding adds one. In registers a lane adds inputs / lanes terms; the tree rounds once, at the end.
RC_GTEST_PROP(PimNumbers, GemvIsTheReferenceWithinTheFormatsRounding, ()) {
  const Specification& of = catalog_specification(memories_that_compute()[*rc::gen::inRange<std::size_t>(0, 6)]);
  const int pseudo_channels = *rc::gen::inRange(1, 3);
  const PimShape shape{*rc::gen::inRange<std::int64_t>(1, 150), *rc::gen::inRange<std::int64_t>(1, 1300)};
  Gemv gemv = carry_out(of, pseudo_channels, shape, *rc::gen::arbitrary<std::uint64_t>());
  const PimFormat format = of.pim->format;
  const double u = half_step(format);
  const double roundings = of.pim->style == PimStyle::registers
                               ? static_cast<double>(gemv.kernel.vector_accesses()) + 2.0
                               : static_cast<double>(gemv.kernel.chunks()) + 1.0;
  for (std::int64_t output = 0; output < shape.outputs; ++output) {
    double exact = 0.0, magnitude = 0.0;
    for (std::int64_t input = 0; input < shape.inputs; ++input) {
      const double term =
          from_short_float(gemv.weights[static_cast<std::size_t>(output * shape.inputs + input)], format) *
          from_short_float(gemv.vector[static_cast<std::size_t>(input)], format);
      exact += term;
      magnitude += std::fabs(term);
    }
    const double bound = roundings * u * magnitude / (1.0 - roundings * u) + 1e-6;
    RC_ASSERT(std::fabs(result_of(gemv, of, output) - exact) <= bound);
  }
}

RC_GTEST_PROP(PimNumbers, EveryWeightLiesSomewhereElseAndIsReadOnce, ()) {
  const Specification& of = catalog_specification(memories_that_compute()[*rc::gen::inRange<std::size_t>(0, 6)]);
  const int pseudo_channels = *rc::gen::inRange(1, 4);
  const PimShape shape{*rc::gen::inRange<std::int64_t>(1, 300), *rc::gen::inRange<std::int64_t>(1, 600)};
  const Gemv gemv = carry_out(of, pseudo_channels, shape, 1);
  std::set<std::tuple<int, int, std::int64_t, int, int>> places;
  for (std::int64_t output = 0; output < shape.outputs; ++output)
    for (std::int64_t input = 0; input < shape.inputs; ++input) {
      const PimPlace at = gemv.kernel.weight(output, input);
      RC_ASSERT(at.pseudo_channel < pseudo_channels);
      RC_ASSERT(places.insert({at.pseudo_channel, at.bank, at.row, at.column, at.lane}).second);
      const auto& reads = gemv.machines[static_cast<std::size_t>(at.pseudo_channel)].reads();
      const auto found = reads.find({{at.bank, at.row}, at.column});
      RC_ASSERT(found != reads.end() && found->second == 1);
    }
}

TEST(PimNumbers, HbmPimsLanesAreRoundedStepByStep) {
  const Specification& of = catalog_specification("hbm2-pim");
  const PimShape shape{9, 700};
  Gemv gemv = carry_out(of, 1, shape, 5);
  for (std::int64_t output = 0; output < shape.outputs; ++output) {
    const PimPlace at = gemv.kernel.result(output);
    for (int lane = 0; lane < 16; ++lane) {
      double sum = 0.0;
      for (std::int64_t input = lane; input < shape.inputs; input += 16) {
        const double weight =
            from_short_float(gemv.weights[static_cast<std::size_t>(output * shape.inputs + input)], PimFormat::fp16);
        const double value = from_short_float(gemv.vector[static_cast<std::size_t>(input)], PimFormat::fp16);
        sum = rounded(sum + rounded(weight * value, PimFormat::fp16), PimFormat::fp16);
      }
      EXPECT_EQ(from_short_float(gemv.machines[0].element(at.bank, at.row, at.column, lane), PimFormat::fp16), sum);
    }
  }
}

RC_GTEST_PROP(PimNumbers, ElementwiseKernelsRoundEachElementOnce, ()) {
  const Specification& of = catalog_specification("hbm2-pim");
  const auto kind = static_cast<PimElementwiseKind>(*rc::gen::inRange(0, 3));
  const int pseudo_channels = *rc::gen::inRange(1, 3);
  const auto elements = *rc::gen::inRange<std::int64_t>(1, 20000);
  Stream stream(*rc::gen::arbitrary<std::uint64_t>(), "elements");
  const auto a = random_numbers(stream, elements, PimFormat::fp16);
  const auto b = random_numbers(stream, elements, PimFormat::fp16);
  const PimElementwise kernel = PimElementwise::make(of, pseudo_channels, kind, elements).value();
  std::vector<PimMachine> machines(static_cast<std::size_t>(pseudo_channels), PimMachine(of));
  const auto at = [&](PimElementwise::Operand operand, std::int64_t e) -> std::uint16_t& {
    const PimPlace place = kernel.place(operand, e);
    return machines[static_cast<std::size_t>(place.pseudo_channel)].element(place.bank, place.row, place.column,
                                                                            place.lane);
  };
  for (std::int64_t e = 0; e < elements; ++e) {
    at(PimElementwise::Operand::a, e) = a[static_cast<std::size_t>(e)];
    if (kind != PimElementwiseKind::relu) at(PimElementwise::Operand::b, e) = b[static_cast<std::size_t>(e)];
  }
  for (PimMachine& machine : machines) machine.run(kernel.program(), {});
  for (std::int64_t e = 0; e < elements; ++e) {
    const double x = from_short_float(a[static_cast<std::size_t>(e)], PimFormat::fp16);
    const double y = from_short_float(b[static_cast<std::size_t>(e)], PimFormat::fp16);
    const double wanted = kind == PimElementwiseKind::relu  ? (x > 0.0 ? x : 0.0)
                          : kind == PimElementwiseKind::add ? rounded(x + y, PimFormat::fp16)
                                                            : rounded(x * y, PimFormat::fp16);
    RC_ASSERT(from_short_float(at(PimElementwise::Operand::c, e), PimFormat::fp16) == wanted);
  }
}

TEST(ShortFloat, EveryNumberOfBothFormatsSurvivesAndTheMiddleGoesToTheEvenOne) {
  for (const PimFormat format : {PimFormat::fp16, PimFormat::bf16}) {
    const std::uint16_t infinity = format == PimFormat::fp16 ? 0x7c00 : 0x7f80;
    for (std::uint16_t bits = 0; bits < infinity; ++bits) {
      const double value = from_short_float(bits, format);
      EXPECT_EQ(to_short_float(value, format), bits);
      EXPECT_EQ(to_short_float(-value, format), bits | 0x8000);
      if (bits + 1 == infinity) break;
      const double next = from_short_float(static_cast<std::uint16_t>(bits + 1), format), middle = (value + next) / 2;
      EXPECT_LT(value, next);
      EXPECT_EQ(to_short_float(middle, format), bits % 2 == 0 ? bits : bits + 1);
      EXPECT_EQ(to_short_float(std::nextafter(middle, next), format), bits + 1);
      EXPECT_EQ(to_short_float(std::nextafter(middle, value), format), bits);
    }
    EXPECT_EQ(to_short_float(std::numeric_limits<double>::infinity(), format), infinity);
    EXPECT_EQ(to_short_float(1e300, format), infinity);
    EXPECT_TRUE(std::isnan(from_short_float(to_short_float(std::nan(""), format), format)));
  }
  EXPECT_EQ(to_short_float(65519.0, PimFormat::fp16), 0x7bff);  // the largest is 65504, the middle to 65536 is 65520
  EXPECT_EQ(to_short_float(65520.0, PimFormat::fp16), 0x7c00);
  EXPECT_EQ(to_short_float(1.0, PimFormat::bf16), 0x3f80);
}

}  // namespace
}  // namespace plumb::memory
