#pragma once
// Schedulers' decisions worked out as the engines do: request by request, block by block, over copies of a state. For
// tests that hold what Plumb decides with sums against it.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "scheduler_desk.h"

namespace plumb::serving::test {

struct NaiveRequest {
  std::int64_t id = 0, prompt = 0, generated = 0, computed = 0, blocks = 0;
  double arrival_s = 0.0;
  bool decodes = false;
  std::int64_t known() const { return prompt + generated; }
  bool operator<(const NaiveRequest& other) const {
    return arrival_s != other.arrival_s ? arrival_s < other.arrival_s : id < other.id;
  }
};

struct NaiveEngine {
  std::int64_t block_size = 16, blocks = 0, free = 0;
  std::vector<NaiveRequest> running, waiting;  ///< in order of admission; in order of the queue

  // What the step computes.
  std::vector<std::int64_t> decoded;
  std::vector<std::pair<std::int64_t, std::int64_t>> chunks;  ///< request, tokens

  std::int64_t blocks_of(std::int64_t tokens) const { return (tokens + block_size - 1) / block_size; }
  void take(NaiveRequest& request, std::int64_t tokens) {
    const std::int64_t more = std::max<std::int64_t>(0, blocks_of(tokens) - request.blocks);
    request.blocks += more;
    free -= more;
  }
  NaiveRequest given_back(NaiveRequest request) {
    free += std::exchange(request.blocks, 0);
    request.computed = 0;
    request.decodes = false;
    return request;
  }
  void preempt_to_front(const NaiveRequest& request) { waiting.insert(waiting.begin(), given_back(request)); }
  std::int64_t watermark() const { return static_cast<std::int64_t>(0.01 * static_cast<double>(blocks)); }
};

/// Requests that run and wait, and a cache that the running ones fill to a few blocks.
struct RandomRequests {
  std::int64_t block_size = 16, blocks = 0;
  std::vector<NaiveRequest> running, waiting;
};

inline RandomRequests any_requests(bool partial_prefills) {
  RandomRequests made;
  made.block_size = *rc::gen::element<std::int64_t>(1, 16, 32);
  const auto blocks_of = [&](std::int64_t tokens) { return (tokens + made.block_size - 1) / made.block_size; };
  for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
    NaiveRequest request{0, *rc::gen::inRange(2, 300), *rc::gen::inRange(1, 80), 0, 0, 0.25 * *rc::gen::inRange(0, 8)};
    request.computed = request.known() - 1;
    request.decodes = true;
    if (partial_prefills && *rc::gen::inRange(0, 4) == 0) {
      request.generated = 0;
      request.computed = request.prompt / 2;
      request.decodes = false;
    }
    made.blocks += blocks_of(request.decodes ? request.computed : request.prompt);
    made.running.push_back(request);
  }
  double arrival_s = *rc::gen::element(0.4, 2.0);
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
    arrival_s += 0.25 * *rc::gen::inRange(0, 3);
    made.waiting.push_back({0, *rc::gen::inRange(1, 300), *rc::gen::element(0, 0, 7), 0, 0, arrival_s});
  }
  made.blocks += *rc::gen::element<std::int64_t>(0, 0, 1, 2, 3, 7, blocks_of(200));
  made.blocks = std::max(made.blocks, blocks_of(400));  // the longest fits alone
  return made;
}

/// The state of a desk. Its blocks are all alike.
inline NaiveEngine copy_of(const Desk& desk, std::int64_t block_size) {
  NaiveEngine copy;
  copy.block_size = block_size;
  copy.blocks = desk.pool().capacity() / desk.bytes_of_block();
  copy.free = desk.pool().available() / desk.bytes_of_block();
  for (const Sequence* s = desk.first_admitted(); s != nullptr; s = s->after) {
    const std::int64_t generated = desk.generated(*s);
    const std::int64_t computed = desk.decodes(*s) ? s->prompt_tokens + generated - 1 : s->computed;
    copy.running.push_back({s->request, s->prompt_tokens, generated, computed,
                            desk.bytes_held(*s) / desk.bytes_of_block(), s->arrival.seconds(), desk.decodes(*s)});
  }
  for (const Sequence* s : desk.waiting()) {
    copy.waiting.push_back({s->request, s->prompt_tokens, s->generated, 0, 0, s->arrival.seconds()});
  }
  return copy;
}

/// After both have scheduled.
inline void expect_equal(const Desk& desk, NaiveEngine& naive) {
  std::vector<std::int64_t> decoded, waiting, naive_waiting;
  for (const Sequence* s = desk.first_admitted(); s != nullptr && desk.plan().decode; s = s->after) {
    if (desk.decodes(*s)) decoded.push_back(s->request);
  }
  std::vector<std::pair<std::int64_t, std::int64_t>> chunks;
  for (const Prefill& prefill : desk.plan().prefills) chunks.emplace_back(prefill.sequence->request, prefill.tokens);
  for (const Sequence* sequence : desk.waiting()) waiting.push_back(sequence->request);
  for (const NaiveRequest& request : naive.waiting) naive_waiting.push_back(request.id);
  std::sort(naive.decoded.begin(), naive.decoded.end());
  std::sort(decoded.begin(), decoded.end());
  RC_ASSERT(decoded == naive.decoded);
  RC_ASSERT(chunks == naive.chunks);
  RC_ASSERT(waiting == naive_waiting);
  RC_ASSERT(desk.pool().available() == naive.free * desk.bytes_of_block());
}

/// Puts the requests on a desk and makes some steps; each decision must be that of the loop, which is given a copy.
template <class Loop>
void compare_steps(EngineSettings settings, const RandomRequests& requests, const Loop& schedule_naively) {
  settings.block_size = requests.block_size;
  const CompiledDeployment deployment = plumb::test::llama_with_cache(requests.blocks * requests.block_size, settings);
  Desk desk(deployment);
  for (const NaiveRequest& r : requests.running) {
    const std::int64_t output = r.generated + *rc::gen::inRange(1, 60);
    r.decodes ? desk.decode(r.prompt, r.generated, r.arrival_s, output)
              : desk.begin(r.prompt, r.computed, r.arrival_s, r.prompt);
  }
  double arrival_s = 2.0;
  for (const NaiveRequest& r : requests.waiting) {
    desk.wait(r.prompt, r.generated + *rc::gen::inRange(1, 60), arrival_s = r.arrival_s).generated = r.generated;
  }
  for (int step = *rc::gen::inRange(1, 40); step > 0; --step) {
    NaiveEngine naive = copy_of(desk, settings.block_size);
    desk.schedule();
    schedule_naively(naive, settings);
    expect_equal(desk, naive);
    desk.finish_step();
    if (*rc::gen::element(0, 0, 0, 0, 0, 1) == 1)
      desk.wait(*rc::gen::inRange(1, 300), 20, arrival_s = std::max(arrival_s, 2.0) + 0.25);
  }
}

inline EngineSettings any_limits(std::string scheduler) {
  EngineSettings settings;
  settings.scheduler = std::move(scheduler);
  settings.max_num_seqs = *rc::gen::element<std::int64_t>(4, 12, 64);
  settings.max_num_batched_tokens = *rc::gen::element<std::int64_t>(64, 200, 4096);
  return settings;
}

}  // namespace plumb::serving::test
