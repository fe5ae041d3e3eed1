#pragma once
// The least latency that a deployment can give, whatever the load: a request alone on an idle replica. Steps only get
// longer with more sequences in them, so no percentile at any rate is below the same percentile of these. (A product
// that just begins a wave of tiles can cost a little more than one cut elsewhere; the slack of a twentieth of the ranks
// covers chunks that other requests move.)
//
//   TTFT >= the prompt's chunks, one after another
//   TPOT >= a step for this sequence alone at the shortest context it has, over the tokens that it gives at most: 1, or
//           with speculation 1 + k
//   E2E  >= TTFT + (output - 1) TPOT

#include <optional>

#include "planner/candidate.h"
#include "planner/service.h"

namespace plumb::planner {

/// The first target that the bound already breaks.
std::optional<Shortfall> broken_by_bound(const Service& service, const serving::CompiledDeployment& deployment);

}  // namespace plumb::planner
