#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/picture.h"
#include "smalti/sizes.h"

namespace smalti {

/// Pictures of one size in rows, on a dark ground, each with a caption beneath. Letters are strokes
/// (Hershey's), so that the same sheet has the same pixels on every machine. Immutable; any thread.
class ContactSheet {
 public:
  /// One of the sheet's pictures.
  struct Picture {
    cv::Mat pixels;  ///< RGB
    std::string caption;
  };

  /// `captions`: all that there will be, in ASCII; as many as there are columns in each row.
  ContactSheet(Size picture, int columns, const std::vector<std::string>& captions);

  Size size() const;
  int rows() const { return rows_; }

  /// A row of the sheet, from edge to edge; all of them under each other are the sheet. RGB.
  cv::Mat strip(int row, const std::vector<Picture>& pictures) const;

 private:
  int column_width() const;
  int strip_height(int row) const;

  Size picture_;
  int columns_;
  int rows_;
  int margin_;  // around all
  int gap_;     // between columns, and above a row
  int letter_;  // height of a capital
  int widest_;  // caption
};

}  // namespace smalti
