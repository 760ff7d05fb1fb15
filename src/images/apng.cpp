#include <opencv2/imgproc.hpp>
#include <utility>

#include "images/animation.h"
#include "images/png_file.h"

// After the PNG specification's third edition: fcTL says where and for how long a picture is shown,
// IDAT (of the first one) and fdAT hold its data.

namespace smalti::images {
namespace {

struct Frame {
  cv::Rect place;
  std::int64_t shown_us = 0;
  Disposal disposal = Disposal::kKeep;
  bool over = false;
  std::vector<std::uint8_t> data;  ///< as IDAT has it
};

std::int64_t delay_of(const std::uint8_t* two_numbers) {
  const std::int64_t part = two_numbers[0] << 8 | two_numbers[1];
  const std::int64_t whole = two_numbers[2] << 8 | two_numbers[3];
  return part * 1'000'000 / (whole == 0 ? 100 : whole);
}

Frame read_control(const PngChunk& chunk) {
  constexpr std::size_t kControlSize = 26;
  constexpr std::uint32_t kMost = 1U << 30;
  if (chunk.data.size() != kControlSize) throw BadPicture("broken APNG: odd frame control");
  const std::uint8_t* p = chunk.data.data();
  std::array<int, 4> sides{};
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint32_t side = png_number(p + 4 + 4 * i);
    if (side > kMost) throw BadPicture("broken APNG: odd frame control");
    sides[i] = static_cast<int>(side);
  }
  Frame frame;
  frame.place = {sides[2], sides[3], sides[0], sides[1]};
  frame.shown_us = delay_of(p + 20);
  if (p[24] == 1) frame.disposal = Disposal::kClear;
  if (p[24] == 2) frame.disposal = Disposal::kRestore;
  frame.over = p[25] == 1;
  return frame;
}

class ApngReader : public AnimationReader {
 public:
  std::vector<std::uint8_t> profile() const override { return still_.profile; }

  ApngReader(Bytes bytes, const ImageLimits& limits)
      : limits_(limits),
        still_(take_png_apart(bytes, limits)),
        signature_(bytes.first(kPngSignature)),
        rest_(bytes.subspan(kPngSignature)),
        canvas_({static_cast<int>(still_.width), static_cast<int>(still_.height)}) {
    while (peek().type != "IDAT") {
      const PngChunk chunk = take();
      if (chunk.type == "IHDR") header_.assign(chunk.data.begin(), chunk.data.end());
      const bool keyed = still_.gray_key && chunk.type == "tRNS";
      if (chunk.type == "PLTE" || (chunk.type == "tRNS" && !keyed))
        shared_.insert(shared_.end(), chunk.whole.begin(), chunk.whole.end());
      if (chunk.type == "fcTL") control_ = read_control(chunk);
    }
    // Then it is the still, too.
    if (control_ && control_->place != cv::Rect({0, 0}, canvas_.size()))
      throw BadPicture("broken APNG: its first picture does not fill it");
  }

  std::optional<AnimationPicture> next() override {
    if (!begun_) {
      begun_ = true;
      // A still for those who know no animations counts as the first picture.
      if (!control_) return AnimationPicture{decode_png_parts(still_), clock_.start_of(0)};
    }
    const auto frame = next_frame();
    if (!frame) return std::nullopt;
    cv::Mat pixels = decode(*frame);
    return AnimationPicture{canvas_.draw(pixels, frame->place.tl(), frame->over, frame->disposal),
                            clock_.start_of(frame->shown_us)};
  }

 private:
  PngChunk peek() const { return read_png_chunk(rest_); }
  PngChunk take() {
    const PngChunk chunk = peek();
    chunk.check();
    rest_ = rest_.subspan(chunk.whole.size());
    return chunk;
  }

  std::optional<Frame> next_frame() {
    constexpr std::size_t kSequence = 4;
    std::optional<Frame> frame = std::exchange(control_, std::nullopt);
    for (PngChunk chunk = peek(); chunk.type != "IEND"; chunk = peek()) {
      if (chunk.type == "fcTL" && frame) break;
      take();
      if (chunk.type == "fcTL") frame = read_control(chunk);
      if (!frame) continue;
      if (chunk.type == "IDAT")
        frame->data.insert(frame->data.end(), chunk.data.begin(), chunk.data.end());
      if (chunk.type != "fdAT" || chunk.data.size() < kSequence) continue;
      frame->data.insert(frame->data.end(), chunk.data.begin() + kSequence, chunk.data.end());
    }
    return frame;
  }

  /// RGBA.
  cv::Mat decode(const Frame& frame) const {
    check_claimed_size(frame.place.width, frame.place.height, limits_);
    std::vector<std::uint8_t> header = header_;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto shift = static_cast<int>(24 - 8 * i);
      header[i] = static_cast<std::uint8_t>(frame.place.width >> shift);
      header[4 + i] = static_cast<std::uint8_t>(frame.place.height >> shift);
    }
    PngParts parts = still_;
    parts.picture.assign(signature_.begin(), signature_.end());
    append_png_chunk(parts.picture, "IHDR", header);
    parts.picture.insert(parts.picture.end(), shared_.begin(), shared_.end());
    append_png_chunk(parts.picture, "IDAT", frame.data);
    append_png_chunk(parts.picture, "IEND", {});
    cv::Mat pixels = decode_png_parts(parts);
    if (pixels.channels() == 3) cv::cvtColor(pixels, pixels, cv::COLOR_RGB2RGBA);
    return pixels;
  }

  ImageLimits limits_;
  PngParts still_;
  Bytes signature_;
  Bytes rest_;
  std::vector<std::uint8_t> header_;
  std::vector<std::uint8_t> shared_;  ///< whole chunks: palette and transparency
  std::optional<Frame> control_;      ///< of the frame that comes next
  AnimationCanvas canvas_;
  AnimationClock clock_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<AnimationReader> open_apng(Bytes bytes, const ImageLimits& limits) {
  return std::make_unique<ApngReader>(bytes, limits);
}

}  // namespace smalti::images
