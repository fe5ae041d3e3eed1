#pragma once
// Result<T>: a T, or the Error that says why there is none. Functions that return one are [[nodiscard]].

#include <utility>

#include <tl/expected.hpp>

#include "base/error.h"

namespace plumb {

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace plumb

#define PLUMB_JOIN_(a, b) a##b
#define PLUMB_JOIN(a, b) PLUMB_JOIN_(a, b)

/// PLUMB_ASSIGN(auto x, f()): x becomes f()'s value, or the function at hand returns f()'s error.
#define PLUMB_ASSIGN(variable, ...) PLUMB_ASSIGN_(variable, PLUMB_JOIN(plumb_result_, __LINE__), __VA_ARGS__)
#define PLUMB_ASSIGN_(variable, result, ...)                    \
  auto result = __VA_ARGS__;                                    \
  if (!result) return ::plumb::fail(std::move(result).error()); \
  variable = std::move(*result)

/// PLUMB_TRY(f()): the function at hand returns f()'s error, if it has one.
#define PLUMB_TRY(...)                                                                                           \
  do {                                                                                                           \
    if (auto plumb_status = (__VA_ARGS__); !plumb_status) return ::plumb::fail(std::move(plumb_status).error()); \
  } while (false)
