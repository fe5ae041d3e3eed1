#pragma once
// Reads figures from a table of the catalog. In a file of the catalog a figure is a table of its own,
//
//   capacity = { value = "80 GiB", source = "epoch", note = "...", assumed = true }
//
// whose source is one or several keys of the file's [sources], or "unsourced". Among a user's assumptions, and where an
// edit has put it (base/document_edit.h), it is a plain value, whose evidence is `assumed`. An absent key is an unknown
// figure.
// Thread rule: belongs to one thread, as Readers do.

#include <map>
#include <string>
#include <string_view>

#include "base/reader.h"
#include "catalog/accelerator.h"
#include "catalog/figure.h"

namespace plumb::catalog {

class FigureReader {
 public:
  /// Of a file of the catalog: takes its [sources].
  static FigureReader of_file(Reader& file);
  /// Of plain values that all have this source.
  static FigureReader of_assumptions(std::string source);

  template <class Q>
  Known<Q> quantity(Reader& table, std::string_view key, Range range = positive) const {
    return read<Q>(table, key, [range](Reader& from, std::string_view name) { return from.quantity<Q>(name, range); });
  }
  Known<double> number(Reader& table, std::string_view key, Range range = positive) const {
    return read<double>(table, key, [range](Reader& from, std::string_view name) { return from.number(name, range); });
  }

  /// The same for a figure that must be there.
  template <class Q>
  Figure<Q> required_quantity(Reader& table, std::string_view key, Range range = positive) const {
    require(table, key);
    return quantity<Q>(table, key, range).value_or(Figure<Q>{});
  }
  Figure<double> required_number(Reader& table, std::string_view key, Range range = positive) const {
    require(table, key);
    return number(table, key, range).value_or(Figure<double>{});
  }

  /// The publications that `source` of an entry names, in full; an unknown one or none is an error.
  std::string source_of(Reader& entry) const { return origin(entry).source; }

  /// One entry of a list of prices: value, low, high, date, note, source, assumed.
  template <class Money>
  Price<Money> price(Reader& entry) const {
    Price<Money> price;
    price.figure.value = entry.quantity<Money>("value", positive);
    price.low = entry.quantity_if<Money>("low", positive).value_or(price.figure.value);
    price.high = entry.quantity_if<Money>("high", positive).value_or(price.figure.value);
    // The band of the published price says nothing of another one.
    if (entry.edited_by("value")) price.low = price.high = price.figure.value;
    check_band(entry, price.low <= price.figure.value, price.figure.value <= price.high);
    price.date = date(entry);
    describe(entry, entry.place(), price.figure);
    return price;
  }

 private:
  struct Origin {
    Evidence evidence = Evidence::assumed;
    std::string source, note;
  };

  FigureReader() = default;

  template <class T, class Value>
  Known<T> read(Reader& table, std::string_view key, Value value) const {
    table.allow(key);
    if (!table.has(key)) return std::nullopt;
    Figure<T> figure;
    const std::optional<std::string> edit = plain_edit(table, key);
    if (assumptions_ || edit) {
      figure.value = value(table, key);
      figure.source = edit.value_or(assumed_source_);
      figure.place = table.place(key);
      return figure;
    }
    if (!is_figure(table, key)) return std::nullopt;
    Reader entry = table.table(key);
    figure.value = value(entry, "value");
    describe(entry, table.place(key), figure);
    return figure;
  }

  template <class T>
  void describe(Reader& entry, Place place, Figure<T>& figure) const {
    Origin found = origin(entry);
    figure.evidence = found.evidence;
    figure.source = std::move(found.source);
    figure.note = std::move(found.note);
    figure.place = std::move(place);
  }

  /// What has put a plain value there, in a file of the catalog or among assumptions.
  static std::optional<std::string> plain_edit(const Reader& table, std::string_view key) {
    return table.kind(key) == NodeKind::table ? std::nullopt : table.edited_by(key);
  }
  static void require(Reader& table, std::string_view key);
  static bool is_figure(Reader& table, std::string_view key);
  static void check_band(Reader& entry, bool above_low, bool below_high);
  static std::string date(Reader& entry);
  Origin origin(Reader& entry) const;
  std::string source_text(Reader& entry, const std::string& key) const;

  bool assumptions_ = false;
  std::string assumed_source_;
  std::map<std::string, std::string, std::less<>> sources_;
};

}  // namespace plumb::catalog
