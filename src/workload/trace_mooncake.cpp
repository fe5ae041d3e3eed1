// Mooncake's JSON lines (kvcache-ai/Mooncake FAST'25 release, Apache-2.0): times in ms, and the hashes of the prompt's
// blocks of 512 tokens. AIPerf's flavour adds session_id. Other keys are not read.
//
// A line is read twice over at most: quickly by simdjson's DOM parser, which picks the processor's instructions when
// the program runs but cannot say where it failed; and, where that finds anything unusual, by a Reader, which decides.

#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/reader.h"
#include "workload/trace_format.h"

namespace plumb::workload {
namespace {

constexpr double ticks_per_second = 1000.0;
constexpr double ticks_max = time_s_max * ticks_per_second;
constexpr std::string_view example_line =
    R"({"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1, 2]})";
constexpr std::string_view required_keys[] = {"timestamp", "input_length", "output_length"};

class MooncakeParser : public TraceParser {
 public:
  Status parse(std::string_view line, TraceRow& row) override {
    if (parse_quickly(line, row)) return {};
    return parse_carefully(line, row);
  }

  Error out_of_order(std::string_view line) const override {
    constexpr std::string_view message = "timestamp is before that of the request above it";
    constexpr std::string_view expected = "times that never decrease";
    const Result<Document> document = Document::parse_json(line, "");
    if (!document) return input_error({{}, 0, 1}, std::string(message), std::string(expected));
    return Reader(*document).error("timestamp", std::string(message), std::string(expected));
  }

 private:
  /// False where the line is not what nearly all lines are; the row is then unspecified.
  bool parse_quickly(std::string_view line, TraceRow& row) {
    simdjson::dom::object object;
    if (parser_.parse(line.data(), line.size()).get_object().get(object) != simdjson::SUCCESS) return false;
    bool time = false, prompt = false, output = false;
    row.session = -1;
    row.prefix_hashes.clear();
    for (const auto [key, value] : object) {
      bool good = true;
      if (key == "timestamp") {
        good = time = value.get_double().get(row.ticks) == simdjson::SUCCESS && std::abs(row.ticks) <= ticks_max;
      } else if (key == "input_length") {
        good = prompt = value.get_int64().get(row.prompt_tokens) == simdjson::SUCCESS;
      } else if (key == "output_length") {
        good = output = value.get_int64().get(row.output_tokens) == simdjson::SUCCESS;
      } else if (key == "hash_ids") {
        good = take_hashes(value, row);
      } else if (key == "session_id") {
        good = take_session(value, row);
      }
      if (!good) return false;
    }
    const std::int64_t prompt_least = row.output_tokens == 0 ? 0 : 1;
    return time && prompt && output && row.output_tokens >= 0 && row.output_tokens <= tokens_max &&
           row.prompt_tokens >= prompt_least && row.prompt_tokens <= tokens_max;
  }

  static bool take_hashes(simdjson::dom::element value, TraceRow& row) {
    simdjson::dom::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    row.prefix_hashes.reserve(array.size());
    for (const simdjson::dom::element item : array) {
      std::uint64_t hash = 0;
      if (item.get_uint64().get(hash) != simdjson::SUCCESS) return false;
      row.prefix_hashes.push_back(hash);
    }
    return true;
  }

  bool take_session(simdjson::dom::element value, TraceRow& row) {
    std::string_view name;
    if (value.get_string().get(name) != simdjson::SUCCESS) return false;
    row.session = sessions_.number(name);
    return true;
  }

  Status parse_carefully(std::string_view line, TraceRow& row) {
    const Result<Document> document = Document::parse_json(line, "");
    if (!document) {
      Error error = document.error();
      if (error.expected.empty()) error.expected = "one JSON object on the line";
      return fail(std::move(error));
    }
    Reader reader(*document);
    PLUMB_TRY(reader.first_error());
    for (const std::string_view key : required_keys) {
      if (!reader.has(key)) {
        return fail(reader.error(key, fmt::format("the request has no \"{}\"", key), std::string(example_line)));
      }
    }
    row.ticks = reader.number("timestamp", {-ticks_max, ticks_max});
    row.output_tokens = reader.integer("output_length", {0.0, static_cast<double>(tokens_max)});
    row.prompt_tokens =
        reader.integer("input_length", {row.output_tokens == 0 ? 0.0 : 1.0, static_cast<double>(tokens_max)});
    row.session = -1;
    row.prefix_hashes.clear();
    for (const std::int64_t hash : reader.integers("hash_ids")) {
      row.prefix_hashes.push_back(static_cast<std::uint64_t>(hash));
    }
    if (reader.kind("session_id") == NodeKind::integer) {
      row.session = sessions_.number(fmt::format("{}", reader.integer("session_id", any_number)));
    } else if (const std::optional<std::string> name = reader.text_if("session_id")) {
      row.session = sessions_.number(*name);
    }
    return reader.first_error();
  }

  simdjson::dom::parser parser_;
  SessionNumbers sessions_;
};

class MooncakeFormat : public TraceFormat {
 public:
  std::string_view name() const override { return "mooncake"; }
  std::string_view example() const override { return example_line; }
  double ticks_per_s() const override { return ticks_per_second; }
  bool counts_from_start() const override { return false; }
  bool has_header() const override { return false; }
  bool recognises(std::string_view first_line) const override {
    return first_line.substr(first_line.find_first_not_of(" \t")).starts_with('{');
  }
  Result<std::unique_ptr<TraceParser>> parser(std::string_view) const override {
    return std::make_unique<MooncakeParser>();
  }
};

}  // namespace

TraceFormatPtr mooncake_trace_format() { return std::make_unique<MooncakeFormat>(); }

}  // namespace plumb::workload
