#include "workload/sessions.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <queue>
#include <unordered_map>
#include <vector>

namespace plumb::workload {
namespace {

/// A stream of one session. The seed is mixed before the number joins it, so that session 4 of one seed is not session
/// 5 of the seed before.
Stream stream_of(std::uint64_t seed, std::int64_t session, std::string_view name) {
  return {splitmix64(seed) ^ static_cast<std::uint64_t>(session), name};
}

/// One session, from its start until its last turn is given.
class Session {
 public:
  Session(const SessionOptions& options, std::int64_t number, const Zipf& popularity)
      : number_(number),
        lengths_stream_(stream_of(options.starts.seed, number, "session lengths")),
        times_stream_(stream_of(options.starts.seed, number, "session times")) {
    Stream stream = stream_of(options.starts.seed, number, "session");
    turns_left_ = options.turns.sample(stream);
    // At least one token is left for what is said.
    const std::int64_t memory_tokens_max = tokens_max - 1 - options.system_prompt_tokens;
    start_tokens_ = options.system_prompt_tokens + std::min(options.memory.sample(stream), memory_tokens_max);
    if (options.system_prompt_tokens > 0) shared_prefix_ = static_cast<std::int64_t>(popularity.sample(stream)) - 1;
  }

  std::int64_t number() const { return number_; }
  bool over() const { return turns_left_ <= 0; }

  /// Puts the next turn into `request`.
  void speak(const SessionOptions& options, Request& request) {
    --turns_left_;
    const Lengths drawn = options.lengths->sample(lengths_stream_);
    const std::int64_t added = std::min(drawn.prompt_tokens, tokens_max - start_tokens_);
    const std::int64_t context_before = start_tokens_ + kept_tokens_;
    const bool first = kept_.empty(), dropped = !first && make_room(options, added);
    request.session = number_;
    request.prompt_tokens = start_tokens_ + kept_tokens_ + added;
    request.output_tokens = drawn.output_tokens;
    request.history_tokens = first ? 0 : dropped ? start_tokens_ : context_before;
    request.shared_prefix = shared_prefix_;
    request.shared_prefix_tokens = options.system_prompt_tokens;
    if (request.history_tokens <= request.shared_prefix_tokens) context_ = request.id;
    request.context = context_;
    options.starts.terms.put_on(request, times_stream_);
    kept_.push_back(added + drawn.output_tokens);
    kept_tokens_ += kept_.back();
  }

  double think_s(const SessionOptions& options) {
    return options.think_time == nullptr ? 0.0 : options.think_time->draw_s(times_stream_);
  }

 private:
  /// Drops the oldest turns where so many more tokens would be too many. Whether any were dropped.
  bool make_room(const SessionOptions& options, std::int64_t added) {
    if (start_tokens_ + kept_tokens_ + added <= options.max_prompt_tokens) return false;
    auto kept = kept_.begin();
    while (kept != kept_.end() && start_tokens_ + kept_tokens_ + added > options.keep_prompt_tokens) {
      kept_tokens_ -= *kept++;
    }
    kept_.erase(kept_.begin(), kept);
    return true;
  }

  std::int64_t number_, turns_left_ = 0;
  std::int64_t shared_prefix_ = -1;
  std::int64_t context_ = -1;       ///< Request::context of the turn given last
  std::int64_t start_tokens_ = 0;   ///< system prompt and memory
  std::vector<std::int64_t> kept_;  ///< new tokens and output of each turn that is remembered, the oldest first
  std::int64_t kept_tokens_ = 0;
  Stream lengths_stream_, times_stream_;
};

class Sessions : public RequestSource {
 public:
  explicit Sessions(SessionOptions options)
      : options_(std::move(options)),
        starts_(options_.starts),
        popularity_(static_cast<std::uint64_t>(options_.system_prompts), options_.system_prompt_exponent),
        start_s_(starts_.next_s()) {
    assert(options_.lengths != nullptr && options_.system_prompts >= 1);
    assert(options_.system_prompt_tokens >= 0 && options_.system_prompt_tokens < tokens_max);
    assert(options_.keep_prompt_tokens <= options_.max_prompt_tokens && options_.max_prompt_tokens <= tokens_max);
  }

  bool closed_loop() const override { return true; }

  double next_arrival_s() const override {
    return thinking_.empty() ? start_s_ : std::min(start_s_, thinking_.top().until_s);
  }

  Result<std::optional<Request>> next() override {
    const double arrival_s = next_arrival_s();
    if (arrival_s == never_s) return std::nullopt;
    // Of a start and a turn at one time, the start is first.
    const std::uint32_t place = start_s_ == arrival_s ? start() : wake();
    Request request;
    request.id = given_++;
    request.arrival_s = arrival_s;
    sessions_[place].speak(options_, request);
    if (sessions_[place].over()) {
      free_.push_back(place);
    } else {
      in_flight_.emplace(request.id, place);
    }
    return request;
  }

  void finished(std::int64_t id, double time_s) override {
    const auto request = in_flight_.find(id);
    if (request == in_flight_.end()) return;  // the last turn of its session
    Session& session = sessions_[request->second];
    thinking_.push({time_s + session.think_s(options_), session.number(), request->second});
    in_flight_.erase(request);
  }

 private:
  struct Thinking {
    double until_s;
    std::int64_t number;
    std::uint32_t place;
    bool operator>(const Thinking& other) const {
      return until_s != other.until_s ? until_s > other.until_s : number > other.number;
    }
  };

  /// A new session, at the place of one that is over where there is one.
  std::uint32_t start() {
    start_s_ = starts_.next_s();
    Session session(options_, started_++, popularity_);
    if (free_.empty()) {
      sessions_.push_back(std::move(session));
      return static_cast<std::uint32_t>(sessions_.size() - 1);
    }
    const std::uint32_t place = free_.back();
    free_.pop_back();
    sessions_[place] = std::move(session);
    return place;
  }

  std::uint32_t wake() {
    const std::uint32_t place = thinking_.top().place;
    thinking_.pop();
    return place;
  }

  SessionOptions options_;
  ArrivalTimes starts_;
  Zipf popularity_;
  double start_s_;  ///< of the next session
  std::int64_t started_ = 0, given_ = 0;
  std::vector<Session> sessions_;                              ///< those with turns to come, and those that are over
  std::vector<std::uint32_t> free_;                            ///< places of those that are over
  std::unordered_map<std::int64_t, std::uint32_t> in_flight_;  ///< places by the request that runs
  std::priority_queue<Thinking, std::vector<Thinking>, std::greater<>> thinking_;
};

}  // namespace

RequestSourcePtr session_requests(SessionOptions options) { return std::make_unique<Sessions>(std::move(options)); }

}  // namespace plumb::workload
