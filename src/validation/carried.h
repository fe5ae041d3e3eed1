#pragma once
// The measurements that the program carries, as the build has put them into it (embed_bytes.cmake).

#include <string_view>

namespace plumb::validation {

/// The bytes of validation/measured.csv.zst.
std::string_view carried_bytes();

}  // namespace plumb::validation
