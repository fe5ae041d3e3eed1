#pragma once
// SGLang's scheduler loop worked out as SGLang does: lists of requests, those that have ended still among them until
// they are filtered out, tokens instead of bytes. Without a prefix cache. For a test that holds Plumb's against it.

#include <algorithm>
#include <cstdint>
#include <list>
#include <utility>
#include <vector>

#include "serving/deployment.h"

namespace plumb::serving::test {

class NaiveSglang {
 public:
  NaiveSglang(const EngineSettings& settings, std::int64_t tokens) : settings_(settings), free_(tokens) { idle(); }

  void wait(std::int64_t id, std::int64_t prompt, std::int64_t output) {
    waiting.push_back(&requests_.emplace_back(Request{id, prompt, output, 0, 0, 0}));
  }

  /// Forms the next batch; false if there is none.
  bool schedule() {
    decoded.clear();
    chunks.clear();
    for (int turn = 0; turn < 3; ++turn) {
      merge_last_prefill();
      if (prefill() || decode()) return true;
      idle();
    }
    return false;
  }

  void finish_step() {
    for (Request* r : batch_) {
      r->computed = r->held;
      if (r->computed < r->prompt + r->out) continue;
      if (++r->out == r->output) free_ += std::exchange(r->held, 0);
    }
  }

  bool empty() const {
    return waiting.empty() && std::all_of(requests_.begin(), requests_.end(), [](const auto& r) { return r.done(); });
  }
  std::int64_t free() const { return free_; }

  struct Request {
    std::int64_t id, prompt, output, out, computed, held;
    bool done() const { return out == output; }
  };
  std::vector<Request*> waiting;
  std::vector<std::int64_t> decoded;
  std::vector<std::pair<std::int64_t, std::int64_t>> chunks;

 private:
  void idle() {
    first_ratio_ = ratio_ = std::min(1.0, 0.7 * settings_.schedule_conservativeness);
    decays_ = 0;
    last_prefill_ = false;
  }
  double ratio() const {
    const double least = 0.14 * first_ratio_, fall = (first_ratio_ - least) / 600.0;
    return decays_ == 0 ? ratio_ : std::max(least, ratio_ - fall * static_cast<double>(decays_));
  }

  void merge_last_prefill() {
    if (!std::exchange(last_prefill_, false)) return;
    const std::size_t size = batch_.size();
    std::erase_if(batch_, [&](const Request* r) { return r->done() || r == chunked_; });
    if (batch_.size() < size) full_ = false;
    if (batch_.empty()) return;
    if (running_.empty()) full_ = false;
    running_.insert(running_.end(), batch_.begin(), batch_.end());
  }

  bool prefill() {
    if ((full_ || waiting.empty()) && chunked_ == nullptr) return false;
    const std::int64_t places = settings_.max_num_seqs - static_cast<std::int64_t>(running_.size());
    if (places <= 0 && chunked_ == nullptr) {
      full_ = true;
      return false;
    }
    std::int64_t input = settings_.max_prefill_tokens, chunk = settings_.max_num_batched_tokens;
    double offset = 0.0;
    std::int64_t expected = 0, prompts = 0;
    for (const Request* r : running_) expected += std::min<std::int64_t>(r->output - r->out, 4096);
    offset = ratio() * static_cast<double>(expected);
    std::vector<Request*> can_run;
    const auto account = [&](std::int64_t now, std::int64_t later) {
      offset += static_cast<double>(now + later);
      prompts += now;
      input -= now;
      chunk -= now;
    };
    const auto rest_of = [](const Request* r) { return r->prompt + r->out - r->computed; };
    if (chunked_ != nullptr) {
      Request* r = chunked_;
      const std::int64_t now = std::min(rest_of(r), chunk);
      if (now == rest_of(r)) chunked_ = nullptr;
      can_run.push_back(r);
      chunks.emplace_back(r->id, now);
      account(now, chunked_ == nullptr ? std::min<std::int64_t>(r->output, 4096) : 0);
    }
    for (Request* r : waiting) {
      if (static_cast<std::int64_t>(can_run.size()) >= places) {
        full_ = true;
        break;
      }
      const std::int64_t rest = rest_of(r), later = std::min<std::int64_t>(r->output, 4096);
      const bool alone = can_run.empty() && free_ == total();
      if (!alone && static_cast<double>(rest + later) >= static_cast<double>(free_) - offset) {
        full_ = true;
        break;
      }
      if (rest >= input && !can_run.empty()) break;
      const std::int64_t now = std::min(rest, chunk);
      if (now <= 0) break;
      if (now < rest) chunked_ = r;
      can_run.push_back(r);
      chunks.emplace_back(r->id, now);
      account(now, now < rest ? 0 : later);
      if (static_cast<double>(free_) - offset <= 0.0 || free_ - prompts <= 0) {
        full_ = true;
        break;
      }
      if (input <= 0 || chunk <= 0) break;
    }
    if (can_run.empty()) return false;
    for (std::size_t i = 0; i < can_run.size(); ++i) {
      can_run[i]->held += chunks[i].second;
      free_ -= chunks[i].second;
      std::erase(waiting, can_run[i]);
    }
    batch_ = std::move(can_run);
    last_prefill_ = true;
    return true;
  }

  bool decode() {
    if (running_.empty()) return false;
    const std::size_t size = running_.size();
    std::erase_if(running_, [](const Request* r) { return r->done(); });
    if (running_.empty()) {
      full_ = false;
      return false;
    }
    if (free_ < static_cast<std::int64_t>(running_.size())) {
      retract();
    } else {
      ++decays_;
    }
    if (running_.size() < size) full_ = false;
    for (Request* r : running_) {
      ++r->held;
      --free_;
      decoded.push_back(r->id);
    }
    batch_ = running_;
    return true;
  }

  void retract() {
    std::stable_sort(running_.begin(), running_.end(), [](const Request* a, const Request* b) {
      return std::pair(a->out, -a->prompt) > std::pair(b->out, -b->prompt);
    });
    bool first = true;
    while (first || free_ < 20 * static_cast<std::int64_t>(running_.size())) {
      if (running_.size() == 1) break;
      first = false;
      Request* r = running_.back();
      running_.pop_back();
      free_ += std::exchange(r->held, 0);
      r->computed = 0;
      waiting.push_back(r);
    }
    std::int64_t out = 0, output = 0;
    for (const Request* r : running_) {
      out += r->out + 20;
      output += r->output;
    }
    ratio_ = std::min(1.0, static_cast<double>(out) / static_cast<double>(output));
    decays_ = 0;
  }

  std::int64_t total() const {
    std::int64_t tokens = free_;
    for (const Request& r : requests_) tokens += r.held;
    return tokens;
  }

  EngineSettings settings_;
  std::int64_t free_;
  std::list<Request> requests_;
  std::vector<Request*> running_, batch_;
  Request* chunked_ = nullptr;
  bool full_ = false, last_prefill_ = false;
  double first_ratio_ = 0.7, ratio_ = 0.7;
  std::int64_t decays_ = 0;
};

}  // namespace plumb::serving::test
