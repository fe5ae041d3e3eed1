#include "cli/memory_options.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "memory/channels.h"
#include "memory/page_policy.h"
#include "memory/request_scheduler.h"
#include "memory/specification_checks.h"
#include "memory/specification_file.h"

namespace plumb::cli {
namespace {

using memory::RefreshMode;

constexpr std::array refresh_modes{RefreshMode::none, RefreshMode::all_bank, RefreshMode::per_bank,
                                   RefreshMode::same_bank};
constexpr std::int64_t queue_max = 4096, refreshes_max = 64;

Status take_whole(const Arguments& arguments, std::string_view name, int& value, std::int64_t least,
                  std::int64_t most) {
  PLUMB_ASSIGN(const std::int64_t given, arguments.integer(name, value, least, most));
  value = static_cast<int>(given);
  return {};
}

template <class Names>
Status take_word(const Arguments& arguments, std::string_view option, const Names& names, std::string& value) {
  const auto given = arguments.text(option);
  if (!given) return {};
  if (std::ranges::find(names, std::string_view(*given)) == std::ranges::end(names))
    return fail(
        input_error({}, fmt::format("{} is \"{}\"", option, *given), fmt::format("one of {}", fmt::join(names, ", "))));
  value = *given;
  return {};
}

Status take_queues(const Arguments& arguments, memory::ControllerSettings& settings) {
  PLUMB_TRY(take_whole(arguments, "--queue", settings.read_queue, 1, queue_max));
  PLUMB_TRY(take_whole(arguments, "--write-queue", settings.write_queue, 2, queue_max));
  if (arguments.flag("--write-queue")) {
    constexpr int parts = 8;
    settings.write_low = settings.write_queue / parts;
    settings.write_high = std::max(settings.write_low + 1, settings.write_queue - settings.write_low);
  }
  PLUMB_TRY(take_whole(arguments, "--write-high", settings.write_high, 1, queue_max));
  PLUMB_TRY(take_whole(arguments, "--write-low", settings.write_low, 0, queue_max));
  if (settings.write_low < settings.write_high && settings.write_high <= settings.write_queue) return {};
  return fail(input_error({},
                          fmt::format("writes would begin at {} and end at {} in a queue of {}", settings.write_high,
                                      settings.write_low, settings.write_queue),
                          "--write-low below --write-high, and that at most --write-queue"));
}

Status take_refresh(const Arguments& arguments, memory::ControllerSettings& settings) {
  std::vector<std::string_view> names;
  for (const RefreshMode mode : refresh_modes) names.push_back(refresh_name(mode));
  std::string word(refresh_name(settings.refresh));
  PLUMB_TRY(take_word(arguments, "--refresh", names, word));
  settings.refresh = refresh_modes[static_cast<std::size_t>(std::ranges::find(names, word) - names.begin())];
  PLUMB_TRY(take_whole(arguments, "--refresh-postponed", settings.refresh_postponed_max, 0, refreshes_max));
  return take_whole(arguments, "--refresh-pulled-in", settings.refresh_pulled_in_max, 0, refreshes_max);
}

}  // namespace

std::string_view refresh_name(RefreshMode mode) {
  switch (mode) {
    case RefreshMode::none: return "none";
    case RefreshMode::all_bank: return "all_bank";
    case RefreshMode::per_bank: return "per_bank";
    case RefreshMode::same_bank: return "same_bank";
  }
  return "";
}

Result<MemorySubject> read_memory_subject(const Arguments& arguments, const std::string& spec,
                                          const catalog::Catalog& catalog) {
  PLUMB_ASSIGN(memory::Specification of, memory::find_specification(spec, catalog));
  return read_memory_subject(arguments, std::move(of));
}

Result<MemorySubject> read_memory_subject(const Arguments& arguments, memory::Specification of) {
  memory::ControllerSettings& settings = of.controller;
  PLUMB_TRY(take_queues(arguments, settings));
  PLUMB_TRY(take_word(arguments, "--scheduler", memory::request_scheduler_names(), settings.scheduler));
  PLUMB_TRY(take_word(arguments, "--page-policy", memory::page_policy_names(), settings.page_policy));
  constexpr std::int64_t hits_max = 1'000'000;
  PLUMB_TRY(take_whole(arguments, "--row-hit-cap", settings.row_hit_cap, 0, hits_max));
  PLUMB_TRY(take_refresh(arguments, settings));
  constexpr std::int64_t channels_max = 1024, stacks_max = 64;
  MemorySubject subject;
  int channels = of.organisation.channels;
  PLUMB_TRY(take_whole(arguments, "--channels", channels, 1, channels_max));
  PLUMB_TRY(take_whole(arguments, "--stacks", subject.stacks, 1, stacks_max));
  PLUMB_TRY(memory::set_channels(of, channels * subject.stacks));
  PLUMB_TRY(memory::check_possible(of, {}));
  subject.specification = std::move(of);
  return subject;
}

}  // namespace plumb::cli
