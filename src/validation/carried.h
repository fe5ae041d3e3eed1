#pragma once
// Files of validation/ that the program carries, as the build has put them into it (embed_bytes.cmake).

#include <string_view>

namespace plumb::validation {

/// validation/measured.csv.zst
std::string_view carried_measured_bytes();
/// validation/baseline.json
std::string_view carried_baseline_bytes();

}  // namespace plumb::validation
