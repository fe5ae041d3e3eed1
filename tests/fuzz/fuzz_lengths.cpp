// Whatever a [lengths] table of a TOML text holds: an error with a place, or a sampler whose draws are lengths.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "workload/lengths.h"
#include "workload_files.h"

namespace {

plumb::Result<plumb::workload::LengthSamplerPtr> sampler_of(std::string_view text) {
  using namespace plumb;
  PLUMB_ASSIGN(const Document document, Document::parse_toml(text, "input"));
  if (names_a_file(document.root())) return fail(input_error({"input", 1, 1}, "a file"));
  Reader root(document);
  PLUMB_ASSIGN(workload::LengthSamplerPtr sampler, workload::read_lengths(root, ""));
  PLUMB_TRY(root.finish());
  return sampler;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumb;
  const Result<workload::LengthSamplerPtr> sampler = sampler_of({reinterpret_cast<const char*>(data), size});
  if (!sampler) {
    require(sampler.error().place.line >= 1 && !sampler.error().message.empty());
    return 0;
  }
  Stream stream(1, "lengths");
  for (int i = 0; i < 16; ++i) {
    const workload::Lengths lengths = (*sampler)->sample(stream);
    require(lengths.prompt_tokens >= 1 && lengths.prompt_tokens <= workload::tokens_max);
    require(lengths.output_tokens >= 1 && lengths.output_tokens <= workload::tokens_max);
  }
  require(!(*sampler)->description().empty());
  return 0;
}
