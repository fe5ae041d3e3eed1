#pragma once
// What the catalog says of an accelerator. Compute rates are dense. A capacity that a vendor prints in GB is in GiB for
// the parts whose memory dies come in powers of two; the file of each says which.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/document.h"
#include "base/number_format.h"
#include "base/quantity.h"
#include "catalog/figure.h"

namespace plumb::catalog {

enum class PriceKind { purchase, rent };

/// A price band at a date; `low` and `high` equal `value` where the source gives one number.
template <class Money>
struct Price {
  Figure<Money> figure;
  Money low, high;
  std::string date;  ///< "2026-03", "2024", or "undated"
};

struct Accelerator {
  std::string name;   ///< the file's name without .toml: "h100-sxm"
  std::string title;  ///< "NVIDIA H100 SXM5 80GB"
  std::string vendor;
  std::vector<std::string> aliases;          ///< other names of the same product, as results and sheets write it
  std::vector<std::string> aliases_assumed;  ///< names that say less than this product, for which it is taken: "H100"
  std::string efficiency_class;              ///< name of the EfficiencyClass it runs at: "gpu", "npu", "tpu", "cpu"
  int year = 0;                              ///< of introduction; 0 is unknown
  std::string process;
  std::vector<std::string> notes;

  std::map<NumberFormat, Figure<FlopsPerSecond>> compute;  ///< formats it multiplies in

  std::string memory_kind;           ///< name of a Memory: "hbm3"
  std::string memory_specification;  ///< how it runs that memory, "hbm3:5200"; empty: as the memory's file says
  /// The specification that it was sold with, where somebody has put another memory in; else empty. Its class's share
  /// of bandwidth holds for that one (accelerator/memory_share.h).
  std::string sold_with;
  /// How memory that computes is used (accelerator/pim_offload.h): the table [pim]. Absent: all that the accelerator's
  /// own memory can do.
  struct Pim {
    std::string memory;    ///< a specification with units, in memories beside the accelerator; empty: its own memory
    Known<double> stacks;  ///< of it; absent: memory_stacks
    bool linear = true, expert = true, attention = true;  ///< families of operators that may be computed there
    Known<BytesPerSecond> bandwidth;  ///< of the link to memories beside it, per direction; absent: their pins alone
    Known<double> vectors;            ///< of processors that keep what they took from banks; absent: one by one
    bool always = false;              ///< the host has none of what units can do
    bool ideal = false;               ///< units work at their full rate, without a thought of commands
    bool split = false;    ///< products that units do are shared with the host, which does its part meanwhile
    bool overlap = false;  ///< attention in memory runs beside the products of its layer's heads
    Place place;
  };
  std::optional<Pim> pim;
  Known<double> memory_stacks;
  Known<Bytes> memory_capacity;
  Known<BytesPerSecond> memory_bandwidth;
  Known<Bytes> sram;  ///< the largest on-chip memory
  std::string sram_kind;

  std::string link;                      ///< name of a Link: "nvlink4"
  Known<BytesPerSecond> link_bandwidth;  ///< per direction, all links of one accelerator together
  int scale_up_ranks = 1;  ///< accelerators that the link joins in one domain (8 in an HGX board, 72 in an NVL72 rack)

  Known<Watts> power;  ///< thermal design power
  std::vector<Price<Dollars>> purchase;
  std::vector<Price<DollarsPerSecond>> rent;

  /// How it runs its memory: "hbm3:5200", or the memory's name where nothing else is said.
  const std::string& specification() const { return memory_specification.empty() ? memory_kind : memory_specification; }

  Place place;                                  ///< its file
  Place class_place, memory_place, link_place;  ///< where it names those
};

/// A memory technology. Its commands and timings stand in the same file, in the table [dram]: the memory room reads it.
struct Memory {
  std::string name, title;
  int year = 0;  ///< of the first products; 0 is unknown
  Known<double> pin_rate_gbit_s;
  Known<double> io_width_bits;
  Known<Bytes> capacity;            ///< of a stack or package, the usual configuration
  Known<BytesPerSecond> bandwidth;  ///< of a stack or package
  Known<JoulesPerByte> energy;
  std::vector<Price<DollarsPerByte>> prices;
  /// The specification of the same memory with units that compute, "hbm3-pim"; empty: none is known.
  std::string pim;
  /// Of a memory that is another's `pim`: what a stack costs over one of that other with as many dies. A band.
  struct Premium {
    Figure<double> figure;
    double low = 1.0, high = 1.0;
  };
  std::optional<Premium> price_premium;
  std::vector<std::string> notes;
  Place place;
  std::optional<Document> document;  ///< its file
  /// As its file has it, where an edit has put this in its place (Catalog::put); else null.
  std::shared_ptr<const Memory> unedited;
};

/// What joins accelerators.
struct Link {
  std::string name, title;
  Known<Seconds> latency;           ///< of one hop for a small message, software included
  Known<Seconds> exchange_latency;  ///< of an all-to-all of few tokens among a domain's ranks; absent: as one hop
  Known<double> efficiency;         ///< share of the link's bandwidth that large messages reach
  bool ring_only = false;           ///< all-reduces go round, however small the message
  std::vector<std::string> notes;
  Place place;
};

/// A kind of memory below an accelerator's own that keeps caches: what its link does for one accelerator.
struct Tier {
  std::string name, title;
  Figure<BytesPerSecond> read_bandwidth;   ///< to the accelerator
  Figure<BytesPerSecond> write_bandwidth;  ///< from the accelerator
  Figure<Seconds> latency;                 ///< of a transfer
  std::vector<std::string> notes;
  Place place;
};

/// Parameters that accelerators of a class share. Shares of products and launches are those of kernels that nobody has
/// fitted (kernel_fit.h). Equations: accelerator/roofline.h.
struct EfficiencyClass {
  std::string name, title;
  Figure<double> gemm;                ///< share of peak compute that large products sustain
  Figure<double> attention;           ///< the same for prefill attention
  Figure<double> expert;              ///< the same for grouped expert products
  Figure<double> bandwidth;           ///< share of peak memory bandwidth that streaming sustains
  Known<double> memory_queue;         ///< requests that a channel of its memory chooses from; absent: the memory's own
  Figure<double> tile_rows;           ///< rows of the tiles that a product is cut into; rows are padded to it
  Known<double> concurrent_tiles;     ///< tiles that run at once: required of a class that has tile_edges
  std::vector<double> tile_edges;     ///< of machines whose units share the memory (accelerator/tiling.h); else empty
  Figure<Seconds> launch;             ///< per operator, back to back
  Known<Seconds> elementwise_launch;  ///< the same of element-wise operators; absent: as `launch`
  Known<Seconds> eager_launch;        ///< per operator that the host launches alone; absent: not slower
  Figure<Seconds> step_overhead;      ///< per step: scheduling, sampling, launch of the step's graph
  Figure<Seconds> sequence_overhead;  ///< per sequence of a step: input preparation, what output holds the engine up
  Known<Seconds> detokenisation;      ///< per output token, beside the engine; absent: never what it waits for
  Figure<double> memory_reserve;      ///< share of memory kept back for activations, graphs and fragmentation
  std::vector<std::string> notes;
  Place place;
};

}  // namespace plumb::catalog
