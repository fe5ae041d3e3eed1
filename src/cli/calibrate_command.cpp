#include "cli/calibrate_command.h"

#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "base/file.h"
#include "calibration/calibration.h"
#include "cli/calibration_text.h"
#include "cli/inputs.h"
#include "cli/terminal.h"

namespace plumb::cli {
namespace {

using calibration::Calibrated;
using calibration::KernelModel;
using calibration::Measured;

constexpr std::string_view default_data = "validation/kernels";

constexpr std::array options{
    OptionSpec{"--data", "DIR",
               "folder of tables ACCELERATOR.FAMILY.csv, plain, .gz or .zst (default: validation/kernels)"},
    OptionSpec{"--device", "NAME", "only this accelerator"},
    OptionSpec{"--family", "NAME", "only this family of kernels: gemm, expert ..."},
    OptionSpec{"--table", "CSV", "a table of your own, of the --device and the --family, in place of --data"},
    OptionSpec{"--out", "DIR", "write DIR/calibrations/, files for a catalog folder"},
    OptionSpec{"--plot", "FILE", "plot computed against measured time, as SVG"},
    OptionSpec{"--markdown", "FILE", "write the table of errors as Markdown"},
    json_option,
    jobs_option,
    catalog_option,
};
constexpr std::array<std::string_view, 3> examples{
    "plumb calibrate --device h100-sxm --plot h100.svg",
    "plumb calibrate --device h100-sxm --family gemm --table measured.csv --out my-catalog",
    "plumb calibrate --out catalog --markdown errors.md",
};

Error unknown_family(std::string_view name) {
  std::vector<std::string_view> names;
  for (const KernelModel* model : calibration::kernel_models()) names.push_back(model->family().name);
  return input_error({}, fmt::format("--family: no family of kernels is called \"{}\"", name),
                     fmt::format("one of {}", fmt::join(names, ", ")));
}

Result<std::vector<Measured>> read_tables(const Arguments& arguments) {
  const std::string device = arguments.text("--device").value_or(""), family = arguments.text("--family").value_or("");
  const KernelModel* model = calibration::kernel_model(family);
  if (!family.empty() && model == nullptr) return fail(unknown_family(family));
  if (const auto path = arguments.text("--table")) {
    if (device.empty() || model == nullptr)
      return fail(input_error({}, "--table: whose it is is not said", "--device NAME and --family NAME beside it"));
    PLUMB_ASSIGN(calibration::KernelTable table, calibration::read_kernel_table(*path, *model));
    return std::vector<Measured>{{device, model, std::move(table), *path}};
  }
  const std::string folder = arguments.text("--data").value_or(std::string(default_data));
  PLUMB_ASSIGN(std::vector<Measured> tables, calibration::read_kernel_tables(folder, device, family));
  if (tables.empty()) {
    return fail(input_error({folder, 0, 0}, "no table here is asked for",
                            "files ACCELERATOR.FAMILY.csv of the accelerator and the family"));
  }
  return tables;
}

/// The command line without what changes no parameter.
std::string made_by(const Arguments& arguments) {
  std::string command = "plumb calibrate";
  for (const std::string_view name : {"--data", "--device", "--family", "--table"}) {
    if (const auto value = arguments.text(name)) command += fmt::format(" {} {}", name, *value);
  }
  return command;
}

Status write_catalog(const std::string& folder, std::span<const calibration::CalibrationFile> files) {
  std::error_code code;
  std::filesystem::create_directories(std::filesystem::path(folder) / "calibrations", code);
  if (code) return fail(input_error({folder, 0, 0}, fmt::format("cannot make the folder: {}", code.message())));
  for (const calibration::CalibrationFile& file : files)
    PLUMB_TRY(write_file((std::filesystem::path(folder) / file.path).string(), file.text));
  return {};
}

Result<int> run(const Arguments& arguments) {
  const auto json = arguments.text("--json"), plot = arguments.text("--plot"), markdown = arguments.text("--markdown");
  PLUMB_TRY(check_standard_output(arguments, {"--json", "--plot", "--markdown"}));
  PLUMB_TRY(check_outputs({json, plot, markdown}));
  PLUMB_ASSIGN(const catalog::Catalog catalog, read_catalog(arguments));
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, 4096));
  PLUMB_ASSIGN(const std::vector<Measured> tables, read_tables(arguments));
  PLUMB_ASSIGN(const Calibrated calibrated, calibration::calibrate(catalog, tables, static_cast<int>(jobs)));
  if (const auto folder = arguments.text("--out"))
    PLUMB_TRY(write_catalog(*folder, calibration::calibration_files(calibrated, catalog, made_by(arguments))));
  if (plot) PLUMB_TRY(write_file(*plot, calibration_plot(calibrated)));
  if (markdown) PLUMB_TRY(write_file(*markdown, calibration_markdown(calibrated)));
  if (json) PLUMB_TRY(write_file(*json, calibration_json(calibrated)));
  if (json != "-" && plot != "-" && markdown != "-") fmt::print("{}", calibration_text(calibrated, terminal_style()));
  return 0;
}

}  // namespace

CommandSpec calibrate_command() {
  return {"calibrate",
          "kernels' parameters from tables of measurements, with their errors",
          "Fits the few parameters of each family of kernels to tables of measured times, for each accelerator and "
          "number format, and says how near the equations come: to the points themselves, to points left out, and to "
          "an accelerator left out. Writes what the catalog holds of it.",
          {},
          options,
          examples,
          run};
}

}  // namespace plumb::cli
