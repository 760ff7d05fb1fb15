#include "cli/flags/suggest.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace smalti::cli {
namespace {

// Optimal string alignment: like Levenshtein's distance, two swapped neighbours counting once.
std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1];
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::move(last);
    last = std::move(row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> did_you_mean(const std::string& typed,
                                        const std::vector<std::string>& names) {
  constexpr std::size_t kShortestPrefix = 4;  // with the two dashes
  std::optional<std::string> best;
  std::size_t fewest = std::max<std::size_t>(1, typed.size() / 3) + 1;
  std::size_t beginnings = 0;
  for (const std::string& name : names) {
    if (typed.size() >= kShortestPrefix && name.starts_with(typed)) {
      ++beginnings;
      best = name;
      fewest = 0;
    } else if (const std::size_t count = edits(typed, name); count < fewest) {
      fewest = count;
      best = name;
    }
  }
  return beginnings > 1 ? std::nullopt : best;
}

}  // namespace smalti::cli
