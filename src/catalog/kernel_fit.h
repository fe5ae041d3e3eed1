#pragma once
// What was fitted to measurements of kernels: for each family of kernels and each number format the few parameters of
// its equation (src/accelerator/kernel_*.h), and how near the equation comes.
//
// A family lists its parameters here once; from that list files are read and written, fits are bounded and
// `plumb catalog show` prints. In a file of calibrations/ a fit is a table [kernel.FAMILY.FORMAT]:
//
//   [kernel.gemm.bf16]
//   share = 0.833
//   launch = "2870 ns"
//   ...
//   fit = { error = 0.062, left_out = 0.062, p90 = 0.2, points = 6250, range = "m 1-32768, ...", source = "aic" }
//
// `error` is the median of |ln(equation / measured)| over the points, `left_out` the same with each point left out of
// its own fit (of a class: each accelerator left out of the class).
// Thread rule: immutable once read.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/evidence.h"
#include "base/reader.h"

namespace plumb::catalog {

class FigureReader;

/// One parameter of a family. Its values lie between `low` and `high`, both above zero and finite; one at or near `low`
/// is as good as none, and one that a file does not have is `low`.
struct KernelParameter {
  std::string_view key;
  bool is_time = false;  ///< in seconds; else a plain number
  double low = 0.0, high = 0.0;
  double start = 0.0;  ///< where fits begin
  std::string_view meaning;
};

struct KernelFamily {
  std::string_view name;
  std::span<const KernelParameter> parameters;
  /// Of values in the order of the parameters, the one of that key.
  double value(std::span<const double> values, std::string_view key) const;
};

/// All families, by the order in which files list them.
std::span<const KernelFamily> kernel_families();
/// The family of that name, or null.
const KernelFamily* kernel_family(std::string_view name);

/// Formats that fits are told apart by. What multiplies in a wider format goes by bf16, int8 by fp8, int4 by fp4;
/// "fp8-block" has scales for blocks of weights.
inline constexpr std::string_view kernel_formats[] = {"bf16", "fp8", "fp8-block", "fp4"};

struct KernelFit {
  const KernelFamily* family = nullptr;
  std::string format;
  std::vector<double> values;  ///< in the family's order, in seconds or plain
  double error = 0.0, left_out = 0.0, p90 = 0.0;
  std::int64_t points = 0;
  std::string range;  ///< of the sizes that were measured
  Evidence evidence = Evidence::datasheet;
  std::string source, note;
  Place place;
};

/// Fits by family and format.
class KernelFits {
 public:
  /// The fit of a family in a format; where there is none, in the nearest wider one: fp4 by fp8, fp8 and fp8-block by
  /// each other, all by bf16. Null if nothing fits.
  const KernelFit* find(std::string_view family, std::string_view format) const;
  void put(KernelFit fit);
  /// Takes all of `better` in place of its own.
  void override_with(const KernelFits& better);
  bool empty() const { return fits_.empty(); }
  const std::map<std::pair<std::string, std::string>, KernelFit>& all() const { return fits_; }

 private:
  std::map<std::pair<std::string, std::string>, KernelFit> fits_;
};

/// Reads the table `kernel` of a file; none is no fits. Errors stay in the reader.
KernelFits read_kernel_fits(Reader& file, const FigureReader& figures, Evidence evidence);

}  // namespace plumb::catalog
