#include "cli/inputs.h"

namespace plumb::cli {

Result<catalog::Catalog> read_catalog(const Arguments& arguments) {
  PLUMB_ASSIGN(catalog::Catalog catalog, catalog::Catalog::builtin());
  if (const auto folder = arguments.text("--catalog")) PLUMB_TRY(catalog.add_folder(*folder));
  return catalog;
}

}  // namespace plumb::cli
