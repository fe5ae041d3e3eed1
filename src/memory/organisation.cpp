#include "memory/organisation.h"

namespace plumb::memory {
namespace {

/// Banks in one node of a level.
int banks_in(const Organisation& of, Level level) {
  switch (level) {
    case Level::channel: return of.banks();
    case Level::pseudo_channel: return of.banks_per_pseudo_channel();
    case Level::rank: return of.banks_per_rank();
    case Level::bank_group: return of.banks_per_group;
    case Level::bank: return 1;
  }
  return 1;
}

}  // namespace

int Organisation::nodes(Level level) const { return banks() / banks_in(*this, level); }
int Organisation::node_of(Level level, int bank) const { return bank / banks_in(*this, level); }

}  // namespace plumb::memory
