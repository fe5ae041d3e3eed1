#pragma once
// How unevenly tokens meet routed experts, and what the ranks that hold them have to do. Given: shares s_e of all
// choices that fall on expert e (their sum is 1), k experts a token of E, R ranks, n redundant replicas.
//
//   chance      p_e = min(1, c s_e) that a token chooses expert e, c such that the sum over experts is k: shares are
//               those of the choices, but no token chooses an expert twice. Equal shares: p_e = k / E
//   replicas    a choice of an expert with r_e replicas goes to each with 1 / r_e: p_e / r_e for a replica
//   reached     E_d(T) = sum over replicas i of a rank of 1 - (1 - p_i)^T, T independent tokens; the most of any rank.
//               It never falls in T and never exceeds the experts held. Equal shares, n = 0:
//               E / R (1 - (1 - k / E)^T)
//   rows        of the fullest rank: T max over ranks of the sum of its p_i; of the mean rank: T k / R
//   imbalance   their ratio, at least 1
//
// Of chances it takes the mean by default. Drawn, tokens choose by chance in every step, and the step waits for the
// rank that drew worst: the expectation of the largest over ranks (expected_maximum.h), choices of different experts
// taken as independent,
//
//   reached     mean sum of 1 - q_i, variance sum of q_i (1 - q_i), q_i = (1 - p_i)^T
//   rows        mean T sum of p_i, variance T sum of p_i (1 - p_i)
//
// What independence leaves out cancels: that a token chooses k experts and no other number narrows the spread of a rank
// and, by as much but 1 / E, sets the ranks apart. With 256 experts, 8 a token, 8 ranks and 32 tokens a rank reaches
// 20.4 experts in the mean and the fullest 24.3.
//
// A step waits for its slowest rank. With few tokens that is the rank that reads most experts, with many the one with
// most rows; the two are taken apart, so the time is not below that of any rank.
//
// Placement `balanced` is what DeepSeek's load balancer does (deepseek-ai/EPLB, eplb.py, one group): n times the expert
// with the largest load a replica gets one more; then replicas, heaviest first, go to the rank with the least load that
// has room, (E + n) / R each. As such packing may by bad luck end worse with more replicas, that of fewer (n - R,
// n - 2 R ...; at last none, also as numbered) is kept where it is better: more replicas never make the fullest
// rank fuller. The balancer is taken to know the shares.
//
// Thread rule: immutable.

#include <cstdint>
#include <vector>

#include "model/model.h"

namespace plumb::model {

/// Shares of `experts` experts under a routing, which add up to 1.
std::vector<double> expert_shares(const ExpertRouting& routing, std::int64_t experts);

class ExpertLoads {
 public:
  /// Preconditions: 1 <= per_token <= experts; (experts + redundant) divides over ranks; shares fit experts.
  ExpertLoads(const ExpertRouting& routing, std::int64_t experts, std::int64_t per_token, int ranks);

  /// E_d(T) of the rank that reaches most.
  double reached(double tokens) const;
  /// Rows of the fullest rank.
  double rows(double tokens) const;
  /// Rows of the fullest rank for one token, by the chances' means.
  double rows_per_token() const { return rows_per_token_; }
  /// Load of the fullest rank over the mean, by the chances' means.
  double imbalance() const { return imbalance_; }

 private:
  /// Replicas of a rank that are chosen with the same chance.
  struct Alike {
    double log_missed = 0.0;  ///< ln(1 - p)
    double count = 0.0;
    bool operator==(const Alike&) const = default;
  };
  struct Rank {
    std::vector<Alike> replicas;
    double count = 1.0;                           ///< ranks that are like this one
    double rows_mean = 0.0, rows_variance = 0.0;  ///< for one token
  };
  static std::vector<Alike> grouped(std::vector<double> chances);

  std::vector<Rank> ranks_;  ///< those that differ
  double rows_per_token_ = 0.0, imbalance_ = 1.0;
  bool drawn_ = false;
};

}  // namespace plumb::model
