#include "catalog/figure_reader.h"

#include <cctype>
#include <vector>

#include <fmt/format.h>

namespace plumb::catalog {
namespace {

constexpr std::string_view unsourced = "unsourced";

/// "2026", "2026-03", "2026-03-31" or "undated": forms that sort by time as text.
bool is_date(std::string_view text) {
  constexpr std::string_view pattern = "dddd-dd-dd";
  if (text == "undated") return true;
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = std::isdigit(static_cast<unsigned char>(text[i])) != 0;
    if (pattern[i] == 'd' ? !digit : text[i] != '-') return false;
  }
  const auto in_range = [&](std::size_t at, std::string_view high) {
    return text.size() <= at || (text.substr(at, 2) >= "01" && text.substr(at, 2) <= high);
  };
  return in_range(5, "12") && in_range(8, "31");
}

}  // namespace

FigureReader FigureReader::of_file(Reader& file) {
  FigureReader figures;
  if (std::optional<Reader> sources = file.table_if("sources")) {
    for (const std::string& key : sources->keys()) {
      if (key == unsourced) sources->reject(key, "\"unsourced\" is a reserved word", "another key of [sources]");
      std::string text = sources->text(key);
      if (text.empty()) sources->reject(key, fmt::format("source \"{}\" is empty", key), "the publication");
      figures.sources_.emplace(key, std::move(text));
    }
  }
  return figures;
}

FigureReader FigureReader::of_assumptions(std::string source) {
  FigureReader figures;
  figures.assumptions_ = true;
  figures.assumed_source_ = std::move(source);
  return figures;
}

void FigureReader::require(Reader& table, std::string_view key) {
  if (!table.has(key)) table.reject(key, fmt::format("\"{}\" is missing", key), fmt::format("{} = ...", key));
}

bool FigureReader::is_figure(Reader& table, std::string_view key) {
  if (table.kind(key) == NodeKind::table) return true;
  table.reject(key, fmt::format("\"{}\" has no source", key),
               fmt::format("{} = {{ value = ..., source = \"...\" }}", key));
  return false;
}

void FigureReader::check_band(Reader& entry, bool above_low, bool below_high) {
  if (!above_low) entry.reject("low", "\"low\" is above the value", "at most the value");
  if (!below_high) entry.reject("high", "\"high\" is below the value", "at least the value");
}

std::string FigureReader::date(Reader& entry) {
  std::string text = entry.text_if("date").value_or("undated");
  if (!is_date(text)) {
    entry.reject("date", fmt::format("\"date\" is \"{}\"", text),
                 "a date such as \"2026\", \"2026-03\" or \"2026-03-31\", or \"undated\"");
  }
  return text;
}

FigureReader::Origin FigureReader::origin(Reader& entry) const {
  Origin origin;
  origin.note = entry.text_if("note").value_or("");
  if (std::optional<std::string> edit = entry.edited_by("value")) {
    entry.allow("source");
    entry.allow("assumed");
    origin.source = *std::move(edit);
    return origin;
  }
  if (assumptions_) {
    origin.source = assumed_source_;
    return origin;
  }
  const std::vector<std::string> keys = entry.texts("source");
  if (keys.empty()) entry.reject("source", "a figure without a source", "source = \"...\"");
  origin.evidence = Evidence::datasheet;
  for (const std::string& key : keys) {
    if (key == unsourced) origin.evidence = Evidence::assumed;
    if (!origin.source.empty()) origin.source += "; ";
    origin.source += source_text(entry, key);
  }
  if (entry.boolean_if("assumed").value_or(false)) origin.evidence = Evidence::assumed;
  return origin;
}

std::string FigureReader::source_text(Reader& entry, const std::string& key) const {
  if (key == unsourced) return key;
  if (const auto found = sources_.find(key); found != sources_.end()) return found->second;
  std::vector<std::string> candidates;
  for (const auto& [name, text] : sources_) candidates.push_back(name);
  const std::string near = nearest_word(key, candidates);
  entry.reject("source", fmt::format("unknown source \"{}\"", key),
               near.empty() ? "a key of [sources], or \"unsourced\"" : fmt::format("perhaps \"{}\"", near));
  return {};
}

}  // namespace plumb::catalog
