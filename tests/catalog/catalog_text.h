#pragma once
// Texts of catalog files for the tests, and ways to look at what was read.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "catalog/catalog.h"

namespace plumb::catalog {

/// A complete accelerator in few lines. The line numbers of its keys are part of expected messages.
inline constexpr std::string_view card_text = R"(title = "Test card"
vendor = "Test"
class = "gpu"
[sources]
sheet = "Test data sheet"
[compute]
bf16 = { value = "100 TFLOP/s", source = "sheet" }
[memory]
kind = "hbm3"
capacity = { value = "80 GiB", source = "sheet" }
[link]
name = "nvlink4"
[[price]]
kind = "rent"
value = "$2/h"
source = "sheet"
)";

/// `text` with its only occurrence of `from` changed to `to`.
std::string changed(std::string_view text, std::string_view from, std::string_view to);

/// What reading `text` as the file "card.toml" of an accelerator says, on one line; empty where it is read.
std::string accelerator_error(const std::string& text);

/// A figure of any kind, without its value's type.
struct FigureView {
  std::string name;
  double value;
  Evidence evidence;
  std::string source;
  Place place;
};

void each_figure(const Accelerator& accelerator, const std::function<void(const FigureView&)>& visit);
void each_figure(const Memory& memory, const std::function<void(const FigureView&)>& visit);
void each_figure(const Link& link, const std::function<void(const FigureView&)>& visit);
void each_figure(const Tier& tier, const std::function<void(const FigureView&)>& visit);
void each_figure(const EfficiencyClass& efficiency, const std::function<void(const FigureView&)>& visit);

/// The facts of the program, which the tests rely on.
const Catalog& facts();

/// A folder of its own for a test, gone afterwards.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void write(const std::string& name, std::string_view text) const;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace plumb::catalog
