#include "cli/validate_command.h"

#include <array>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/inputs.h"
#include "cli/terminal.h"
#include "cli/validate_output.h"
#include "validation/baseline.h"

namespace plumb::cli {
namespace {

constexpr std::array operands{OperandSpec{
    "CSV", "measurements, as docs/validation.md describes them (default: those that the program carries)", false}};
constexpr std::array options{
    OptionSpec{"--rows", "PATH",
               "write every row with its simulated value and error as CSV, or to standard output for -"},
    OptionSpec{"--report", "PATH", "write a self-contained HTML page with tables and plots"},
    OptionSpec{
        "--baseline", "PATH",
        "write the errors and bands by kind as the baseline that tests and bands go by (validation/baseline.json)"},
    json_option,
    jobs_option,
    catalog_option,
    memory_option,
};
constexpr std::array<std::string_view, 2> examples{
    "plumb validate",
    "plumb validate measured.csv --rows rows.csv --report validation.html",
};

Result<ValidationResult> make_validation(const Arguments& arguments) {
  constexpr std::int64_t jobs_max = 4096;
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, jobs_max));
  PLUMB_ASSIGN(const catalog::Catalog catalog, read_catalog(arguments));
  PLUMB_ASSIGN(const validation::ModelShelf shelf, validation::ModelShelf::builtin());
  ValidationResult result;
  std::vector<validation::MeasuredRow> rows;
  if (arguments.operands.empty()) {
    result.file = validation::carried_name;
    PLUMB_ASSIGN(rows, validation::carried_measured_rows());
  } else {
    result.file = arguments.operands.front();
    PLUMB_ASSIGN(rows, validation::read_measured_rows(result.file));
  }
  result.validation = validation::validate(std::move(rows), catalog, shelf, {.jobs = static_cast<int>(jobs)});
  result.accuracy = validation::accuracy_of(result.validation);
  PLUMB_ASSIGN(const validation::Baseline baseline, validation::carried_baseline());
  const bool carried = arguments.operands.empty();
  validation::set_bands(result.validation, result.accuracy.cells, carried ? nullptr : &baseline.bands);
  result.knees = figures_of(result.validation, knees_of(result.validation, static_cast<int>(jobs)));
  result.coverage = validation::coverage_of(result.validation, result.accuracy.cells);
  return result;
}

Result<int> run(const Arguments& arguments) {
  PLUMB_TRY(check_standard_output(arguments, {"--json", "--rows", "--report", "--baseline"}));
  const auto json = arguments.text("--json"), rows = arguments.text("--rows"), page = arguments.text("--report");
  const auto baseline = arguments.text("--baseline");
  PLUMB_TRY(check_outputs({json, rows, page, baseline}));
  PLUMB_ASSIGN(const ValidationResult result, make_validation(arguments));
  if (rows) PLUMB_TRY(write_file(*rows, validation_rows(result)));
  if (json) PLUMB_TRY(write_file(*json, validation_json(result)));
  if (page) PLUMB_TRY(write_file(*page, validation_report(result, arguments.command_line)));
  if (baseline) {
    PLUMB_TRY(write_file(*baseline, baseline_json(validation::baseline_of(result.validation, result.accuracy))));
  }
  if (baseline != "-" && json != "-" && rows != "-" && page != "-")
    fmt::print("{}", validation_text(result, terminal_style()));
  return 0;
}

}  // namespace

CommandSpec validate_command() {
  return {
      "validate",
      "published measurements against the simulation of the same",
      "Simulates every published run that it understands and prints by how much Plumb is off, as the logarithm of "
      "simulated over measured: the median and the 90th percentile over cells of device, model and kind, by device, "
      "model, engine, size and length. Runs that are not simulated are counted with the reason. docs/validation.md "
      "states how a row is read.",
      operands,
      options,
      examples,
      run};
}

}  // namespace plumb::cli
