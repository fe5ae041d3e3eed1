#include "cli/json_parts.h"

namespace plumb::cli {

using report::JsonWriter;

void write_target(JsonWriter& json, std::string_view key, const std::optional<serving::TargetResult>& result) {
  constexpr double ms = 1e3;
  if (!result) {
    json.member(key, nullptr);
    return;
  }
  json.begin_object(key);
  json.member("percentile", result->target.percentile);
  json.member("limit_ms", result->target.limit_s * ms);
  json.member("measured_ms", result->measured_s * ms);
  json.member("met", result->met());
  json.end_object();
}

void write_time(JsonWriter& json, const accelerator::TimeShares& time) {
  json.begin_object("time_share_by_bound");
  for (std::size_t i = 0; i < accelerator::bounds; ++i) {
    json.member(bound_name(static_cast<accelerator::Bound>(i)), time.by_bound[i]);
  }
  json.end_object();
  json.begin_object("time_share_by_family");
  for (std::size_t i = 0; i < model::families; ++i) {
    json.member(family_name(static_cast<model::Family>(i)), time.by_family[i]);
  }
  json.member("host", time.host);
  json.end_object();
  if (time.placed.empty()) return;
  json.begin_object("in_memory");
  json.member("units_time_share", time.units);
  json.begin_array("operators");
  for (const accelerator::PlacedShare& placed : time.placed) {
    json.begin_object();
    json.member("operator", placed.name);
    json.member("family", family_name(placed.family));
    json.member("time_share", placed.time);
    json.member("in_memory_share", placed.in_memory);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace plumb::cli
