#include "study/inputs_digest.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "base/document_edit.h"
#include "base/file.h"
#include "base/input_file.h"
#include "base/random.h"
#include "catalog/builtin_files.h"
#include "catalog/catalog_folder.h"

namespace plumb::study {
namespace {

constexpr std::size_t text_max = std::size_t{16} << 20;

/// A piece with its length before it, so that two pieces are never taken for one.
void add(std::string& text, std::string_view piece) { text += fmt::format("{}:{};", piece.size(), piece); }

std::string digest_of(std::string_view text) { return fmt::format("{:016x}", hash_name(text)); }

/// The digest of a file's bytes, piece by piece; of one that cannot be read, of the fact.
std::string bytes_digest(const std::string& path) {
  auto file = InputFile::open(path);
  if (!file) return "unreadable";
  std::string digest;
  std::vector<char> buffer(std::size_t{1} << 20);
  for (;;) {
    const auto count = file->read(buffer);
    if (!count || *count == 0) return digest;
    digest = digest_of(digest + std::string(buffer.data(), *count));
  }
}

/// The files of a folder that are read as texts, in the order of their names.
std::string folder_digest(const std::filesystem::path& folder) {
  constexpr std::array<std::string_view, 3> extensions{".json", ".toml", ".csv"};
  std::vector<std::filesystem::path> files;
  std::error_code code;
  for (std::filesystem::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
    const std::string extension = at->path().extension().string();
    if (std::find(extensions.begin(), extensions.end(), extension) != extensions.end()) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  std::string text;
  for (const std::filesystem::path& file : files) {
    add(text, file.filename().string());
    add(text, bytes_digest(file.string()));
  }
  return digest_of(text);
}

std::string path_digest(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (std::filesystem::is_regular_file(status)) return bytes_digest(path);
  return std::filesystem::is_directory(status) ? folder_digest(path) : std::string();
}

}  // namespace

Result<std::string> InputsDigest::common(const Study& study) {
  std::string text;
  add(text, PLUMB_VERSION);
  add(text, study.kind->name);
  if (study.base_entry.empty()) {
    PLUMB_ASSIGN(const std::string base, read_file(study.base, text_max));
    add(text, base);
  } else {
    add(text, study.base);  // the catalog comes next
  }
  for (const catalog::BuiltinFile& file : catalog::builtin_files()) add(text, file.text);
  if (!study.catalog_folder.empty()) {
    PLUMB_ASSIGN(const auto files, catalog::list_catalog_folder(study.catalog_folder));
    for (const catalog::CatalogFile& file : files) {
      add(text, file.folder + "/" + file.name);
      add(text, bytes_digest(file.path));
    }
  }
  for (const Column& column : study.columns) {
    add(text, column.name);
    add(text, column.figure);
  }
  add(text, study.kind->evidence);
  return digest_of(text);
}

std::string InputsDigest::file_digest(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(path);
  if (found != files_.end()) return found->second;
  return files_[path] = path_digest(path);
}

void InputsDigest::add_files(const Node& node, const std::string& folder, std::string& text) {
  constexpr std::size_t path_max = 4096;
  const bool may_be_path = node.kind == NodeKind::string && !node.string.empty() && node.string.size() < path_max &&
                           node.string.find('\0') == std::string::npos;
  if (may_be_path) add(text, file_digest((std::filesystem::path(folder) / node.string).string()));
  for (const Node& item : node.items) add_files(item, folder, text);
  for (const Node::Member& member : node.members) add_files(member.value, folder, text);
}

std::string InputsDigest::of(const PointEdits& point, const Document& base) {
  std::string text = common_;
  for (const auto& [subject, edits] : point.edits.all()) {
    for (const Edit& edit : edits) {
      add(text, subject);
      add(text, fmt::format("{}", fmt::join(edit.path, "\n")));
      add(text, edit.factor ? "times" : kind_name(edit.value.kind));
      add(text, value_text(edit.value));
    }
  }
  for (const auto& [name, option] : point.options) {
    add(text, name);
    add(text, value_text(option.node));
    const bool is_path = option.text != value_text(option.node);
    if (is_path) add(text, file_digest(option.text));
  }
  add_files(base.root(), std::filesystem::path(study_.base).parent_path().string(), text);
  return digest_of(text);
}

}  // namespace plumb::study
