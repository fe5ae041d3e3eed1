#include "memory/access_trace_lines.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace plumb::memory {
namespace {

using Field = AccessTraceLines::Field;
using Fields = AccessTraceLines::Fields;

Error at_column(const Field& field, std::string message, std::string expected) {
  return input_error({{}, 0, field.column}, std::move(message), std::move(expected));
}

/// The whole text as a number, or nothing.
std::optional<std::uint64_t> number_of(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (code != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

struct Word {
  std::string_view text;
  bool write;
};
constexpr std::array words{Word{"LD", false},   Word{"ST", true},    Word{"R", false},        Word{"W", true},
                           Word{"READ", false}, Word{"WRITE", true}, Word{"read", false},     Word{"write", true},
                           Word{"r", false},    Word{"w", true},     Word{"P_MEM_RD", false}, Word{"P_MEM_WR", true}};

const Word* word_of(std::string_view text) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.text == text; });
  return found == words.end() ? nullptr : found;
}

Status read_word(const Field& field, std::string_view expected, AddressedAccess& access) {
  const Word* word = word_of(field.text);
  if (word == nullptr) return fail(at_column(field, in_quotes(field.text) + " is no access", std::string(expected)));
  access.write = word->write;
  return {};
}

Status check_count(const Fields& fields, std::size_t count, std::string_view example) {
  if (fields.size() == count) return {};
  const bool fewer = fields.size() < count;
  const Field& at = fewer ? fields.back() : fields[count];
  const int column = fewer ? at.column + static_cast<int>(at.text.size()) : at.column;
  return fail(
      input_error({{}, 0, column}, fmt::format("{} fields", fields.size()), fmt::format("{}: {}", count, example)));
}

bool begins_with_word(const Fields& fields) { return word_of(fields.front().text) != nullptr; }
bool has_place(const Fields& fields) { return fields.size() > 1 && fields[1].text.find(',') != std::string_view::npos; }

Status parse_word_first(const AccessTraceLines& lines, const Fields& fields, AddressedAccess& access) {
  PLUMB_TRY(check_count(fields, 2, "LD 0x12340"));
  PLUMB_TRY(read_word(fields[0], "LD, ST, R or W", access));
  return lines.read_address(fields[1], false, access);
}

Status parse_place(const AccessTraceLines& lines, const Fields& fields, AddressedAccess& access) {
  PLUMB_TRY(check_count(fields, 2, "R 0,0,1,2,345,6"));
  PLUMB_TRY(read_word(fields[0], "R or W", access));
  return lines.read_place(fields[1], access);
}

Status parse_address_first(const AccessTraceLines& lines, const Fields& fields, AddressedAccess& access) {
  PLUMB_TRY(check_count(fields, 2, "0x12340 R"));
  PLUMB_TRY(lines.read_address(fields[0], false, access));
  return read_word(fields[1], "R or W", access);
}

Status parse_cycles(const AccessTraceLines& lines, const Fields& fields, AddressedAccess& access) {
  PLUMB_TRY(check_count(fields, 3, "0x12340 READ 1200"));
  PLUMB_TRY(lines.read_address(fields[0], true, access));
  PLUMB_TRY(read_word(fields[1], "READ or WRITE", access));
  return lines.read_clock(fields[2], access);
}

/// Tried in this order.
constexpr std::array formats{
    AccessTraceFormat{"read/write", "R 0,0,1,2,345,6",
                      [](const Fields& fields) { return begins_with_word(fields) && has_place(fields); }, parse_place},
    AccessTraceFormat{"load/store", "LD 0x12340", begins_with_word, parse_word_first},
    AccessTraceFormat{"address R/W", "0x12340 R",
                      [](const Fields& fields) { return fields.size() == 2 && word_of(fields[1].text) != nullptr; },
                      parse_address_first},
    AccessTraceFormat{"cycles", "0x12340 READ 1200",
                      [](const Fields& fields) { return fields.size() > 2 && word_of(fields[1].text) != nullptr; },
                      parse_cycles},
};

std::string known_formats() {
  std::string text;
  for (const AccessTraceFormat& format : formats)
    text += fmt::format("{}{}", text.empty() ? "one of \"" : "\", \"", format.example);
  return text + "\"";
}

std::string_view without_byte_order_mark(std::string_view line) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  return line.starts_with(mark) ? line.substr(mark.size()) : line;
}

}  // namespace

AccessTraceLines::AccessTraceLines(std::string name, const TraceSystem& system)
    : name_(std::move(name)),
      system_(system),
      capacity_(static_cast<std::uint64_t>(system.specification.organisation.capacity_bytes())) {}

Result<bool> AccessTraceLines::take(std::string_view line, AddressedAccess& access) {
  ++line_number_;
  if (line_number_ == 1) line = without_byte_order_mark(line);
  split(line);
  if (fields_.empty() || fields_.front().text.starts_with('#')) return false;
  if (format_ == nullptr) {
    const auto found = std::find_if(formats.begin(), formats.end(),
                                    [&](const AccessTraceFormat& format) { return format.recognises(fields_); });
    if (found == formats.end())
      return fail(at_line(at_column(fields_.front(), "no trace of accesses has such a line", known_formats()), line));
    format_ = &*found;
  }
  access = {};
  if (Status status = format_->parse(*this, fields_, access); !status)
    return fail(at_line(std::move(status).error(), line));
  if (access.arrival != always_waiting) arrival_before_ = access.arrival;
  return true;
}

