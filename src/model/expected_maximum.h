#pragma once
// The expectation of the largest of independent random variables, each taken as normal with a mean and a variance:
//
//   E = b - integral from a to b of prod_i F((x - m_i) / s_i) dx      F the normal distribution's function,
//
// a and b beyond the last thing that happens: eight deviations below the largest mean and above the largest m_i + 8
// s_i. Of n alike variables it is m + s k(n), k(2) = 0.564, k(4) = 1.029, k(8) = 1.424. A deviation of zero is a
// certain value. Thread rule: pure function.

#include <span>

namespace plumb::model {

struct NormalVariable {
  double mean = 0.0, variance = 0.0;
  double count = 1.0;  ///< how many alike
};

/// Precondition: at least one variable, no variance below zero, counts above zero.
double expected_maximum(std::span<const NormalVariable> variables);

}  // namespace plumb::model
