#include "mosaic/select_rules.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "base/wording.h"
#include "smalti/error.h"

namespace smalti::mosaic {
namespace {

[[noreturn]] void refuse(const std::string& why, const std::string& hint) {
  throw Error(ErrorKind::kUsage, why, hint);
}

// "1000 tiles", or "83 different tiles" where others count as one of them.
std::string counted(std::size_t tiles, std::size_t different) {
  return fmt::format("{}{} tiles", different, different < tiles ? " different" : "");
}

void check(const SelectOptions& o, std::size_t cells, std::size_t tiles, std::size_t different) {
  if (o.spacing < 0) refuse("a spacing below 0 has no meaning", "leave it out");
  if (o.best_k < 1)
    refuse("each cell must choose from one tile at least", worded("{best-k} starts at 1"));
  if (static_cast<std::size_t>(o.best_k) > tiles)
    refuse(fmt::format("each cell cannot choose from {} tiles: there are {}", o.best_k, tiles),
           fmt::format("{} goes up to {} here", worded("{best-k}"), tiles));
  if (o.ssim_k < 1)
    refuse("each cell must choose from one tile at least", worded("{ssim-k} starts at 1"));
  if (static_cast<std::size_t>(o.ssim_k) > tiles)
    refuse(fmt::format("each cell cannot choose from {} tiles: there are {}", o.ssim_k, tiles),
           fmt::format("{} goes up to {} here", worded("{ssim-k}"), tiles));
  if (o.ssim_k > 1 && o.repeat_penalty > 1)
    refuse(fmt::format("a repeat penalty of {} has no meaning with {}", o.repeat_penalty,
                       worded("{ssim-k}")),
           "an SSIM is 1 at most: try 0.03 to 0.15");
  if (!(o.randomness >= 0 && o.randomness < 1))
    refuse(fmt::format("a randomness of {} has no meaning", o.randomness),
           "choose it from 0 to below 1");
  if (!(o.repeat_penalty >= 0 && o.repeat_penalty <= 1000))
    refuse(fmt::format("a repeat penalty of {} has no meaning", o.repeat_penalty),
           "choose it from 0 to 1000");
  if (o.max_uses && *o.max_uses < 1) refuse("tiles must be used at least once", "leave it out");
  if (o.max_uses && static_cast<std::uint64_t>(*o.max_uses) * different < cells)
    refuse(fmt::format("{} cells cannot be filled with {} and {} {}", cells,
                       counted(tiles, different), worded("{max-uses}"), *o.max_uses),
           fmt::format("take fewer cells, more tiles, or {} {}", worded("{max-uses}"),
                       (cells + different - 1) / different));
}

void check_together(const SelectOptions& o, std::size_t cells, std::size_t tiles,
                    std::size_t different) {
  const bool lots = o.best_k > 1 || o.randomness > 0;
  if (o.ssim_k > 1 && (o.best_k > 1 || o.unique || o.use_all))
    refuse(
        worded("{ssim-k} chooses one tile of several, and so do {best-k}, {unique} and {use-all}"),
        "leave out all but one of them");
  if (o.unique && (o.use_all || o.max_uses || o.repeat_penalty > 0 || lots))
    refuse(worded("{unique} leaves no room for other rules about uses, nor for lots"),
           worded("leave out {use-all}, {max-uses}, {repeat-penalty}, {best-k} and {randomness}, "
                  "or {unique}"));
  if (o.use_all && (o.max_uses || lots))
    refuse(worded("{use-all} contradicts caps and lots"),
           worded("leave out {max-uses}, {best-k} and {randomness}, or {use-all}"));
  if (o.unique && cells > different)
    refuse(fmt::format("{} cells cannot each have a tile of their own: there are {}", cells,
                       counted(tiles, different)),
           worded("take fewer cells with {columns}, or more tiles"));
  if (o.use_all && different > cells)
    refuse(
        fmt::format("{} cannot all be used: there are {} cells", counted(tiles, different), cells),
        worded("take more cells with {columns}, or leave out {use-all}"));
}

}  // namespace

void check_controls(const SelectOptions& options, std::size_t cells, std::size_t tiles,
                    std::size_t different) {
  check(options, cells, tiles, different);
  check_together(options, cells, tiles, different);
}

}  // namespace smalti::mosaic
