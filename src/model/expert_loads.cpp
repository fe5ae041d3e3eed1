#include "model/expert_loads.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "model/expected_maximum.h"

namespace plumb::model {
namespace {

using Chances = std::vector<double>;

/// Chances of the replicas of each rank.
using Ranks = std::vector<Chances>;

double load_of(const Chances& rank) { return std::accumulate(rank.begin(), rank.end(), 0.0); }

double fullest_load(const Ranks& ranks) {
  double most = 0.0;
  for (const Chances& rank : ranks) most = std::max(most, load_of(rank));
  return most;
}

/// p_e = min(1, c s_e) with sum `per_token`: experts that would be chosen more than once a token are held at 1, and the
/// others share what is left, until no more are. With fewer chosen experts than per_token the rest of the choices are
/// spread evenly over those of share 0.
Chances chances_of(const std::vector<double>& shares, std::int64_t per_token) {
  Chances chances(shares.size(), 0.0);
  std::vector<bool> certain(shares.size(), false);
  for (bool settled = false; !settled;) {
    settled = true;
    double left = static_cast<double>(per_token), open_shares = 0.0, open = 0.0;
    for (std::size_t e = 0; e < shares.size(); ++e) {
      left -= certain[e] ? 1.0 : 0.0;
      open += certain[e] ? 0.0 : 1.0;
      open_shares += certain[e] ? 0.0 : shares[e];
    }
    for (std::size_t e = 0; e < shares.size(); ++e) {
      if (certain[e]) continue;
      chances[e] = open_shares > 0.0 ? left * shares[e] / open_shares : left / open;
      if (chances[e] < 1.0) continue;
      chances[e] = 1.0;
      certain[e] = true;
      settled = false;
    }
  }
  return chances;
}

Ranks as_numbered(const Chances& chances, std::size_t ranks) {
  const std::size_t each = chances.size() / ranks;
  Ranks placed(ranks);
  for (std::size_t e = 0; e < chances.size(); ++e) placed[e / each].push_back(chances[e]);
  return placed;
}

Ranks in_turn(const Chances& chances, std::size_t ranks) {
  Ranks placed(ranks);
  for (std::size_t e = 0; e < chances.size(); ++e) placed[e % ranks].push_back(chances[e]);
  return placed;
}

/// Chances of all replicas, the heaviest first, when `redundant` more are made.
Chances replicated(const Chances& chances, std::int64_t redundant, std::size_t ranks) {
  std::vector<double> replicas(chances.size(), 1.0);
  for (std::int64_t i = 0; i < redundant; ++i) {
    std::size_t heaviest = chances.size();
    for (std::size_t e = 0; e < chances.size(); ++e) {
      if (replicas[e] >= static_cast<double>(ranks)) continue;
      if (heaviest == chances.size() || chances[e] / replicas[e] > chances[heaviest] / replicas[heaviest]) heaviest = e;
    }
    assert(heaviest < chances.size());
    replicas[heaviest] += 1.0;
  }
  Chances all;
  for (std::size_t e = 0; e < chances.size(); ++e) {
    all.insert(all.end(), static_cast<std::size_t>(replicas[e]), chances[e] / replicas[e]);
  }
  std::sort(all.begin(), all.end(), std::greater<>());
  return all;
}

Ranks packed(const Chances& heaviest_first, std::size_t ranks) {
  const std::size_t room = heaviest_first.size() / ranks;
  Ranks placed(ranks);
  std::vector<double> loads(ranks, 0.0);
  for (const double chance : heaviest_first) {
    std::size_t least = ranks;
    for (std::size_t r = 0; r < ranks; ++r) {
      if (placed[r].size() < room && (least == ranks || loads[r] < loads[least])) least = r;
    }
    placed[least].push_back(chance);
    loads[least] += chance;
  }
  return placed;
}

Ranks balanced(const Chances& chances, std::int64_t redundant, std::size_t ranks) {
  const auto step = static_cast<std::int64_t>(ranks);
  Ranks best = packed(replicated(chances, redundant, ranks), ranks);
  const auto keep_better = [&](Ranks other) {
    if (fullest_load(other) < fullest_load(best)) best = std::move(other);
  };
  for (std::int64_t fewer = redundant - step; fewer >= 0; fewer -= step) {
    keep_better(packed(replicated(chances, fewer, ranks), ranks));
  }
  if (chances.size() % ranks == 0) {
    keep_better(as_numbered(chances, ranks));
    keep_better(in_turn(chances, ranks));
  }
  return best;
}

Ranks place(const ExpertRouting& routing, const Chances& chances, std::size_t ranks) {
  switch (routing.placement) {
    case ExpertRouting::Placement::linear: return as_numbered(chances, ranks);
    case ExpertRouting::Placement::round_robin: return in_turn(chances, ranks);
    case ExpertRouting::Placement::balanced: return balanced(chances, routing.redundant_experts, ranks);
  }
  return as_numbered(chances, ranks);
}

}  // namespace

std::vector<double> expert_shares(const ExpertRouting& routing, std::int64_t experts) {
  const auto count = static_cast<std::size_t>(experts);
  std::vector<double> shares = routing.shares;
  if (shares.empty()) {
    // Zipf's law: the share of the expert of rank i is in proportion to i^-s; uniform is s = 0.
    shares.resize(count);
    for (std::size_t i = 0; i < count; ++i) shares[i] = std::pow(static_cast<double>(i + 1), -routing.zipf_exponent);
  }
  assert(shares.size() == count);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= sum;
  return shares;
}

ExpertLoads::ExpertLoads(const ExpertRouting& routing, std::int64_t experts, std::int64_t per_token, int ranks)
    : drawn_(routing.drawn) {
  assert(1 <= per_token && per_token <= experts && (experts + routing.redundant_experts) % ranks == 0);
  const Ranks placed =
      place(routing, chances_of(expert_shares(routing, experts), per_token), static_cast<std::size_t>(ranks));
  rows_per_token_ = fullest_load(placed);
  imbalance_ = rows_per_token_ * ranks / static_cast<double>(per_token);
  for (const Chances& rank : placed) {
    std::vector<Alike> alike = grouped(rank);
    const auto same = [&](const Rank& other) { return other.replicas == alike; };
    if (const auto known = std::find_if(ranks_.begin(), ranks_.end(), same); known != ranks_.end()) {
      known->count += 1.0;
      continue;
    }
    ranks_.push_back({.replicas = std::move(alike)});
    for (const double chance : rank) {
      ranks_.back().rows_mean += chance;
      ranks_.back().rows_variance += chance * (1.0 - chance);
    }
  }
}

std::vector<ExpertLoads::Alike> ExpertLoads::grouped(std::vector<double> chances) {
  std::sort(chances.begin(), chances.end());
  std::vector<Alike> groups;
  for (const double chance : chances) {
    const double log_missed = std::log1p(-std::min(chance, 1.0));
    if (groups.empty() || groups.back().log_missed != log_missed) groups.push_back({log_missed, 0.0});
    groups.back().count += 1.0;
  }
  return groups;
}

double ExpertLoads::reached(double tokens) const {
  if (tokens <= 0.0) return 0.0;
  std::vector<NormalVariable> of_ranks;
  double most = 0.0, held = 0.0;
  for (const Rank& rank : ranks_) {
    NormalVariable reached{.count = rank.count};
    double replicas_held = 0.0;
    // In logarithms, so that one token of many experts loses no digits.
    for (const Alike& replicas : rank.replicas) {
      const double hit = -std::expm1(tokens * replicas.log_missed);
      reached.mean += replicas.count * hit;
      reached.variance += replicas.count * hit * (1.0 - hit);
      replicas_held += replicas.count;
    }
    most = std::max(most, reached.mean);
    held = std::max(held, replicas_held);
    of_ranks.push_back(reached);
  }
  return drawn_ ? std::min(held, expected_maximum(of_ranks)) : most;
}

double ExpertLoads::rows(double tokens) const {
  if (!drawn_ || tokens <= 0.0) return std::max(0.0, tokens) * rows_per_token_;
  std::vector<NormalVariable> of_ranks;
  for (const Rank& rank : ranks_) {
    of_ranks.push_back({tokens * rank.rows_mean, tokens * rank.rows_variance, rank.count});
  }
  return expected_maximum(of_ranks);
}

}  // namespace plumb::model
