#pragma once
// What of a specification decides its commands and their energy, as a text and as a short name of it: two
// specifications with the same fingerprint behave alike.

#include <string>

#include "memory/specification.h"

namespace plumb::memory {

/// Every figure, one a line, without names for people, sources and places.
std::string canonical_text(const Specification& specification);
/// 32 hexadecimal digits of canonical_text() (two 64-bit FNV-1a hashes; Fowler, Noll, Vo and Eastlake, RFC 9923).
std::string fingerprint(const Specification& specification);

}  // namespace plumb::memory