void AccessTraceLines::split(std::string_view line) {
  fields_.clear();
  constexpr std::string_view blanks = " \t\r";
  for (std::size_t at = line.find_first_not_of(blanks); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
    fields_.push_back({line.substr(at, end - at), static_cast<int>(at) + 1});
    at = line.find_first_not_of(blanks, end);
  }
}

Status AccessTraceLines::read_address(const Field& field, bool hexadecimal, AddressedAccess& access) const {
  constexpr int hex = 16, decimal = 10;
  const bool prefixed = field.text.starts_with("0x") || field.text.starts_with("0X");
  const auto value = number_of(prefixed ? field.text.substr(2) : field.text, prefixed || hexadecimal ? hex : decimal);
  if (!value)
    return fail(at_column(field, in_quotes(field.text) + " is no address", "an address in bytes, such as 0x12340"));
  if (*value >= capacity_)
    return fail(at_column(field, fmt::format("the address {} is beyond the memory", field.text),
                          fmt::format("one below {:#x}, or more channels or stacks", capacity_)));
  access.address = *value;
  return {};
}

Status AccessTraceLines::read_place(const Field& field, AddressedAccess& access) const {
  const Organisation& of = system_.specification.organisation;
  const std::int64_t sizes[] = {of.channels, of.pseudo_channels, of.ranks, of.bank_groups, of.banks_per_group,
                                of.rows,     of.columns()};
  constexpr std::size_t levels = std::size(sizes);
  enum { channel, pseudo_channel, rank, bank_group, bank, row, column };
  // The levels that stand in the line, by how many there are.
  const auto count = static_cast<std::size_t>(std::count(field.text.begin(), field.text.end(), ',')) + 1;
  std::array<bool, levels> left_out{};
  for (const std::size_t level : {std::size_t{pseudo_channel}, std::size_t{rank}, std::size_t{bank_group}})
    if (static_cast<std::size_t>(std::count(left_out.begin(), left_out.end(), false)) > count && sizes[level] == 1)
      left_out[level] = true;
  const auto expected = static_cast<std::size_t>(std::count(left_out.begin(), left_out.end(), false));
  if (expected != count)
    return fail(at_column(field, fmt::format("{} numbers of a place in the memory", count),
                          "channel, pseudo-channel, rank, bank group, bank, row and column"));
  std::array<std::uint64_t, levels> values{};
  std::size_t begin = 0;
  for (std::size_t level = 0; level < levels; ++level) {
    if (left_out[level]) continue;
    const std::string_view text = field.text.substr(begin, field.text.find(',', begin) - begin);
    const auto value = number_of(text, 10);
    if (!value || *value >= static_cast<std::uint64_t>(sizes[level]))
      return fail(input_error({{}, 0, field.column + static_cast<int>(begin)},
                              fmt::format("{} is not there", in_quotes(text)),
                              fmt::format("a number from 0 to {}", sizes[level] - 1)));
    values[level] = *value;
    begin += text.size() + 1;
  }
  const std::uint64_t flat_bank = ((values[pseudo_channel] * static_cast<std::uint64_t>(of.ranks) + values[rank]) *
                                       static_cast<std::uint64_t>(of.bank_groups) +
                                   values[bank_group]) *
                                      static_cast<std::uint64_t>(of.banks_per_group) +
                                  values[bank];
  access.address =
      system_.mapping.address_of({static_cast<int>(values[channel]), static_cast<int>(flat_bank),
                                  static_cast<std::int64_t>(values[row]), static_cast<int>(values[column])});
  return {};
}

Status AccessTraceLines::read_clock(const Field& field, AddressedAccess& access) const {
  // Centuries of any clock, and far from where ticks would overflow.
  constexpr std::uint64_t clocks_max = std::uint64_t{1} << 60;
  const auto value = number_of(field.text, 10);
  if (!value || *value > clocks_max)
    return fail(at_column(field, in_quotes(field.text) + " is no clock", "a whole number of clocks from 0"));
  access.arrival = static_cast<Tick>(*value) * system_.specification.ticks_per_clock;
  if (access.arrival < arrival_before_)
    return fail(at_column(field, fmt::format("the access comes at clock {}, before the one before it", *value),
                          fmt::format("at least {}", arrival_before_ / system_.specification.ticks_per_clock)));
  return {};
}

Error AccessTraceLines::at_line(Error error, std::string_view line) const {
  constexpr std::size_t excerpt_length_max = 500;
  error.place.file = name_;
  error.place.line = line_number_;
  if (line.size() <= excerpt_length_max) error.excerpt = line;
  return error;
}

Error AccessTraceLines::no_accesses() const {
  return input_error({name_, std::max(line_number_, 1), 1}, "the trace holds no accesses", known_formats());
}

}  // namespace plumb::memory
