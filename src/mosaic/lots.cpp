#include "mosaic/lots.h"

#include <algorithm>
#include <cmath>

namespace smalti::mosaic {
namespace {

// Shares are compared as integers, so that no float decides.
constexpr int kShareBits = 16;

std::int64_t fixed_share(double share) { return std::llround(std::ldexp(share, kShareBits)); }

}  // namespace

std::uint64_t mixed(std::uint64_t v) {
  v += 0x9E3779B97F4A7C15U;
  v = (v ^ v >> 30) * 0xBF58476D1CE4E5B9U;
  v = (v ^ v >> 27) * 0x94D049BB133111EBU;
  return v ^ v >> 31;
}

Lots::Lots(const SelectOptions& options, std::int64_t shot)
    : options_(options), shot_(static_cast<std::uint64_t>(shot)) {}

std::uint64_t Lots::number(std::size_t cell, std::uint64_t purpose) const {
  return mixed(mixed(mixed(options_.seed) ^ shot_) ^ (cell * 4 + purpose));
}

bool Lots::takes_any(std::size_t cell) const {
  return options_.randomness > 0 &&
         static_cast<std::int64_t>(number(cell, 2) >> (64 - kShareBits)) <
             fixed_share(options_.randomness);
}

std::size_t Lots::any_of(std::size_t tiles, std::size_t cell) const {
  return number(cell, 3) % tiles;
}

std::size_t Lots::one_of(const std::vector<match::Candidate>& best, std::size_t cell) const {
  const std::uint64_t lot = number(cell, 1);
  if (!options_.weigh_by_distance) return lot % best.size();
  std::vector<std::uint64_t> until;
  std::uint64_t sum = 0;
  for (const match::Candidate& c : best)
    until.push_back(sum += (std::uint64_t{1} << 40) / (static_cast<std::uint64_t>(c.distance) + 1));
  const auto at = std::upper_bound(until.begin(), until.end(), lot % sum);
  return static_cast<std::size_t>(at - until.begin());
}

}  // namespace smalti::mosaic
