#include "cli/sweep_command.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "base/file.h"
#include "cli/inputs.h"
#include "cli/interruption.h"
#include "cli/sweep_kinds.h"
#include "cli/terminal.h"
#include "report/units.h"
#include "study/sweep.h"
#include "study/sweep_view.h"

namespace plumb::cli {
namespace {

constexpr std::array operands{
    OperandSpec{"STUDY.toml", "a base file, the axes that vary it, and what is asked of each point (docs/sweep.md)"}};
constexpr std::array options{
    OptionSpec{"--csv", "PATH",
               "write one row a point; rows that are there already and still hold are taken over, so that a sweep that "
               "was cut short goes on"},
    json_option,
    OptionSpec{"--report", "PATH", "write a self-contained HTML page with tables and plots"},
    OptionSpec{"--shard", "I/N", "only every Nth point from the Ith on, as one of N machines that share the study"},
    OptionSpec{"--task", "K", "only point K, as a task of a job array: --task $SLURM_ARRAY_TASK_ID"},
    OptionSpec{"--merge", "PATHS",
               "take over rows of these CSV files too, with commas between them, or of all in a folder"},
    OptionSpec{"--fresh", "", "run every point again, whatever rows there are"},
    OptionSpec{"--list", "", "print the points with their numbers and run none"},
    OptionSpec{"--count", "", "print how many points there are and run none"},
    jobs_option,
};
constexpr std::array<std::string_view, 5> examples{
    "plumb sweep examples/studies/companion-hardware.toml --csv rows.csv --report study.html",
    "plumb sweep examples/studies/h100-memory.toml --json -",
    "plumb sweep examples/studies/h100-memory.toml --shard 2/4 --csv rows/2.csv",
    "plumb sweep examples/studies/h100-memory.toml --merge rows --csv rows.csv --report study.html",
    "sbatch --array=1-$(plumb sweep study.toml --count) --wrap 'plumb sweep study.toml --task $SLURM_ARRAY_TASK_ID "
    "--csv rows/$SLURM_ARRAY_TASK_ID.csv'",
};

Result<study::Shard> read_shard(const Arguments& arguments) {
  const auto text = arguments.text("--shard");
  if (!text) return study::Shard{};
  study::Shard shard{0, 0};
  const char* const end = text->data() + text->size();
  const auto [slash, code] = std::from_chars(text->data(), end, shard.index);
  bool good = code == std::errc{} && slash != end && *slash == '/';
  if (good) {
    const auto [stop, of_code] = std::from_chars(slash + 1, end, shard.of);
    good = of_code == std::errc{} && stop == end && shard.index >= 1 && shard.index <= shard.of;
  }
  if (good) return shard;
  return fail(input_error({}, fmt::format("--shard is \"{}\"", *text), "a shard and their number, such as 1/8 to 8/8"));
}

Result<std::optional<std::size_t>> read_task(const Arguments& arguments, const study::Study& study) {
  if (!arguments.flag("--task")) return std::optional<std::size_t>{};
  if (arguments.flag("--shard")) {
    return fail(input_error({}, "--task and --shard both say which points are meant", "one of the two"));
  }
  PLUMB_ASSIGN(const std::int64_t task, arguments.integer("--task", 0, 1, static_cast<std::int64_t>(study.points())));
  return std::optional(static_cast<std::size_t>(task));
}

/// The CSV files of --merge.
Result<std::vector<std::string>> merged_files(const Arguments& arguments) {
  std::vector<std::string> files;
  const std::string list = arguments.text("--merge").value_or("");
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string path = list.substr(begin, end - begin);
    begin = end + 1;
    std::error_code code;
    if (!std::filesystem::is_directory(path, code)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> inside;
    for (std::filesystem::directory_iterator at(path, code), none; !code && at != none; at.increment(code)) {
      if (at->path().extension() == ".csv") inside.push_back(at->path().string());
    }
    if (code) return fail(input_error({path, 0, 0}, fmt::format("cannot read the folder: {}", code.message())));
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

/// Takes over rows of earlier runs: of the table that is written to, and of --merge.
Status take_known(const Arguments& arguments, const study::Study& study, study::SweepOptions& how) {
  PLUMB_ASSIGN(const std::vector<std::string> files, merged_files(arguments));
  const auto csv = arguments.text("--csv");
  std::error_code ignored;
  if (csv && *csv != "-" && std::filesystem::is_regular_file(*csv, ignored)) {
    // Read even where its rows are not wanted: what is no table of a sweep is not written over.
    PLUMB_ASSIGN(how.known, study::read_rows(study, *csv));
    for (const study::Row& row : how.known) how.overwritten.push_back(row.inputs);
  }
  for (const std::string& file : files) {
    PLUMB_ASSIGN(std::vector<study::Row> rows, study::read_rows(study, file));
    std::move(rows.begin(), rows.end(), std::back_inserter(how.known));
  }
  if (!arguments.flag("--fresh")) return {};
  how.known.clear();
  how.overwritten.clear();
  return {};
}

std::string list_text(const study::Study& study) {
  std::string text;
  for (std::size_t point = 0; point < study.points(); ++point) {
    text += fmt::format("{}: {}\n", point + 1, study::point_words(study, point));
  }
  return text;
}

/// Files and standard output. Standard output holds one thing: what was asked to go there, else the text.
Status tell(const Arguments& arguments, const study::Study& study, const study::Sweep& sweep) {
  const auto csv = arguments.text("--csv"), json = arguments.text("--json"), report = arguments.text("--report");
  if (csv == "-") PLUMB_TRY(write_file("-", study::rows_csv(study, sweep.rows)));
  if (json) PLUMB_TRY(write_file(*json, study::sweep_json(study, sweep.rows)));
  if (report) PLUMB_TRY(write_file(*report, study::sweep_report(study, sweep, arguments.command_line)));
  if (csv != "-" && json != "-" && report != "-") fmt::print("{}", study::sweep_text(study, sweep, terminal_style()));
  return {};
}

void print_interrupted(const study::Sweep& sweep, const std::optional<std::string>& csv) {
  const bool kept = csv && *csv != "-";
  fmt::print(stderr, "plumb: interrupted when {} of {} points were there; {}\n",
             report::count(sweep.rows.size() - sweep.count(study::RowStatus::missing)),
             report::count(sweep.rows.size()),
             kept ? fmt::format("{} has them, and the same command goes on from there", *csv)
                  : std::string("without --csv PATH they are lost"));
}

Result<study::Sweep> sweep_with_progress(const study::Study& study, study::SweepOptions& how,
                                         const std::optional<std::string>& csv) {
  Progress progress;
  how.progress = [&](std::size_t done, std::size_t of) { progress.show("points", done, of); };
  if (csv && *csv != "-") {
    how.keep = [&](const std::vector<study::Row>& rows) { return write_file(*csv, study::rows_csv(study, rows)); };
  }
  return study::run_sweep(study, how);
}

Result<int> run(const Arguments& arguments) {
  PLUMB_ASSIGN(const std::int64_t jobs, arguments.integer("--jobs", 0, 1, 4096));
  const auto csv = arguments.text("--csv");
  PLUMB_TRY(check_standard_output(arguments, {"--csv", "--json", "--report"}));
  PLUMB_TRY(check_outputs({csv, arguments.text("--json"), arguments.text("--report")}));
  PLUMB_ASSIGN(const Document document, Document::read_toml(arguments.operands.front()));
  PLUMB_ASSIGN(const study::Study study, study::read_study(document, point_kinds()));
  if (arguments.flag("--count")) fmt::print("{}\n", study.points());
  if (arguments.flag("--list")) fmt::print("{}", list_text(study));
  if (arguments.flag("--count") || arguments.flag("--list")) return 0;

  study::SweepOptions sweep_options;
  sweep_options.jobs = static_cast<int>(jobs);
  PLUMB_ASSIGN(sweep_options.shard, read_shard(arguments));
  PLUMB_ASSIGN(sweep_options.task, read_task(arguments, study));
  PLUMB_TRY(take_known(arguments, study, sweep_options));
  Interruption interruption;
  sweep_options.interrupt = &interruption.flag();
  PLUMB_ASSIGN(study::Sweep sweep, sweep_with_progress(study, sweep_options, csv));
  if (const auto status = interruption.exit_status()) {
    print_interrupted(sweep, csv);
    return *status;
  }
  if (sweep.error) return fail(*std::move(sweep.error));
  PLUMB_TRY(tell(arguments, study, sweep));
  // A shard or a task has done its part, whatever its points are: the status is that of its job.
  const bool whole = !arguments.flag("--shard") && !arguments.flag("--task");
  return whole && sweep.count(study::RowStatus::done) == 0 ? exit_status(Fault::unmet) : 0;
}

}  // namespace

CommandSpec sweep_command() {
  return {"sweep",
          "a design space: any parameter as an axis, one row a point, the Pareto front",
          "Varies keys of a service or deployment, of the catalog's accelerators, memories, links, classes and tiers, "
          "of a model's config.json, or of the command's own options, and plans or simulates each point by itself. "
          "Points that cannot be met are rows with their reason; a value that is no valid input is an error of the "
          "study. "
          "Points are numbered, so that a study can be shared among the tasks of a job array or the machines of any "
          "scheduler, and rows are kept as they come about. Exits with 1 if no point of the whole study can be met, "
          "and with 130 if it is interrupted, which leaves the rows that were done in the CSV.",
          operands,
          options,
          examples,
          run};
}

}  // namespace plumb::cli
