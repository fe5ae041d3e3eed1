#pragma once
// A system of another number of channels than the specification's: several stacks, or one channel alone.

#include "base/result.h"
#include "memory/specification.h"

namespace plumb::memory {

/// Gives the system so many channels. A mapping of a memory with one channel need not mention them; then the lowest
/// bits say the channel, so that each channel sees the stream that one alone would see, thinned out. Refused is a
/// number that the mapping cannot spread over, with the reason.
[[nodiscard]] Status set_channels(Specification& specification, int channels);

}  // namespace plumb::memory
