#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "images/animation.h"

// Through giflib, a row at a time: nothing but the canvas and one picture is held in memory.

namespace smalti::images {
namespace {

struct GifCloser {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

struct Source {
  Bytes bytes;
  std::size_t position = 0;
};

int read_source(GifFileType* gif, GifByteType* to, int count) {
  auto& source = *static_cast<Source*>(gif->UserData);
  const std::size_t size =
      std::min(source.bytes.size() - source.position, static_cast<std::size_t>(std::max(count, 0)));
  if (size > 0) std::memcpy(to, source.bytes.data() + source.position, size);
  source.position += size;
  return static_cast<int>(size);
}

constexpr int kNoTransparency = NO_TRANSPARENT_COLOR;

struct Control {
  int transparent = kNoTransparency;
  std::int64_t shown_us = 0;
  Disposal disposal = Disposal::kKeep;
};

Disposal disposal_of(int mode) {
  if (mode == DISPOSE_BACKGROUND) return Disposal::kClear;
  return mode == DISPOSE_PREVIOUS ? Disposal::kRestore : Disposal::kKeep;
}

class GifReader : public AnimationReader {
 public:
  GifReader(Bytes bytes, const ImageLimits& limits) : limits_(limits), source_{bytes} {
    int error = 0;
    gif_.reset(DGifOpen(&source_, read_source, &error));
    if (!gif_) refuse(error);
    check_claimed_size(gif_->SWidth, gif_->SHeight, limits);
    canvas_.emplace(size());
  }

  Size size() const { return {gif_->SWidth, gif_->SHeight}; }

  std::optional<AnimationPicture> next() override {
    if (!go_to_next()) return std::nullopt;
    const cv::Mat rgba = read_picture();
    const GifImageDesc& place = gif_->Image;
    const Control control = std::exchange(control_, {});
    return AnimationPicture{canvas_->draw(rgba, {place.Left, place.Top}, true, control.disposal),
                            clock_.start_of(control.shown_us)};
  }

  /// Goes on to the beginning of the next picture, when there is one. What follows the last whole
  /// one may be missing.
  bool go_to_next() {
    while (!ended_) {
      GifRecordType type = UNDEFINED_RECORD_TYPE;
      if (DGifGetRecordType(gif_.get(), &type) == GIF_ERROR) break;
      if (type == IMAGE_DESC_RECORD_TYPE) {
        begun_ = true;
        return true;
      }
      if (type == EXTENSION_RECORD_TYPE && !read_extension()) break;
      if (type == TERMINATE_RECORD_TYPE) break;
    }
    ended_ = true;
    if (!begun_) throw BadPicture("holds no picture, or breaks off before it");
    return false;
  }

 private:
  [[noreturn]] static void refuse(int error) {
    if (error == D_GIF_ERR_READ_FAILED || error == D_GIF_ERR_EOF_TOO_SOON)
      throw BadPicture("breaks off in mid-picture");
    if (error == D_GIF_ERR_NOT_ENOUGH_MEM) throw std::bad_alloc();
    const char* reason = GifErrorString(error);
    throw BadPicture(std::string("broken GIF: ") + (reason == nullptr ? "unknown" : reason));
  }

  bool read_extension() {
    int code = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(gif_.get(), &code, &block) == GIF_ERROR) return false;
    while (block != nullptr) {
      GraphicsControlBlock control;
      if (code == GRAPHICS_EXT_FUNC_CODE &&
          DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
        constexpr std::int64_t kUnit_us = 10'000;
        control_ = {control.TransparentColor, control.DelayTime * kUnit_us,
                    disposal_of(control.DisposalMode)};
      }
      if (DGifGetExtensionNext(gif_.get(), &block) == GIF_ERROR) return false;
    }
    return true;
  }

  /// RGBA.
  cv::Mat read_picture() {
    GifFileType* gif = gif_.get();
    if (DGifGetImageDesc(gif) == GIF_ERROR) refuse(gif->Error);
    const GifImageDesc& place = gif->Image;
    // It may be larger than the canvas.
    check_claimed_size(place.Width, place.Height, limits_);
    const ColorMapObject* colors = place.ColorMap != nullptr ? place.ColorMap : gif->SColorMap;
    if (colors == nullptr) throw BadPicture("broken GIF: it has no colours");
    cv::Mat rgba(place.Height, place.Width, CV_8UC4);
    std::vector<GifPixelType> row(static_cast<std::size_t>(place.Width));
    for (const int y : rows_in_order(place.Height, place.Interlace)) {
      if (DGifGetLine(gif, row.data(), place.Width) == GIF_ERROR) refuse(gif->Error);
      auto* to = rgba.ptr<cv::Vec4b>(y);
      for (std::size_t x = 0; x < row.size(); ++x) to[x] = color_of(row[x], *colors);
    }
    return rgba;
  }

  cv::Vec4b color_of(int index, const ColorMapObject& colors) const {
    if (index == control_.transparent || index >= colors.ColorCount) return {0, 0, 0, 0};
    const GifColorType& color = colors.Colors[index];
    return {color.Red, color.Green, color.Blue, 255};
  }

  static std::vector<int> rows_in_order(int height, bool interlaced) {
    struct Pass {
      int first;
      int step;
    };
    constexpr std::array<Pass, 4> kPasses = {{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
    std::vector<int> rows;
    rows.reserve(static_cast<std::size_t>(height));
    if (!interlaced)
      for (int y = 0; y < height; ++y) rows.push_back(y);
    for (const Pass& pass : kPasses)
      for (int y = pass.first; interlaced && y < height; y += pass.step) rows.push_back(y);
    return rows;
  }

  ImageLimits limits_;
  Source source_;
  std::unique_ptr<GifFileType, GifCloser> gif_;
  std::optional<AnimationCanvas> canvas_;
  Control control_;
  AnimationClock clock_;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace

DecodedImage decode_gif(Bytes bytes, const DecodeRequest& request) {
  GifReader reader(bytes, request.limits);
  const cv::Mat pixels = reader.next()->pixels;
  return {pixels, reader.size(), {}, {}, reader.go_to_next()};
}

std::unique_ptr<AnimationReader> open_gif(Bytes bytes, const ImageLimits& limits) {
  return std::make_unique<GifReader>(bytes, limits);
}

}  // namespace smalti::images
