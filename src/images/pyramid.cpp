#include "images/pyramid.h"

#include <algorithm>

// Each picture of a pyramid is made of the one before (Williams 1983: "Pyramidal parametrics"): the
// mean of four means is the mean of all, so nothing is lost but rounding and some weight at odd
// edges, and a row of each size is all that must be kept while a picture of any height goes by.
// Colours count as much as they are opaque, as Porter and Duff (1984) weigh them; otherwise what
// lies unseen under transparent pixels would shine through at the edges of the smaller picture.

namespace smalti::images {
namespace {

struct Block {
  const std::uint8_t* upper_left;
  const std::uint8_t* upper_right;
  const std::uint8_t* lower_left;
  const std::uint8_t* lower_right;
};

std::uint8_t mean(const Block& b, int c) {
  const int sum = b.upper_left[c] + b.upper_right[c] + b.lower_left[c] + b.lower_right[c];
  return static_cast<std::uint8_t>((sum + 2) / 4);
}

std::uint8_t weighted_mean(const Block& b, int c) {
  int sum = 0;
  int weight = 0;
  for (const std::uint8_t* p : {b.upper_left, b.upper_right, b.lower_left, b.lower_right}) {
    sum += p[c] * p[3];
    weight += p[3];
  }
  return static_cast<std::uint8_t>(weight == 0 ? 0 : (sum + weight / 2) / weight);
}

template <int kChannels>
void average_block(const Block& b, std::uint8_t* to) {
  for (int c = 0; c < 3; ++c) to[c] = kChannels == 4 ? weighted_mean(b, c) : mean(b, c);
  if (kChannels == 4) to[3] = mean(b, 3);
}

template <int kChannels>
void average_rows(const std::uint8_t* upper, const std::uint8_t* lower, int width,
                  std::uint8_t* to) {
  for (int x = 0; x < width / 2; ++x) {
    average_block<kChannels>({upper, upper + kChannels, lower, lower + kChannels}, to);
    upper += 2 * kChannels;
    lower += 2 * kChannels;
    to += kChannels;
  }
  if (width % 2 != 0) average_block<kChannels>({upper, upper, lower, lower}, to);
}

}  // namespace

Size halved(Size size) {
  return {size.width / 2 + size.width % 2, size.height / 2 + size.height % 2};
}

std::vector<Size> pyramid_sizes(Size size, int edge) {
  std::vector<Size> sizes = {size};
  while (std::max(sizes.back().width, sizes.back().height) > edge)
    sizes.push_back(halved(sizes.back()));
  return sizes;
}

Halver::Halver(Size size, int channels)
    : size_(size),
      channels_(channels),
      upper_(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(channels)),
      halved_(static_cast<std::size_t>(halved(size).width) * static_cast<std::size_t>(channels)) {}

const std::uint8_t* Halver::push(const std::uint8_t* row) {
  const bool is_lower = rows_ % 2 != 0;
  const bool is_last = ++rows_ == size_.height;
  if (is_lower) {
    average(upper_.data(), row);
  } else if (is_last) {
    average(row, row);
  } else {
    std::copy_n(row, upper_.size(), upper_.data());
    return nullptr;
  }
  return halved_.data();
}

void Halver::average(const std::uint8_t* upper, const std::uint8_t* lower) {
  const auto average = channels_ == 4 ? average_rows<4> : average_rows<3>;
  average(upper, lower, size_.width, halved_.data());
}

}  // namespace smalti::images
