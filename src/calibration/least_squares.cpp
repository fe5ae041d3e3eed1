#include "calibration/least_squares.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace plumb::calibration {
namespace {

using Matrix = std::vector<std::vector<double>>;

/// Between bounds, from any number; and back.
double bounded(double free, const Unknown& unknown) {
  const double share = 1.0 / (1.0 + std::exp(-free));
  return std::exp(std::log(unknown.low) + share * std::log(unknown.high / unknown.low));
}

double freed(double value, const Unknown& unknown) {
  constexpr double edge = 1e-4;  // from the bounds themselves no step leads away
  const double share = std::log(value / unknown.low) / std::log(unknown.high / unknown.low);
  const double inside = std::clamp(share, edge, 1.0 - edge);
  return std::log(inside / (1.0 - inside));
}

/// Solves a x = b by elimination with pivots. False where it has no one solution.
bool solve(Matrix a, std::vector<double> b, std::vector<double>& x) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t pivot = i;
    for (std::size_t j = i + 1; j < n; ++j) {
      if (std::abs(a[j][i]) > std::abs(a[pivot][i])) pivot = j;
    }
    if (a[pivot][i] == 0.0) return false;
    std::swap(a[i], a[pivot]);
    std::swap(b[i], b[pivot]);
    for (std::size_t j = i + 1; j < n; ++j) {
      const double factor = a[j][i] / a[i][i];
      for (std::size_t k = i; k < n; ++k) a[j][k] -= factor * a[i][k];
      b[j] -= factor * b[i];
    }
  }
  x.assign(n, 0.0);
  for (std::size_t i = n; i-- > 0;) {
    double sum = b[i];
    for (std::size_t k = i + 1; k < n; ++k) sum -= a[i][k] * x[k];
    x[i] = sum / a[i][i];
  }
  return std::all_of(x.begin(), x.end(), [](double value) { return std::isfinite(value); });
}

class Search {
 public:
  Search(std::span<const Unknown> unknowns, std::size_t count, double scale, const Residuals& residuals)
      : unknowns_(unknowns), scale_(scale), residuals_(residuals), current_(count), moved_(count) {
    for (const Unknown& unknown : unknowns) free_.push_back(freed(unknown.start, unknown));
    columns_.assign(unknowns.size(), std::vector<double>(count));
  }

  std::vector<double> run() {
    constexpr int steps_max = 80;
    constexpr double enough = 1e-8;
    double cost = cost_at(free_, current_);
    int steps_without = 0;
    for (int step = 0; step < steps_max && steps_without < 2; ++step) {
      differentiate();
      const double before = cost;
      cost = step_down(cost);
      steps_without = before - cost <= enough * before ? steps_without + 1 : 0;
    }
    return values(free_);
  }

 private:
  std::vector<double> values(const std::vector<double>& free) const {
    std::vector<double> values;
    for (std::size_t i = 0; i < free.size(); ++i) values.push_back(bounded(free[i], unknowns_[i]));
    return values;
  }

  double cost_at(const std::vector<double>& free, std::vector<double>& into) const {
    residuals_(values(free), into);
    double cost = 0.0;
    for (const double residual : into) {
      const double relative = residual / scale_;
      cost += 2.0 * scale_ * scale_ * (std::sqrt(1.0 + relative * relative) - 1.0);
    }
    return cost;
  }

  void differentiate() {
    constexpr double step = 1e-5;
    for (std::size_t p = 0; p < free_.size(); ++p) {
      std::vector<double> shifted = free_;
      shifted[p] += step;
      residuals_(values(shifted), columns_[p]);
      for (std::size_t i = 0; i < current_.size(); ++i) columns_[p][i] = (columns_[p][i] - current_[i]) / step;
    }
    const std::size_t n = free_.size();
    normal_.assign(n, std::vector<double>(n, 0.0));
    gradient_.assign(n, 0.0);
    for (std::size_t i = 0; i < current_.size(); ++i) {
      const double relative = current_[i] / scale_;
      const double weight = 1.0 / std::sqrt(1.0 + relative * relative);
      for (std::size_t p = 0; p < n; ++p) {
        gradient_[p] -= weight * columns_[p][i] * current_[i];
        for (std::size_t q = 0; q <= p; ++q) normal_[p][q] += weight * columns_[p][i] * columns_[q][i];
      }
    }
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) normal_[p][q] = normal_[q][p];
    }
  }

  /// Takes the largest step that lowers the cost; the cost after it.
  double step_down(double cost) {
    constexpr int tries = 12;
    constexpr double longest = 2.0;  // of the free parameters: further on the curves are flat
    for (int attempt = 0; attempt < tries; ++attempt) {
      Matrix damped = normal_;
      for (std::size_t p = 0; p < free_.size(); ++p) damped[p][p] += damping_ * (normal_[p][p] + 1e-9);
      std::vector<double> move;
      if (solve(std::move(damped), gradient_, move)) {
        std::vector<double> next = free_;
        for (std::size_t p = 0; p < next.size(); ++p) {
          next[p] = std::clamp(next[p] + std::clamp(move[p], -longest, longest), -12.0, 12.0);
        }
        const double after = cost_at(next, moved_);
        if (after < cost) {
          free_ = std::move(next);
          std::swap(current_, moved_);
          damping_ = std::max(damping_ / 5.0, 1e-9);
          return after;
        }
      }
      damping_ *= 4.0;
    }
    return cost;
  }

  std::span<const Unknown> unknowns_;
  double scale_;
  const Residuals& residuals_;
  std::vector<double> free_, current_, moved_;
  Matrix columns_, normal_;
  std::vector<double> gradient_;
  double damping_ = 1e-2;
};

}  // namespace

std::vector<double> least_squares(std::span<const Unknown> unknowns, std::size_t count, double scale,
                                  const Residuals& residuals) {
  return Search(unknowns, count, scale, residuals).run();
}

}  // namespace plumb::calibration
