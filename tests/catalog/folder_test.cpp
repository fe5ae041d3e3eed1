// Does a user's folder add to the facts, replace them by name, and leave them alone when something in it is wrong?

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog_text.h"

namespace plumb::catalog {
namespace {

std::string error_of(const Folder& folder) {
  Catalog catalog = facts();
  const Status status = catalog.add_folder(folder.path());
  EXPECT_EQ(catalog.accelerators().size(), facts().accelerators().size())
      << "a folder with an error changed the catalog";
  return status ? "" : one_line(status.error());
}

TEST(Folder, AddsAndReplaces) {
  const Folder folder;
  folder.write("accelerators/card.toml", card_text);
  folder.write("accelerators/h100-sxm.toml", changed(card_text, "100 TFLOP/s", "1 PFLOP/s"));
  Catalog catalog = facts();
  const Status status = catalog.add_folder(folder.path());
  ASSERT_TRUE(status) << one_line(status.error());
  EXPECT_EQ(catalog.accelerators().size(), facts().accelerators().size() + 1);
  ASSERT_NE(catalog.accelerator("card"), nullptr);
  EXPECT_EQ(catalog.accelerator("card")->place.file, folder.path() + "/accelerators/card.toml");
  const Accelerator& h100 = *catalog.accelerator("h100-sxm");
  EXPECT_DOUBLE_EQ(h100.compute.at(NumberFormat::bf16).value.value(), 1e15);
  EXPECT_FALSE(h100.memory_bandwidth) << "a file replaces the whole of what it names";
}

TEST(Folder, MayNameWhatItBringsItself) {
  const Folder folder;
  folder.write("accelerators/card.toml", changed(card_text, "nvlink4", "rope"));
  folder.write("links/rope.toml", "title = \"Rope\"\n");
  Catalog catalog = facts();
  const Status status = catalog.add_folder(folder.path());
  ASSERT_TRUE(status) << one_line(status.error());
  EXPECT_EQ(catalog.link("rope")->title, "Rope");
}

TEST(Folder, PassesOverWhatIsNotMeantToBeRead) {
  const Folder folder;
  folder.write("README.md", "notes");
  folder.write(".git/config", "");
  folder.write("accelerators/.card.toml.swp", "?");
  folder.write("accelerators/README.md", "notes");
  EXPECT_EQ(error_of(folder), "");
}

TEST(Folder, RefusesAMissingFolder) {
  Catalog catalog = facts();
  const Status status = catalog.add_folder("no/such/folder");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().fault, Fault::input);
  EXPECT_EQ(one_line(status.error()),
            "no/such/folder: cannot read the folder: No such file or directory; expected a folder with accelerators, "
            "calibrations, classes, links, memories or tiers in it");
}

TEST(Folder, RefusesAFileInItsPlace) {
  const Folder folder;
  folder.write("file", "");
  Catalog catalog = facts();
  const Status status = catalog.add_folder(folder.path() + "/file");
  ASSERT_FALSE(status);
  EXPECT_THAT(one_line(status.error()), testing::HasSubstr("/file: cannot read the folder: Not a directory"));
}

TEST(Folder, RefusesWhatDoesNotBelong) {
  const Folder misspelt;
  misspelt.write("accelerator/card.toml", card_text);
  EXPECT_EQ(error_of(misspelt), misspelt.path() +
                                    "/accelerator: does not belong in a catalog; expected one of the folders "
                                    "accelerators, calibrations, classes, links, memories, tiers");
  const Folder loose;
  loose.write("card.toml", card_text);
  EXPECT_THAT(error_of(loose), testing::HasSubstr("/card.toml: does not belong in a catalog"));
  for (const char* name : {"accelerators/card.json", "accelerators/My Card.toml", "links/a/b.toml"}) {
    const Folder folder;
    folder.write(name, card_text);
    EXPECT_THAT(error_of(folder), testing::HasSubstr("does not belong in a catalog; expected a file NAME.toml"))
        << name;
  }
}

TEST(Folder, ReadsInAnOrderThatDoesNotDependOnTheDisk) {
  const Folder folder;
  folder.write("links/b.toml", "");
  folder.write("accelerators/z.toml", "wrong");
  folder.write("accelerators/m.toml", "title = 1");
  EXPECT_EQ(error_of(folder), folder.path() + "/accelerators/m.toml:1:9: \"title\" is an integer; expected a string");
}

TEST(Folder, NamesMustLeadSomewhere) {
  struct Wrong {
    const char *from, *to, *error;
  };
  constexpr Wrong wrong[] = {
      {"\"nvlink4\"", "\"nvlnk4\"", ":12:8: unknown link \"nvlnk4\"; expected perhaps \"nvlink4\""},
      {"\"hbm3\"", "\"hbm33\"", ":9:8: unknown memory \"hbm33\"; expected perhaps \"hbm3\""},
      {"\"gpu\"", "\"wetware\"", ":3:9: unknown class \"wetware\"; expected one of cpu, gpu, npu, tpu"},
  };
  for (const Wrong& each : wrong) {
    const Folder folder;
    folder.write("accelerators/card.toml", changed(card_text, each.from, each.to));
    EXPECT_EQ(error_of(folder), folder.path() + "/accelerators/card.toml" + each.error);
  }
}

TEST(UnknownAccelerator, SaysWhatMayBeMeant) {
  const auto text = [](const char* name) {
    return one_line(facts().unknown_accelerator(name, {"service.toml", 3, 5}));
  };
  EXPECT_EQ(
      text("H100"),
      "service.toml:3:5: unknown accelerator \"H100\"; expected perhaps \"h100-nvl\", \"h100-pcie\", \"h100-sxm\"");
  EXPECT_EQ(text("mi300y"), "service.toml:3:5: unknown accelerator \"mi300y\"; expected perhaps \"mi300a\"");
  EXPECT_EQ(text("abacus-of-pascal"),
            "service.toml:3:5: unknown accelerator \"abacus-of-pascal\"; expected a name that `plumb catalog` lists");
  EXPECT_EQ(text(""), "service.toml:3:5: unknown accelerator \"\"; expected a name that `plumb catalog` lists");
}

}  // namespace
}  // namespace plumb::catalog
