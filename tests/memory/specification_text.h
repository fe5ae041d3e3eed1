#pragma once
// Specifications for the tests: those of the catalogue, and a small one as text whose lines tests change.

#include <string>
#include <string_view>

#include "catalog/catalog.h"
#include "memory/specification_file.h"

namespace plumb::memory {

/// The facts of the program.
const catalog::Catalog& facts();

/// A specification of the catalogue, by name; aborts with its error where there is none.
Specification specification(std::string_view name);

/// A complete memory in few lines. The line numbers of its keys are part of expected messages.
extern const std::string_view small_text;

/// `text` with its only occurrence of `from` changed to `to`.
std::string changed(std::string_view text, std::string_view from, std::string_view to);

/// Reads `text` as the file "small.toml"; likes are looked up in the catalogue.
Result<Specification> read(std::string_view text, std::string_view preset = {});

/// What reading it says, on one line; empty where it is read.
std::string read_error(std::string_view text, std::string_view preset = {});

}  // namespace plumb::memory
