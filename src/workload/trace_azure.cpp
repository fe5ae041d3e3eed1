// Azure LLM inference traces (Azure/AzurePublicDataset, CC-BY 4.0). 2023: "2023-11-16 18:17:03.9799600", one hour.
// 2024: "2024-05-12 00:00:00.001163+00:00", a week, without the fraction where it is zero. The multimodal trace of 2025
// adds NumImages, which is not read.

#include "workload/trace_csv.h"

namespace plumb::workload {
namespace {

constexpr std::int64_t ticks_per_second = 10'000'000;  // .NET's: 100 ns, the traces' finest

/// Days from 2020-03-01 in the Gregorian calendar. A year that starts in March ends with its leap day, and the months
/// from March on have 31, 30, 31, 30, 31 days over and over: 153 days in five.
constexpr std::int64_t days_since_march_2020(int year, int month, int day) {
  const std::int64_t shifted_year = month > 2 ? year : year - 1;
  const std::int64_t shifted_month = month > 2 ? month - 3 : month + 9;
  constexpr std::int64_t days_to_2020 = 2020 * 365 + 2020 / 4 - 2020 / 100 + 2020 / 400;
  const std::int64_t days_to_year = shifted_year * 365 + shifted_year / 4 - shifted_year / 100 + shifted_year / 400;
  return days_to_year - days_to_2020 + (153 * shifted_month + 2) / 5 + day - 1;
}
static_assert(days_since_march_2020(2020, 3, 1) == 0);
static_assert(days_since_march_2020(2021, 1, 1) == 306);
static_assert(days_since_march_2020(2024, 2, 29) == 4 * 365);
static_assert(days_since_march_2020(2024, 3, 1) == 4 * 365 + 1);

constexpr int days_of_month(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// Takes a text apart from the left; once something is not there, nothing more is.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// Exactly `digits` digits with a value of low ... high; low where they are not there.
  int number(std::size_t digits, int low, int high) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (text_.size() <= i || text_[i] < '0' || text_[i] > '9') return fail(low);
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(digits);
    return value < low || value > high ? fail(low) : value;
  }

  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!take(c)) good_ = false;
  }

  /// Digits of a fraction of a second, in ticks; what is finer than a tick is cut off.
  std::int64_t fraction_ticks() {
    std::int64_t ticks = 0, worth = ticks_per_second;
    std::size_t digits = 0;
    for (; digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9'; ++digits) {
      worth /= 10;
      ticks += (text_[digits] - '0') * worth;
    }
    text_.remove_prefix(digits);
    return digits == 0 || digits > 9 ? fail(0) : ticks;
  }

  bool done() const { return good_ && text_.empty(); }

 private:
  int fail(int value) {
    good_ = false;
    return value;
  }

  std::string_view text_;
  bool good_ = true;
};

/// "+05:30", "-0800" or "Z" as seconds ahead of UTC; without one the time is taken as it is.
int zone_s(Scanner& scanner) {
  if (scanner.take('Z')) return 0;
  const int sign = scanner.take('+') ? 1 : scanner.take('-') ? -1 : 0;
  if (sign == 0) return 0;
  const int hours = scanner.number(2, 0, 14);
  scanner.take(':');
  return sign * (hours * 3600 + scanner.number(2, 0, 59) * 60);
}

std::optional<double> parse_time(std::string_view text) {
  Scanner scanner(text);
  const int year = scanner.number(4, 1900, 2200);
  scanner.expect('-');
  const int month = scanner.number(2, 1, 12);
  scanner.expect('-');
  const int day = scanner.number(2, 1, 31);
  if (!scanner.take('T')) scanner.expect(' ');
  const int hour = scanner.number(2, 0, 23);
  scanner.expect(':');
  const int minute = scanner.number(2, 0, 59);
  scanner.expect(':');
  const int second = scanner.number(2, 0, 59);
  const std::int64_t fraction = scanner.take('.') ? scanner.fraction_ticks() : 0;
  const int zone = zone_s(scanner);
  if (!scanner.done() || day > days_of_month(year, month)) return std::nullopt;
  const std::int64_t time_s =
      days_since_march_2020(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - zone;
  // Exact in a double, up to 2^53 ticks or 28 years from 2020.
  return static_cast<double>(time_s * ticks_per_second + fraction);
}

}  // namespace

TraceFormatPtr azure_trace_format() {
  return csv_trace_format({.name = "azure",
                           .header = "TIMESTAMP,ContextTokens,GeneratedTokens",
                           .time = {"TIMESTAMP"},
                           .prompt = {"ContextTokens"},
                           .output = {"GeneratedTokens"},
                           .session = {},
                           .ticks_per_s = static_cast<double>(ticks_per_second),
                           .parse_time = parse_time,
                           .time_expected = "a date and time such as 2023-11-16 18:17:03.9799600"});
}

}  // namespace plumb::workload
