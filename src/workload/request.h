#pragma once
// Requests, and where they come from. Knows nothing of hardware.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"

namespace plumb::workload {

/// No request of any system is longer. The bound keeps sums of lengths over a billion requests in 64 bits.
inline constexpr std::int64_t tokens_max = 1'000'000'000;

struct Request {
  std::int64_t id = 0;  ///< position in its source, from 0
  double arrival_s = 0.0;
  std::int64_t prompt_tokens = 0;            ///< at least 1
  std::int64_t output_tokens = 0;            ///< at least 1
  std::int64_t session = -1;                 ///< requests of one conversation share it; -1 is none
  std::vector<std::uint64_t> prefix_hashes;  ///< of the prompt's blocks (Mooncake's hash_ids); equal means same content
};

/// A stream of requests in order of arrival. Thread rule: one thread at a time.
class RequestSource {
 public:
  virtual ~RequestSource() = default;
  /// The next request, nothing at the end, or what is wrong with the input and where.
  [[nodiscard]] virtual Result<std::optional<Request>> next() = 0;
};

using RequestSourcePtr = std::unique_ptr<RequestSource>;

/// Lengths of one request.
struct Lengths {
  std::int64_t prompt_tokens = 0;
  std::int64_t output_tokens = 0;
};

}  // namespace plumb::workload
