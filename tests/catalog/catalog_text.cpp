#include "catalog_text.h"

#include <cstdlib>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "catalog/accelerator_file.h"

namespace plumb::catalog {
namespace {

template <class T>
double base_value(const T& value) {
  if constexpr (std::is_same_v<T, double>) {
    return value;
  } else {
    return value.value();
  }
}

class Visitor {
 public:
  explicit Visitor(const std::function<void(const FigureView&)>& visit) : visit_(visit) {}

  template <class T>
  void operator()(const std::string& name, const Figure<T>& figure) const {
    visit_({name, base_value(figure.value), figure.evidence, figure.source, figure.place});
  }
  template <class T>
  void operator()(const std::string& name, const Known<T>& figure) const {
    if (figure) (*this)(name, *figure);
  }
  template <class Money>
  void operator()(const std::string& name, const std::vector<Price<Money>>& prices) const {
    for (const Price<Money>& price : prices) (*this)(fmt::format("{} {}", name, price.date), price.figure);
  }

 private:
  const std::function<void(const FigureView&)>& visit_;
};

}  // namespace

std::string changed(std::string_view text, std::string_view from, std::string_view to) {
  std::string result(text);
  const std::size_t at = result.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at == std::string::npos) return result;
  EXPECT_EQ(result.find(from, at + 1), std::string::npos) << from;
  return result.replace(at, from.size(), to);
}

std::string accelerator_error(const std::string& text) {
  const Result<Document> document = Document::parse_toml(text, "card.toml");
  if (!document) return one_line(document.error());
  const Result<Accelerator> accelerator = read_accelerator(*document, "card");
  return accelerator ? "" : one_line(accelerator.error());
}

void each_figure(const Accelerator& accelerator, const std::function<void(const FigureView&)>& visit) {
  const Visitor each(visit);
  for (const auto& [format, rate] : accelerator.compute) each(std::string(number_format_name(format)), rate);
  each("memory.stacks", accelerator.memory_stacks);
  if (accelerator.pim) each("pim.stacks", accelerator.pim->stacks);
  if (accelerator.pim) each("pim.bandwidth", accelerator.pim->bandwidth);
  each("memory.capacity", accelerator.memory_capacity);
  each("memory.bandwidth", accelerator.memory_bandwidth);
  each("sram.capacity", accelerator.sram);
  each("link.bandwidth", accelerator.link_bandwidth);
  each("power.design", accelerator.power);
  each("purchase", accelerator.purchase);
  each("rent", accelerator.rent);
}

void each_figure(const Memory& memory, const std::function<void(const FigureView&)>& visit) {
  const Visitor each(visit);
  each("pin_rate", memory.pin_rate_gbit_s);
  each("io_width", memory.io_width_bits);
  each("capacity", memory.capacity);
  each("bandwidth", memory.bandwidth);
  each("energy", memory.energy);
  each("price", memory.prices);
  if (memory.price_premium) each("price_premium.stack", memory.price_premium->figure);
}

void each_figure(const Link& link, const std::function<void(const FigureView&)>& visit) {
  const Visitor each(visit);
  each("latency", link.latency);
  each("exchange_latency", link.exchange_latency);
  each("efficiency", link.efficiency);
}

void each_figure(const Tier& tier, const std::function<void(const FigureView&)>& visit) {
  const Visitor each(visit);
  each("read_bandwidth", tier.read_bandwidth);
  each("write_bandwidth", tier.write_bandwidth);
  each("latency", tier.latency);
}

void each_figure(const EfficiencyClass& efficiency, const std::function<void(const FigureView&)>& visit) {
  const Visitor each(visit);
  each("gemm", efficiency.gemm);
  each("attention", efficiency.attention);
  each("expert", efficiency.expert);
  each("bandwidth", efficiency.bandwidth);
  each("tile_rows", efficiency.tile_rows);
  each("launch", efficiency.launch);
  each("eager_launch", efficiency.eager_launch);
  each("step_overhead", efficiency.step_overhead);
  each("sequence_overhead", efficiency.sequence_overhead);
  each("detokenisation", efficiency.detokenisation);
  each("memory_reserve", efficiency.memory_reserve);
}

const Catalog& facts() {
  static const Result<Catalog> catalog = Catalog::builtin();
  if (!catalog) {
    ADD_FAILURE() << one_line(catalog.error());
    std::abort();
  }
  return *catalog;
}

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "plumb-catalog-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, std::string_view text) const {
  const std::filesystem::path path = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace plumb::catalog
