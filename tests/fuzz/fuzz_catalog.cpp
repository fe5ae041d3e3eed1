// Any text as the file of an accelerator: it is read into figures that obey the catalog's promises, or refused with one
// line that names the file; never a crash or a hang.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "catalog/accelerator_file.h"

namespace {

using namespace plumb;

void promise(bool kept) {
  if (!kept) std::abort();
}

template <class T>
void check(const catalog::Figure<T>& figure) {
  if constexpr (std::is_same_v<T, double>) {
    promise(std::isfinite(figure.value) && figure.value > 0.0);
  } else {
    promise(std::isfinite(figure.value.value()) && figure.value.value() > 0.0);
  }
  promise(!figure.source.empty());
  promise(figure.place.file == "fuzz.toml" && figure.place.line > 0);
}

template <class T>
void check(const catalog::Known<T>& figure) {
  if (figure) check(*figure);
}

template <class Money>
void check(const std::vector<catalog::Price<Money>>& prices) {
  for (const catalog::Price<Money>& price : prices) {
    check(price.figure);
    promise(price.low <= price.figure.value && price.figure.value <= price.high);
    promise(!price.date.empty());
  }
}

void check(const catalog::Accelerator& accelerator) {
  promise(accelerator.name == "fuzz" && accelerator.scale_up_ranks >= 1);
  for (const auto& [format, rate] : accelerator.compute) check(rate);
  check(accelerator.memory_stacks);
  check(accelerator.memory_capacity);
  check(accelerator.memory_bandwidth);
  check(accelerator.sram);
  check(accelerator.link_bandwidth);
  check(accelerator.power);
  check(accelerator.purchase);
  check(accelerator.rent);
}

void check(const Error& error) {
  promise(error.fault == Fault::input && error.place.file == "fuzz.toml" && !error.message.empty());
  promise(one_line(error).find('\n') == std::string::npos);
  promise(!render(error).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = Document::parse_toml(text, "fuzz.toml");
  if (!document) {
    check(document.error());
    return 0;
  }
  const auto accelerator = catalog::read_accelerator(*document, "fuzz");
  if (accelerator) {
    check(*accelerator);
  } else {
    check(accelerator.error());
  }
  return 0;
}
