#include "cli/match_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/job_flags.h"
#include "smalti/mosaic_job.h"

namespace smalti::cli {
namespace {

constexpr std::array kSizes = {1, 2, 4, 6, 8};

const std::map<std::string, ColorSpace> kSpaces = {{"lab", ColorSpace::kLab},
                                                   {"oklab", ColorSpace::kOklab},
                                                   {"rgb", ColorSpace::kRgb},
                                                   {"linear", ColorSpace::kLinear}};

const std::map<std::string, Feature> kFeatures = {{"patch", Feature::kPatch},
                                                  {"mean", Feature::kMean},
                                                  {"dominant", Feature::kDominant},
                                                  {"palette", Feature::kPalette}};

template <typename Value>
std::string name_of(const std::map<std::string, Value>& names, Value value) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const auto& name) { return name.second == value; });
  return found->first;
}

}  // namespace

MatchFlags::MatchFlags(CLI::App& app, const char* group, MatchOptions& options)
    : app_(app), options_(options) {
  auto* size =
      app.add_option("--match-size", options.size,
                     fmt::format("Compare M x M blocks of tiles and cells: 1, 2, 4, 6 or 8 "
                                 "(default: {}); more see finer structure, fewer colour "
                                 "alone",
                                 options.size))
          ->type_name("M")
          ->group(group)
          ->check(CLI::IsMember(kSizes).description(""));
  app.add_option("--match-space", options.space,
                 fmt::format("Compare colours in lab, oklab, rgb or linear (default: {})",
                             name_of(kSpaces, options.space)))
      ->type_name("NAME")
      ->group(group)
      ->transform(CLI::CheckedTransformer(kSpaces, CLI::ignore_case).description(""));
  app.add_option("--feature", options.feature,
                 "What of a tile is compared: patch (its blocks; the default), mean (its mean "
                 "colour), dominant (its most common colour) or palette (the nearest of its main "
                 "colours); dominant and palette suit emoji and sprites")
      ->type_name("NAME")
      ->group(group)
      ->transform(CLI::CheckedTransformer(kFeatures, CLI::ignore_case).description(""));
  app.add_option("--vectorization-factor", factor_)
      ->group(kHidden)
      ->check(in_range(1.0, 1000.0))
      ->excludes(size);
}

void MatchFlags::resolve() {
  if (options_.feature != Feature::kPatch) {
    const std::string feature = "--feature " + name_of(kFeatures, options_.feature);
    for (const char* blocks : {"--match-size", "--vectorization-factor"})
      if (given(app_, blocks)) refuse_without_effect(blocks, feature);
  }
  if (!given(app_, "--vectorization-factor")) return;
  const double most = MosaicOptions().match.size / factor_;
  for (const int size : kSizes)
    if (size == kSizes.front() || size <= most) options_.size = size;
}

std::string match_text(const MatchOptions& options) {
  const MatchOptions usual = MosaicOptions().match;
  std::string text;
  if (options.feature != usual.feature) text += " --feature " + name_of(kFeatures, options.feature);
  if (options.feature == Feature::kPatch && options.size != usual.size)
    text += fmt::format(" --match-size {}", options.size);
  if (options.space != usual.space) text += " --match-space " + name_of(kSpaces, options.space);
  return text;
}

}  // namespace smalti::cli
