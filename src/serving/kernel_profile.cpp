#include "serving/kernel_profile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <numeric>

#include <fmt/format.h>

#include "base/document.h"
#include "base/reader.h"
#include "workload/number_columns.h"

namespace plumb::serving {
namespace {

using workload::NumberColumn;
using workload::NumberColumns;

constexpr Range counts{0.0, 1e9}, times_ms{0.0, 1e9};

/// Whose times add up at the rounded number of tokens.
constexpr std::array operator_names{std::string_view("attn_pre_proj"),
                                    std::string_view("attn_post_proj"),
                                    std::string_view("mlp_up_proj"),
                                    std::string_view("mlp_down_proj"),
                                    std::string_view("mlp_act"),
                                    std::string_view("attn_rope"),
                                    std::string_view("input_layernorm"),
                                    std::string_view("post_attention_layernorm"),
                                    std::string_view("add")};

bool exists(const std::string& path) {
  std::error_code code;
  return std::filesystem::exists(path, code);
}

/// The file of the folder with that name, or compressed with .gz or .zst behind it.
std::string file_of(const std::string& folder, const std::string& name) {
  for (const std::string_view end : {"", ".gz", ".zst"}) {
    if (std::string path = folder + name + std::string(end); exists(path)) return path;
  }
  return folder + name;
}

/// The rows in ascending order of the column.
std::vector<std::size_t> order_of(const std::vector<double>& column) {
  std::vector<std::size_t> order(column.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return column[a] < column[b]; });
  return order;
}

/// Where `x` lies among ascending values: the piece from index i to i + 1 that holds it or is nearest.
std::size_t piece_of(const std::vector<double>& values, double x) {
  const auto after = std::upper_bound(values.begin(), values.end(), x) - values.begin();
  return static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(after - 1, 0, static_cast<std::ptrdiff_t>(values.size()) - 2));
}

Status strictly_ascending(const NumberColumns& table, std::string_view column, const std::vector<double>& sorted) {
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice == sorted.end()) return {};
  return fail(
      input_error({table.name(), 1, 1}, fmt::format("{} {} stands there twice", column, *twice), "one row for each"));
}

}  // namespace

void KernelProfile::Curve::add(const std::vector<double>& where, const std::vector<double>& times,
                               const std::vector<std::size_t>& order) {
  at.clear();
  ms.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    at.push_back(where[order[i]]);
    ms[i] += times[order[i]];
  }
}

double KernelProfile::Curve::value(double x) const {
  if (at.empty()) return 0.0;
  if (at.size() == 1) return ms.front();
  const std::size_t i = piece_of(at, x);
  if (x == at[i]) return ms[i];
  if (x == at[i + 1]) return ms[i + 1];
  const double share = (x - at[i]) / (at[i + 1] - at[i]);
  return std::max(0.0, ms[i] + (ms[i + 1] - ms[i]) * share);
}

std::int64_t KernelProfile::rounded(std::int64_t tokens) const {
  return (tokens + rules_.token_rounding - 1) / rules_.token_rounding * rules_.token_rounding;
}

double KernelProfile::linear_ms(std::int64_t tokens, bool several_ranks) const {
  const auto at = static_cast<double>(rounded(tokens));
  double ms = operators_.value(at) + cache_save_.value(static_cast<double>(tokens));
  if (several_ranks) ms += 2.0 * (all_reduce_.value(at) + rules_.collective_launch_ms);
  return ms;
}

double KernelProfile::send_ms(std::int64_t tokens) const { return send_.value(static_cast<double>(rounded(tokens))); }

double KernelProfile::decode_ms(std::int64_t sequences, std::int64_t context) const {
  const auto n = static_cast<double>(sequences), kv = static_cast<double>(context);
  if (decode_.size() == 1) return decode_.front().value(kv);
  const std::size_t i = piece_of(decode_sizes_, n);
  const double low = decode_[i].value(kv);
  if (n == decode_sizes_[i]) return low;
  const double high = decode_[i + 1].value(kv);
  return std::max(0.0, low + (high - low) * (n - decode_sizes_[i]) / (decode_sizes_[i + 1] - decode_sizes_[i]));
}

double KernelProfile::prefill_ms(double kv, double chunk) const {
  // Pairs that a chunk of c tokens after k of context scores: c k + c^2 / 2.
  const auto pairs = [](double k, double c) { return c * (k + 0.5 * c); };
  const double wanted = pairs(kv, chunk);
  const PrefillPoint* nearest = nullptr;
  double least = 0.0;
  const auto same_kv = std::lower_bound(
      prefill_.begin(), prefill_.end(), PrefillPoint{kv, chunk, 0.0},
      [](const PrefillPoint& a, const PrefillPoint& b) { return a.kv != b.kv ? a.kv < b.kv : a.chunk < b.chunk; });
  if (same_kv != prefill_.end() && same_kv->kv == kv && same_kv->chunk == chunk) return same_kv->ms;
  for (const PrefillPoint& point : prefill_) {
    const double distance = std::abs(std::log((1.0 + wanted) / (1.0 + pairs(point.kv, point.chunk)))) +
                            std::abs(std::log((1.0 + chunk) / (1.0 + point.chunk)));
    if (nearest != nullptr && distance >= least) continue;
    nearest = &point;
    least = distance;
  }
  return nearest->ms * wanted / std::max(1.0, pairs(nearest->kv, nearest->chunk));
}

