#include "images/orientation.h"

#include <libexif/exif-data.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

namespace smalti::images {
namespace {

constexpr std::array<std::uint8_t, 6> kExifStart = {'E', 'x', 'i', 'f', 0, 0};

struct ExifDataDeleter {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};
using UniqueExifData = std::unique_ptr<ExifData, ExifDataDeleter>;

int orientation_of(const ExifData& exif, ExifByteOrder order) {
  const ExifEntry* entry = exif_content_get_entry(exif.ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
  const int orientation = exif_get_short(entry->data, order);
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

std::string date_of(const ExifData& exif) {
  const ExifEntry* entry =
      exif_content_get_entry(exif.ifd[EXIF_IFD_EXIF], EXIF_TAG_DATE_TIME_ORIGINAL);
  if (entry == nullptr) entry = exif_content_get_entry(exif.ifd[EXIF_IFD_0], EXIF_TAG_DATE_TIME);
  if (entry == nullptr || entry->format != EXIF_FORMAT_ASCII) return {};
  return checked_exif_date({reinterpret_cast<const char*>(entry->data), entry->size});
}

}  // namespace

bool is_exif_block(std::span<const std::uint8_t> block) {
  return block.size() >= kExifStart.size() &&
         std::equal(kExifStart.begin(), kExifStart.end(), block.begin());
}

std::string checked_exif_date(std::string_view text) {
  constexpr std::string_view kForm = "0000:00:00 00:00:00";
  text = text.substr(0, kForm.size());
  const bool fits =
      std::equal(text.begin(), text.end(), kForm.begin(), kForm.end(),
                 [](char c, char form) { return form == '0' ? c >= '0' && c <= '9' : c == form; });
  return fits ? std::string(text) : std::string();
}

ExifFacts read_exif(std::span<const std::uint8_t> block) {
  // PNG and WebP leave out the start that libexif looks for.
  std::vector<std::uint8_t> started;
  if (!is_exif_block(block)) {
    started.assign(kExifStart.begin(), kExifStart.end());
    started.insert(started.end(), block.begin(), block.end());
    block = started;
  }
  if (block.size() > std::numeric_limits<unsigned>::max()) return {};
  const UniqueExifData exif(
      exif_data_new_from_data(block.data(), static_cast<unsigned>(block.size())));
  if (!exif) return {};
  return {orientation_of(*exif, exif_data_get_byte_order(exif.get())), date_of(*exif)};
}

cv::Mat upright(const cv::Mat& stored, int orientation) {
  constexpr int kBothAxes = -1;
  constexpr int kTopToBottom = 0;
  constexpr int kLeftToRight = 1;
  cv::Mat turned;
  switch (orientation) {
    case 2:
      cv::flip(stored, turned, kLeftToRight);
      return turned;
    case 3:
      cv::flip(stored, turned, kBothAxes);
      return turned;
    case 4:
      cv::flip(stored, turned, kTopToBottom);
      return turned;
    case 5:
      cv::transpose(stored, turned);
      return turned;
    case 6:
      cv::rotate(stored, turned, cv::ROTATE_90_CLOCKWISE);
      return turned;
    case 7:
      cv::transpose(stored, turned);
      cv::flip(turned, turned, kBothAxes);
      return turned;
    case 8:
      cv::rotate(stored, turned, cv::ROTATE_90_COUNTERCLOCKWISE);
      return turned;
    default:
      return stored;
  }
}

}  // namespace smalti::images
