#include "serving/speculation.h"

#include <array>
#include <string_view>

#include "base/random.h"

namespace plumb::serving {

double expected_tokens(int proposed, double acceptance_rate) {
  double sum = 0.0;
  for (int i = 0; i <= proposed; ++i) sum = 1.0 + acceptance_rate * sum;
  return sum;
}

int accepted_tokens(std::uint64_t seed, std::uint64_t request, std::uint64_t step, int proposed,
                    double acceptance_rate) {
  std::uint64_t state = seed ^ hash_name("speculation");
  state = splitmix64(state) ^ request;
  state = splitmix64(state) ^ step;
  const double uniform = static_cast<double>(splitmix64(state) >> 11) * 0x1p-53;
  // Accepted j and more with probability rate^j: those j for which a number below 1 is below that.
  int accepted = 0;
  for (double chance = acceptance_rate; accepted < proposed && uniform < chance; chance *= acceptance_rate) ++accepted;
  return accepted;
}

SpeculationSettings read_speculation(Reader& table) {
  // In the order of model::Speculation::Method.
  static constexpr std::array<std::string_view, 3> methods{"mtp", "draft", "ngram"};
  SpeculationSettings settings;
  const std::size_t method = table.choice("method", methods, methods.size());
  if (method == methods.size()) {
    table.text("method");  // a required key
    return settings;
  }
  settings.method = static_cast<model::Speculation::Method>(method);
  settings.num_speculative_tokens = static_cast<int>(table.integer("num_speculative_tokens", {0.0, 64.0}));
  settings.acceptance_rate = table.number("acceptance_rate", {0.0, 1.0});
  if (settings.method == model::Speculation::Method::draft) {
    settings.draft_model = table.text("draft_model");
  } else if (table.has("draft_model")) {
    table.reject("draft_model", "\"draft_model\" goes with another method", "method = \"draft\"");
  }
  return settings;
}

}  // namespace plumb::serving
