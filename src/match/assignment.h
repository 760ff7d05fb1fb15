#pragma once

#include <vector>

#include "match/descriptor.h"
#include "match/tile_index.h"

namespace smalti::match {

/// Gives every query a tile of its own, so that the sum of distances is the least possible. Exact:
/// shortest augmenting paths (Jonker and Volgenant 1987) over each query's nearest tiles, whose
/// lists grow until the dual values prove that no tile outside of them would do better. There must
/// be at least as many tiles as queries. A query may have several descriptors, as a tile of the
/// index may. The same answer on every machine. Any thread.
std::vector<Candidate> assign_distinct(const TileIndex& tiles, const DescriptorTable& queries,
                                       std::size_t alternatives = 1);

}  // namespace smalti::match
