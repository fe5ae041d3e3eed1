#pragma once
// A deployment file: one model on one kind of accelerator, with the engine's settings and, if wanted, a load and
// targets. docs/deployment.md describes every key.

#include <optional>
#include <string>

#include "base/document_edit.h"
#include "base/reader.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "serving/deployment.h"
#include "serving/speculation.h"
#include "serving/targets.h"
#include "workload/lengths.h"
#include "workload/load_file.h"

namespace plumb::serving {

struct DeploymentFile {
  Deployment deployment;
  int replicas = 1;
  std::string router = "round-robin";
  Targets targets;
  workload::LengthSamplerPtr lengths;               ///< null where the file has no [lengths]
  std::optional<workload::LoadTable> load;          ///< [load]
  std::optional<workload::SessionsTable> sessions;  ///< [sessions], in place of [load] and [lengths]
};

/// [assume.*] of the file changes `catalog`.
[[nodiscard]] Result<DeploymentFile> read_deployment(const std::string& path, catalog::Catalog& catalog);
/// The same of a text whose name is its path. Edits of "model" are made to the model's config.json.
[[nodiscard]] Result<DeploymentFile> read_deployment(const Document& document, catalog::Catalog& catalog,
                                                     const DocumentEdits& edits);

/// Reads the settings that vLLM's flags of the same names set, except max_num_seqs and max_num_batched_tokens, which a
/// service file gives as lists. What is absent stays as in `defaults`.
[[nodiscard]] EngineSettings read_engine_settings(Reader& table, EngineSettings defaults = {});

/// Reads `weights` and `cache` (number formats; absent: as the checkpoint has it).
[[nodiscard]] model::Precision read_precision(Reader& table);

/// Reads `config`, relative to `folder`, as a model.
[[nodiscard]] Result<std::shared_ptr<const model::Model>> read_model_at(const std::string& folder,
                                                                        const std::string& config,
                                                                        std::span<const Edit> edits = {});

/// `target` with the drafter that `settings`, read of `table`, ask for; a draft model's config is relative to `folder`.
/// Fault::unmet for why model::with_speculation refuses.
[[nodiscard]] Result<std::shared_ptr<const model::Model>> with_drafter(std::shared_ptr<const model::Model> target,
                                                                       const SpeculationSettings& settings,
                                                                       const Reader& table, const std::string& folder);

/// The folder of a file, with a slash at its end; empty for a bare name.
std::string folder_of(const std::string& path);

/// Applies every table of [assume] to the catalog.
[[nodiscard]] Status read_assumptions(Reader& root, catalog::Catalog& catalog);

}  // namespace plumb::serving
