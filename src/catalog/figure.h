#pragma once
// A figure of the catalog: a value with where it comes from and how good that is. What is not known is absent, never
// zero.

#include <optional>
#include <string>

#include "base/error.h"
#include "base/evidence.h"

namespace plumb::catalog {

template <class T>
struct Figure {
  T value{};
  Evidence evidence = Evidence::assumed;
  std::string source;  ///< the publication, in full
  std::string note;    ///< what else a reader should know; may be empty
  Place place;         ///< the line of the catalog that says so
};

template <class T>
using Known = std::optional<Figure<T>>;

}  // namespace plumb::catalog
