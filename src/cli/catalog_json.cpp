#include "cli/catalog_text.h"
#include "report/json_writer.h"

namespace plumb::cli {
namespace {

using report::JsonWriter;

void write_origin(JsonWriter& json, const FigureLine& figure) {
  json.member("unit", figure.unit);
  if (figure.value) {
    json.member("evidence", evidence_name(figure.evidence));
  } else {
    json.member("evidence", nullptr);
  }
  json.member("source", figure.source);
  json.member("note", figure.note);
  json.member("file", figure.place.file);
  json.member("line", figure.place.line);
}

void write_entry(JsonWriter& json, const CatalogEntry& entry) {
  json.begin_object();
  json.member("kind", entry.kind);
  json.member("name", entry.name);
  json.member("title", entry.title);
  json.begin_object("facts");
  for (const auto& [key, value] : entry.facts) json.member(key, value);
  json.end_object();
  json.begin_object("figures");
  for (const FigureLine& figure : entry.figures) {
    json.begin_object(figure.key);
    json.member("value", figure.value);
    write_origin(json, figure);
    json.end_object();
  }
  json.end_object();
  json.begin_array("prices");
  for (const PriceLine& price : entry.prices) {
    json.begin_object();
    json.member("kind", price.figure.key);
    json.member("date", price.date);
    json.member("value", price.figure.value);
    json.member("low", price.low);
    json.member("high", price.high);
    write_origin(json, price.figure);
    json.end_object();
  }
  json.end_array();
  json.member_array("notes", entry.notes);
  json.member("file", entry.place.file);
  json.end_object();
}

}  // namespace

std::string catalog_json(std::span<const CatalogEntry> entries) {
  JsonWriter json;
  json.begin_object();
  json.member("schema", "plumb.catalog/1");
  json.begin_array("entries");
  for (const CatalogEntry& entry : entries) write_entry(json, entry);
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace plumb::cli
