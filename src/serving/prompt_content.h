#pragma once
// What a prompt shares with others, as a cache of prefixes sees it: pieces that follow each other from the first token.

#include <cstdint>
#include <vector>

#include "workload/request.h"

namespace plumb::serving {

struct PromptContent {
  struct Piece {
    std::uint64_t key = 0;   ///< pieces with the same key begin alike
    std::int64_t begin = 0;  ///< tokens before it
    std::int64_t end = 0;    ///< where it ends; the last piece of a session goes on into the answer
    std::int64_t alike = 0;  ///< up to here others with the key hold the same tokens
  };
  std::vector<Piece> pieces;
  bool grows = false;  ///< the last piece goes on with the answer, for the next turn to find

  /// Tokens of the prompt that the pieces say something about.
  std::int64_t tokens() const { return pieces.empty() ? 0 : pieces.back().end; }
};

/// No pieces for a request that shares nothing. Keys follow from the request alone.
PromptContent content_of(const workload::Request& request);

}  // namespace plumb::serving
