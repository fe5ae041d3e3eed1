// What real devices reach of their memory's bandwidth beside what Plumb says of the same demand. Simulators are
// compared with elsewhere; this is silicon.

#include <cmath>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "accelerator/machine.h"
#include "base/file.h"
#include "memory/specification_file.h"
#include "memory/sustained_table.h"

namespace plumb::accelerator {
namespace {

using memory::Demand;

const catalog::Catalog& facts() {
  static const catalog::Catalog catalog = catalog::Catalog::builtin().value();
  return catalog;
}

/// The rows of a table without its header, split at commas.
std::vector<std::vector<std::string>> rows_of(const std::string& file) {
  const std::string text = read_file(PLUMB_SOURCE_DIR "/tests/data/memory/" + file, std::size_t{1} << 20).value();
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::vector<std::string>& cells = rows.emplace_back();
    std::istringstream of_line(line);
    for (std::string cell; std::getline(of_line, cell, ',');) cells.push_back(cell);
  }
  return rows;
}

/// The page must say what is printed here.
void expect_documented(const std::string& row) {
  static const std::string page = read_file(PLUMB_SOURCE_DIR "/docs/memory.md", std::size_t{1} << 20).value();
  std::printf("%s\n", row.c_str());
  EXPECT_NE(page.find(row), std::string::npos) << "docs/memory.md does not say " << row;
}

std::string cells(const char* format, double a, double b, double c) {
  char text[128];
  std::snprintf(text, sizeof text, format, a, b, c);
  return text;
}

memory::Specification specification_of(const std::string& name) {
  return memory::as_run_by(*facts().efficiency_class("gpu"), memory::find_specification(name, facts()).value());
}

// A memory whose banks are refreshed one by one loses next to nothing of a stream, one that is refreshed whole loses
// tRFC / tREFI; what GPUs reach lies between the two but for what their own side loses.
TEST(MeasuredMemory, StreamsOfRealGpus) {
  for (const auto& row : rows_of("gpu_streams.csv")) {
    memory::Specification of = specification_of(row[1]);
    const double written = std::stod(row[4]), measured = std::stod(row[5]) / std::stod(row[2]);
    const Demand demand{written == 0.0 ? Demand::Kind::streamed : Demand::Kind::mixed, written};
    const double all_bank = memory::sustained_of(of, "").at(demand).share;
    of.controller.refresh = memory::RefreshMode::per_bank;
    const double per_bank = memory::measure(of, demand).share;
    expect_documented("| " + row[0] + " | " + row[3] + " | " + row[1] + " | " +
                      cells("%.3f | %.3f | %.3f |", measured, all_bank, per_bank));
    EXPECT_LT(all_bank, per_bank);
    EXPECT_LT(measured, 1.0);
    // A GPU's caches collect writes into longer runs than the model's controller does.
    const double fewer_turnarounds = written > 0.0 && written < 1.0 ? 1.06 : 1.0;
    EXPECT_LT(measured, fewer_turnarounds * per_bank) << row[0] << " " << row[3] << ": more than the memory can give";
    const bool own_side_binds = row[0] == "H200" || row[0] == "MI210" || row[3] == "copy";
    if (own_side_binds) continue;
    EXPECT_LT(std::abs(std::log(measured / all_bank)), 0.14) << row[0] << " " << row[3];
  }
}

// Blocks of a paged cache at random places, 16 to 128 KiB each.
TEST(MeasuredMemory, DecodeAttentionOverAPagedCache) {
  for (const auto& row : rows_of("decode_attention.csv")) {
    const Machine machine = resolve(facts(), *facts().accelerator(row[1])).value();
    const Demand blocks{Demand::Kind::gathered, std::stod(row[3])};
    const double measured = std::stod(row[5]), used = machine.bandwidth_share(blocks);
    expect_documented("| " + row[0] + " | " + std::to_string(std::stoi(row[3]) / 1024) + " KiB | " +
                      cells("%.3f | %.3f | %+.1f %% |", measured, used, 100.0 * std::log(used / measured)));
    EXPECT_LT(std::abs(std::log(used / measured)), 0.16) << row[0] << " " << row[3];
  }
}

// The two factors of what a step gets, for accelerators of each memory.
TEST(MeasuredMemory, TheTwoFactorsAreDocumented) {
  for (const char* name : {"a100-80gb-sxm", "h100-sxm", "h200-sxm", "b200-sxm", "mi300x", "l40s", "rtx-4090"}) {
    const Machine machine = resolve(facts(), *facts().accelerator(name)).value();
    const MemorySustains& memory = machine.memory_sustains;
    const double e = machine.efficiency.bandwidth.value;
    const Demand blocks{Demand::Kind::gathered, 32768.0}, entries{Demand::Kind::gathered, 1152.0},
        activations{Demand::Kind::mixed, 0.5};
    expect_documented(
        "| " + std::string(name) + " | " + machine.memory_specification + " | " +
        cells("%.2f | %.3f | %.3f | ", e, memory.reference_share, memory.residual(e)) +
        cells("%.3f | %.3f | %.3f | ", memory.share(blocks), memory.share(entries), memory.share(activations)) +
        cells("%.3f | %.3f | %.3f |", machine.bandwidth_share(blocks), machine.bandwidth_share(entries),
              machine.bandwidth_share(activations)));
  }
}

}  // namespace
}  // namespace plumb::accelerator
