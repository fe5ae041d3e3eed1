#pragma once
// Reads Prometheus' text format 0.0.4 as its parser does, and fails the test where the rules of the format or of
// histograms are broken: https://prometheus.io/docs/instrumenting/exposition_formats/.

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace plumb::test {

using Labels = std::map<std::string, std::string>;

struct Family {
  std::string type, help;
  std::map<std::pair<std::string, Labels>, double> samples;  ///< by name of the series, with its suffix
};

class PrometheusCheck {
 public:
  /// The families by name.
  static std::map<std::string, Family> read(const std::string& text) {
    PrometheusCheck check;
    EXPECT_TRUE(text.empty() || text.ends_with('\n'));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) check.read_line(line);
    for (const auto& [name, family] : check.families_) {
      if (family.type == "histogram") check_histogram(name, family);
    }
    return std::move(check.families_);
  }

 private:
  static std::string unescaped(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\') {
        out += text[i];
        continue;
      }
      EXPECT_LT(++i, text.size());
      if (i < text.size()) out += text[i] == 'n' ? '\n' : text[i];
    }
    return out;
  }

  void read_line(const std::string& line) {
    SCOPED_TRACE(line);
    std::istringstream words(line);
    std::string hash, keyword;
    if (!line.starts_with('#')) return read_sample(line);
    words >> hash >> keyword;
    if (keyword == "HELP") {
      words >> family_;
      EXPECT_FALSE(families_.contains(family_)) << "a family twice, or not in one piece";
      words.get();
      std::string help;
      std::getline(words, help);
      families_[family_].help = unescaped(help);
    } else {
      EXPECT_EQ(keyword, "TYPE");
      std::string name;
      words >> name >> families_[family_].type;
      EXPECT_EQ(name, family_);
      EXPECT_TRUE(families_[family_].samples.empty());
    }
  }

  void read_sample(const std::string& line) {
    const std::size_t name_end = line.find_first_of("{ ");
    ASSERT_NE(name_end, std::string::npos);
    const std::string name = line.substr(0, name_end);
    EXPECT_TRUE(name.starts_with(family_));
    std::size_t at = name_end;
    Labels labels;
    if (line[at] == '{') at = read_labels(line, at, labels);
    ASSERT_LT(at, line.size());
    ASSERT_EQ(line[at], ' ');
    const std::string digits = line.substr(at + 1);
    char* end = nullptr;
    const double value = std::strtod(digits.c_str(), &end);  // takes +Inf and NaN too
    EXPECT_TRUE(!digits.empty() && *end == '\0') << digits;
    EXPECT_TRUE(families_[family_].samples.emplace(std::pair(name, labels), value).second) << "a sample twice";
  }

  /// From the "{" at `at` to behind the "}".
  static std::size_t read_labels(const std::string& line, std::size_t at, Labels& labels) {
    do {
      const std::size_t equals = line.find("=\"", ++at);
      if (equals == std::string::npos) {
        ADD_FAILURE() << "a label without a value";
        return line.size();
      }
      const std::string name = line.substr(at, equals - at);
      std::size_t close = equals + 2;
      while (close < line.size() && line[close] != '"') close += line[close] == '\\' ? 2 : 1;
      EXPECT_TRUE(labels.emplace(name, unescaped(line.substr(equals + 2, close - equals - 2))).second) << name;
      at = close + 1;
    } while (at < line.size() && line[at] == ',');
    EXPECT_TRUE(at < line.size() && line[at] == '}');
    return at + 1;
  }

  static void check_histogram(const std::string& name, const Family& family) {
    std::map<Labels, std::vector<std::pair<double, double>>> buckets;
    std::set<std::string> series;
    for (const auto& [key, value] : family.samples) {
      series.insert(key.first);
      if (key.first != name + "_bucket") continue;
      Labels labels = key.second;
      ASSERT_TRUE(labels.contains("le"));
      const double bound = std::strtod(labels["le"].c_str(), nullptr);
      labels.erase("le");
      buckets[labels].emplace_back(bound, value);
    }
    if (!family.samples.empty()) {
      EXPECT_EQ(series, (std::set<std::string>{name + "_bucket", name + "_count", name + "_sum"}));
    }
    for (auto& [labels, of_labels] : buckets) {
      std::sort(of_labels.begin(), of_labels.end());
      for (std::size_t i = 1; i < of_labels.size(); ++i) {
        EXPECT_LT(of_labels[i - 1].first, of_labels[i].first);
        EXPECT_LE(of_labels[i - 1].second, of_labels[i].second) << name << ": buckets are cumulative";
      }
      EXPECT_EQ(of_labels.back().first, std::numeric_limits<double>::infinity());
      const auto count = family.samples.find({name + "_count", labels});
      ASSERT_NE(count, family.samples.end());
      EXPECT_EQ(of_labels.back().second, count->second) << name;
      EXPECT_TRUE(family.samples.contains({name + "_sum", labels}));
    }
  }

  std::map<std::string, Family> families_;
  std::string family_;
};

}  // namespace plumb::test
