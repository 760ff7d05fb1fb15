#include "products/sheet/contact_sheet.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <opencv2/imgproc.hpp>

#include "images/pixels.h"

namespace smalti {
namespace {

const cv::Scalar kGround = cv::Scalar::all(28);
const cv::Scalar kInk = cv::Scalar::all(214);

constexpr int kFont = cv::FONT_HERSHEY_DUPLEX;
constexpr int kFontUnits = 21;  // height of a capital at scale 1
constexpr int kSmallestLetter = 7;
constexpr int kFiner = 4;  // letters are drawn so many times as large, and reduced

double font_scale(int letter) { return static_cast<double>(letter) / kFontUnits; }

int pen_width(int letter) { return std::max(1, letter / 8); }

int text_width(const std::string& text, int letter) {
  const int finer = letter * kFiner;
  const cv::Size size = cv::getTextSize(text, kFont, font_scale(finer), pen_width(finer), nullptr);
  return (size.width + kFiner - 1) / kFiner;
}

int widest_of(const std::vector<std::string>& captions, int letter) {
  int widest = 0;
  for (const std::string& caption : captions)
    widest = std::max(widest, text_width(caption, letter));
  return widest;
}

// From the top of its capitals to below the tails of its small letters.
int line_height(int letter) { return letter + letter / 2; }

cv::Mat lettering(const std::string& text, int letter, int width) {
  const int finer = letter * kFiner;
  cv::Mat line(line_height(letter) * kFiner, width * kFiner, CV_8UC3, kGround);
  cv::putText(line, text, {0, finer + pen_width(finer) / 2}, kFont, font_scale(finer), kInk,
              pen_width(finer), cv::LINE_AA);
  return images::reduced(line, {width, line_height(letter)});
}

}  // namespace

ContactSheet::ContactSheet(Size picture, int columns, const std::vector<std::string>& captions)
    : picture_(picture), columns_(columns), rows_(static_cast<int>(captions.size()) / columns) {
  assert(!captions.empty() && captions.size() % static_cast<std::size_t>(columns) == 0);
  const int edge = std::max(picture.width, picture.height);
  margin_ = std::max(8, edge / 14);
  gap_ = std::max(6, edge / 24);
  letter_ = std::max(kSmallestLetter, edge / 40);
  while (letter_ > kSmallestLetter && widest_of(captions, letter_) > picture.width) --letter_;
  widest_ = widest_of(captions, letter_);
}

int ContactSheet::column_width() const { return std::max(picture_.width, widest_); }

// Above a row is what separates it from the one before, or from the edge.
int ContactSheet::strip_height(int row) const {
  const int above = row == 0 ? margin_ : gap_;
  const int below = row == rows_ - 1 ? margin_ - letter_ : 0;
  return above + picture_.height + letter_ + line_height(letter_) + std::max(0, below);
}

Size ContactSheet::size() const {
  Size size{2 * margin_ + columns_ * column_width() + (columns_ - 1) * gap_, 0};
  for (int row = 0; row < rows_; ++row) size.height += strip_height(row);
  return size;
}

cv::Mat ContactSheet::strip(int row, const std::vector<Picture>& pictures) const {
  cv::Mat strip(strip_height(row), size().width, CV_8UC3, kGround);
  int x = margin_;
  const int y = row == 0 ? margin_ : gap_;
  for (const Picture& picture : pictures) {
    picture.pixels.copyTo(strip({x, y, picture_.width, picture_.height}));
    const cv::Mat line = lettering(picture.caption, letter_, widest_);
    line.copyTo(strip({x, y + picture_.height + letter_, line.cols, line.rows}));
    x += column_width() + gap_;
  }
  return strip;
}

}  // namespace smalti