Result<std::shared_ptr<const KernelProfile>> KernelProfile::read(const std::string& folder) {
  auto profile = std::make_shared<KernelProfile>();
  const std::string path = folder.ends_with('/') ? folder : folder + "/";
  PLUMB_TRY(profile->read_rules(path));
  PLUMB_TRY(profile->read_operators(path));
  PLUMB_TRY(profile->read_decode(path));
  PLUMB_TRY(profile->read_prefill(path));
  return std::shared_ptr<const KernelProfile>(std::move(profile));
}

Status KernelProfile::read_rules(const std::string& folder) {
  if (!exists(folder + "profile.toml")) return {};
  constexpr Range roundings{1.0, 1e6};
  constexpr double ms = 1e3;
  PLUMB_ASSIGN(const Document document, Document::read_toml(folder + "profile.toml"));
  Reader root(document);
  rules_.token_rounding = root.integer_if("token_rounding", roundings).value_or(rules_.token_rounding);
  rules_.kv_rounding = root.integer_if("kv_rounding", roundings).value_or(rules_.kv_rounding);
  rules_.batching_overhead = root.number_if("batching_overhead", {0.0, 100.0}).value_or(rules_.batching_overhead);
  if (const auto launch = root.quantity_if<Seconds>("collective_launch", {0.0, 1e3}))
    rules_.collective_launch_ms = launch->value() * ms;
  if (const auto overhead = root.quantity_if<Seconds>("step_overhead", {0.0, 1e3}))
    rules_.step_overhead_ms = overhead->value() * ms;
  return root.finish();
}

/// What an operator of the table adds to; null if it is none that is known.
KernelProfile::Curve* KernelProfile::curve_of(std::string_view name) {
  if (std::find(operator_names.begin(), operator_names.end(), name) != operator_names.end()) return &operators_;
  return name == "attn_kv_cache_save" ? &cache_save_
         : name == "all_reduce"       ? &all_reduce_
         : name == "send_recv"        ? &send_
                                      : nullptr;
}

Status KernelProfile::read_operators(const std::string& folder) {
  constexpr std::array others{std::string_view("attn_kv_cache_save"), std::string_view("all_reduce"),
                              std::string_view("send_recv")};
  std::vector<NumberColumn> wanted{{"num_tokens", counts}};
  for (const std::string_view name : operator_names) wanted.push_back({name, times_ms, false, false});
  for (const std::string_view name : others) wanted.push_back({name, times_ms, false, false});
  PLUMB_ASSIGN(const NumberColumns table,
               NumberColumns::read(file_of(folder, "op_times_ms_by_num_tokens.csv"), wanted));
  for (const std::string& name : table.header()) {
    if (name == "num_tokens" || curve_of(name) != nullptr) continue;
    return fail(
        input_error({table.name(), 1, 1}, fmt::format("\"{}\" is not an operator that is known", name),
                    fmt::format("num_tokens, {}, {}", fmt::join(operator_names, ", "), fmt::join(others, ", "))));
  }
  const std::vector<double>& tokens = table.values(0);
  const std::vector<std::size_t> order = order_of(tokens);
  for (std::size_t i = 1; i < wanted.size(); ++i) {
    if (!table.values(i).empty()) curve_of(wanted[i].name)->add(tokens, table.values(i), order);
  }
  return strictly_ascending(table, "num_tokens", operators_.at);
}

Status KernelProfile::read_decode(const std::string& folder) {
  PLUMB_ASSIGN(const NumberColumns table,
               NumberColumns::read(file_of(folder, "attn_decode_ms.csv"),
                                   {{"batch_size", counts}, {"kv_cache_size", counts}, {"ms", times_ms}}));
  const std::vector<double>&sizes = table.values(0), &contexts = table.values(1), &ms = table.values(2);
  std::vector<std::size_t> order = order_of(contexts);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sizes[a] < sizes[b]; });
  for (const std::size_t row : order) {
    if (decode_sizes_.empty() || decode_sizes_.back() != sizes[row]) {
      decode_sizes_.push_back(sizes[row]);
      decode_.emplace_back();
    }
    decode_.back().at.push_back(contexts[row]);
    decode_.back().ms.push_back(ms[row]);
  }
  for (const Curve& curve : decode_) PLUMB_TRY(strictly_ascending(table, "kv_cache_size", curve.at));
  return {};
}

Status KernelProfile::read_prefill(const std::string& folder) {
  const std::string whole = file_of(folder, "attn_prefill_ms.csv");
  const std::string used = file_of(folder, "attn_prefill_ms_used.csv");
  PLUMB_ASSIGN(const NumberColumns table,
               NumberColumns::read(exists(whole) || !exists(used) ? whole : used,
                                   {{"kv_cache_size_sum", counts}, {"chunk_rms_total", counts}, {"ms", times_ms}}));
  const std::vector<double>&kv = table.values(0), &chunk = table.values(1), &ms = table.values(2);
  for (std::size_t i = 0; i < table.rows(); ++i) prefill_.push_back({kv[i], chunk[i], ms[i]});
  std::sort(prefill_.begin(), prefill_.end(), [](const PrefillPoint& a, const PrefillPoint& b) {
    return a.kv != b.kv ? a.kv < b.kv : a.chunk < b.chunk;
  });
  return {};
}

}  // namespace plumb::serving
