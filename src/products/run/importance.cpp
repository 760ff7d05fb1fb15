#include "products/run/importance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/wording.h"
#include "images/image_loader.h"
#include "match/descriptor.h"
#include "media/scaler.h"
#include "mosaic/cell_planner.h"
#include "smalti/error.h"
#include "tiles/faces.h"

namespace smalti {
namespace {

constexpr std::uint16_t kOnce = mosaic::CellPlanner::kOrdinary;
constexpr int kMostTimes = 8;

// How much of its greatest weight something has at a place: 1 within an ellipse around a face, 0
// beyond a soft border.
double part_at(double x, double y, const Rect& face) {
  constexpr double kAcross = 0.62;  // of the face's width and height: Viola and Jones's boxes end
  constexpr double kDown = 0.75;    // above the chin and beside the ears
  constexpr double kSoft = 0.25;
  const double dx = (x - (face.x + face.width / 2.0)) / (kAcross * face.width);
  const double dy = (y - (face.y + face.height / 2.0)) / (kDown * face.height);
  return std::clamp((1 + kSoft - std::sqrt(dx * dx + dy * dy)) / (2 * kSoft), 0.0, 1.0);
}

std::uint16_t weight_of(double part) {
  return static_cast<std::uint16_t>(kOnce + std::lround(part * kOnce * (kMostTimes - 1)));
}

// Small, as faces are searched for, with square pixels.
Picture as_searched(const Picture& picture, const Grid& fields) {
  constexpr int kLongEdge = 720;
  const Size canvas = fields.canvas();
  const double factor =
      std::min(1.0, static_cast<double>(kLongEdge) / std::max(canvas.width, canvas.height));
  const Size size{std::max(1, static_cast<int>(std::lround(canvas.width * factor))),
                  std::max(1, static_cast<int>(std::lround(canvas.height * factor)))};
  const PixelFormat rgb{ColorModel::kRgb, 8, 0, 0, false};
  return media::Scaler(rgb, {}, size).scaled(picture);
}

void check_shape(const std::string& name, Size mask, Size target) {
  constexpr double kSame = 1.02;
  const double ratio = static_cast<double>(mask.width) * target.height /
                       (static_cast<double>(mask.height) * target.width);
  if (ratio <= kSame && ratio >= 1 / kSame) return;
  throw Error(ErrorKind::kBadInput,
              fmt::format("the mask '{}' has another shape, {}x{}, than the target, {}x{}", name,
                          mask.width, mask.height, target.width, target.height),
              "make it of a copy of the target");
}

}  // namespace

ImportanceFinder::ImportanceFinder(const MosaicOptions& options, const mosaic::Layout& layout) {
  const Importance wanted =
      options.importance.value_or(options.mask ? Importance::kMask : Importance::kFaces);
  if ((wanted == Importance::kMask) != options.mask.has_value())
    throw Error(ErrorKind::kUsage,
                options.mask ? worded("{mask} has no effect: {importance} says something else")
                             : worded("{importance} mask needs a mask"),
                options.mask ? "leave one of them out" : worded("name it with {mask}"));
  if (wanted == Importance::kFaces) faces_ = std::make_unique<tiles::ShownFaces>();
  if (!options.mask) return;
  const std::string name = options.mask->string();
  const Picture mask = images::decode_image(images::read_file(*options.mask), name, {}).picture;
  check_shape(name, mask.size(), layout.target);
  mask_ = mosaic::shown_part(mask, layout);
}

std::unique_ptr<ImportanceFinder> importance_finder(const MosaicOptions& options,
                                                    const mosaic::Layout& layout) {
  if (layout.merge_to > 0) return std::make_unique<ImportanceFinder>(options, layout);
  if (!options.from_placements && (options.importance || options.mask))
    throw Error(ErrorKind::kUsage,
                fmt::format("{} has no effect: all cells are equal",
                            options.mask ? worded("{mask}") : worded("{importance}")),
                worded("leave it out, or say how many cells there are with {cells}"));
  return nullptr;
}

ImportanceFinder::~ImportanceFinder() = default;

std::vector<std::uint16_t> ImportanceFinder::of(const Picture& picture, const Grid& fields) {
  std::vector<std::uint16_t> weights;
  if (!mask_.empty()) {
    constexpr double kWhite = 100 * color::kLabScale;
    const MatchOptions means{1, ColorSpace::kLab, Feature::kMean};
    const match::DescriptorTable seen = match::describe(mask_, fields, means);
    for (std::size_t i = 0; i < seen.size(); ++i)
      weights.push_back(weight_of(std::clamp(seen[i][0] / kWhite, 0.0, 1.0)));
  }
  if (!faces_) return weights;
  const Picture searched = as_searched(picture, fields);
  const std::vector<Rect> faces = faces_->in(searched);
  if (faces.empty()) return weights;
  for (int row = 0; row < fields.rows(); ++row) {
    for (int column = 0; column < fields.columns(); ++column) {
      const double x = (column + 0.5) * searched.width / fields.columns();
      const double y = (row + 0.5) * searched.height / fields.rows();
      double most = 0;
      for (const Rect& face : faces) most = std::max(most, part_at(x, y, face));
      weights.push_back(weight_of(most));
    }
  }
  return weights;
}

}  // namespace smalti
