// Whatever bytes a file of a load curve or of quantiles has: an error with a place in it, or a curve whose load is the
// time's and a distribution whose draws are lengths.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "workload/length_distributions.h"
#include "workload/load_file.h"
#include "workload_files.h"

namespace {

using namespace plumb;

void check(const Error& error) { require(error.place.line >= 1 && !error.message.empty()); }

void read_curve(const std::string& path) {
  const Result<workload::LoadCurve> curve = workload::read_curve(path);
  if (!curve) return check(curve.error());
  require(curve->peak_over_mean() >= 1.0 - 1e-9 && std::isfinite(curve->peak_over_mean()));
  double before_s = 0.0;
  for (int i = 0; i <= 20; ++i) {
    const double time_s = curve->time_at_load_s(curve->period_s() * i / 10.0);
    require(std::isfinite(time_s) && time_s >= before_s - 1e-9 * curve->period_s());
    before_s = time_s;
  }
}

void read_quantiles(const std::string& path) {
  const std::string text = "distribution = \"quantiles\"\nfile = \"" + path + "\"\n";
  const Result<Document> document = Document::parse_toml(text, "input");
  require(document.has_value());
  const Result<workload::Length> length = workload::read_length(Reader(*document), "");
  if (!length) return check(length.error());
  Stream stream(1, "lengths");
  for (int i = 0; i < 16; ++i) {
    const std::int64_t tokens = length->sample(stream);
    require(tokens >= 1 && tokens <= workload::tokens_max);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file({reinterpret_cast<const char*>(data), size});
  read_curve(file.path());
  read_quantiles(file.path());
  return 0;
}
