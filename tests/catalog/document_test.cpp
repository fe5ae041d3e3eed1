// Are the examples of docs/catalog.md read as they stand there?

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "catalog/accelerator_file.h"
#include "catalog/link_file.h"
#include "catalog/memory_file.h"
#include "catalog/tier_file.h"
#include "catalog_text.h"

namespace plumb::catalog {
namespace {

/// The blocks of TOML in the document, in their order: a figure, an accelerator, a memory, a link, a cache tier,
/// assumptions.
std::vector<std::string> examples() {
  std::ifstream file(std::string(PLUMB_SOURCE_DIR "/docs/catalog.md"));
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::string begin = "```toml\n", end = "```\n";
  std::vector<std::string> blocks;
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    at += begin.size();
    blocks.push_back(text.substr(at, text.find(end, at) - at));
  }
  return blocks;
}

template <class Thing>
void expect_read(Result<Thing> (*read)(const Document&, std::string), const std::string& text) {
  const auto document = Document::parse_toml(text, "docs/catalog.md");
  ASSERT_TRUE(document) << one_line(document.error());
  const auto thing = read(*document, "example");
  EXPECT_TRUE(thing) << one_line(thing.error());
}

TEST(CatalogDocument, ItsFilesAreRead) {
  const std::vector<std::string> blocks = examples();
  ASSERT_EQ(blocks.size(), 6u);
  expect_read(read_accelerator, blocks[1]);
  expect_read(read_memory, blocks[2]);
  expect_read(read_link, blocks[3]);
  expect_read(read_tier, blocks[4]);
}

TEST(CatalogDocument, ItsAssumptionsApply) {
  const std::vector<std::string> blocks = examples();
  ASSERT_EQ(blocks.size(), 6u);
  const auto document = Document::parse_toml(blocks[5], "docs/catalog.md");
  ASSERT_TRUE(document) << one_line(document.error());
  Reader service(*document);
  Reader figures = service.table("assume").table("sapeon-x330-prime");
  Catalog catalog = facts();
  const Status status = catalog.assume("sapeon-x330-prime", figures);
  ASSERT_TRUE(status) << one_line(status.error());
  EXPECT_EQ(catalog.accelerator("sapeon-x330-prime")->purchase.size(), 1u);
}

}  // namespace
}  // namespace plumb::catalog
