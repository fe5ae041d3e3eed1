#pragma once
// The patterns of pattern.h, each in a file of its own.

#include <memory>

#include "memory/pattern.h"

namespace plumb::memory {

std::unique_ptr<AccessSource> make_sequential_pattern(const PatternSpace& space);
std::unique_ptr<AccessSource> make_random_pattern(const PatternSpace& space);
std::unique_ptr<AccessSource> make_gather_pattern(const PatternSpace& space);
std::unique_ptr<AccessSource> make_mixed_stream_pattern(const PatternSpace& space);
std::unique_ptr<AccessSource> make_mixed_arrays_pattern(const PatternSpace& space);

}  // namespace plumb::memory
