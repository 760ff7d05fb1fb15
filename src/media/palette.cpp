#include "media/palette.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <vector>

// libavfilter's palettegen chooses colours by median cut (Heckbert 1982) from all pixels that it is
// shown, on one thread, and that was a third of a sweep's time. It is shown a histogram's worth
// instead (color_histogram.h): the mean colour of each bin of 6 bits a component, as often, in
// proportion, as it was seen. On sweeps of photos that comes as near to the mosaics (PSNR within
// 0.1 dB, and up to 1 dB nearer in means of 8 x 8 pixels) at a tenth of the time (tools/bench
// sweep), and serves any number of colours without looking at the frames again. Where there are no
// more colours than the palette has room for, the palette is those, and nothing is dithered.

#include "base/packed.h"

namespace smalti::media {
namespace {

constexpr const char* kAction = "cannot set up the filters that choose colours";
constexpr const char* kChoosing = "cannot choose colours";
constexpr int kPaletteSide = 16;
constexpr std::uint32_t kOpaque = 0xff000000;

// Packed, as the palette filters take it.
UniqueFrame rgb32_frame(Size size, std::int64_t pts) {
  UniqueFrame frame = make_frame();
  frame->format = AV_PIX_FMT_RGB32;
  frame->width = size.width;
  frame->height = size.height;
  frame->pts = pts;
  check(av_frame_get_buffer(frame.get(), 0), "cannot take up a frame");
  return frame;
}

std::uint32_t* row_of(AVFrame& frame, int y) {
  return reinterpret_cast<std::uint32_t*>(frame.data[0] + std::ptrdiff_t{y} * frame.linesize[0]);
}

UniqueFrame packed(const Picture& rgb, std::int64_t pts) {
  UniqueFrame frame = rgb32_frame(rgb.size(), pts);
  for (int y = 0; y < rgb.height; ++y) pack_argb_row(rgb, y, row_of(*frame, y));
  return frame;
}

// The colours one after the other, as often as needed to fill the frame.
template <typename Colors>
void fill_with(const Colors& colors, AVFrame& frame) {
  auto next = colors.begin();
  for (int y = 0; y < frame.height; ++y) {
    for (int x = 0; x < frame.width; ++x) {
      row_of(frame, y)[x] = kOpaque | *next;
      if (++next == colors.end()) next = colors.begin();
    }
  }
}

UniqueFrame palette_of(const std::set<std::uint32_t>& colors) {
  UniqueFrame frame = rgb32_frame({kPaletteSide, kPaletteSide}, 0);
  fill_with(colors, *frame);
  return frame;
}

// A picture with these colours, as often by the million as they are in all. palettegen compares a
// pixel with many others, and sorts all colours again and again, on one thread.
UniqueFrame sample_of(const std::vector<color::ColorHistogram::Bin>& bins) {
  constexpr double kPixels = 1 << 20;
  constexpr int kWidth = 16;
  const std::uint64_t all = std::accumulate(
      bins.begin(), bins.end(), std::uint64_t{0},
      [](std::uint64_t sum, const color::ColorHistogram::Bin& bin) { return sum + bin.pixels; });
  const double share = std::min(1.0, kPixels / static_cast<double>(all));
  std::vector<std::uint32_t> colors;
  for (const color::ColorHistogram::Bin& bin : bins)
    colors.insert(colors.end(),
                  std::max<std::size_t>(1, std::lround(static_cast<double>(bin.pixels) * share)),
                  bin.color);
  const auto height = static_cast<int>((colors.size() + kWidth - 1) / kWidth);
  UniqueFrame frame = rgb32_frame({kWidth, height}, 0);
  fill_with(colors, *frame);
  return frame;
}

AVFilterContext* add_filter(AVFilterGraph& graph, const char* filter, const char* name,
                            const std::string& options) {
  AVFilterContext* context = nullptr;
  check(avfilter_graph_create_filter(&context, avfilter_get_by_name(filter), name, options.c_str(),
                                     nullptr, &graph),
        kAction);
  return context;
}

AVFilterContext* add_source(AVFilterGraph& graph, const char* name, Size size) {
  return add_filter(graph, "buffer", name,
                    fmt::format("video_size={}x{}:pix_fmt={}:time_base=1/1", size.width,
                                size.height, static_cast<int>(AV_PIX_FMT_RGB32)));
}

void link(AVFilterContext& from, AVFilterContext& to, unsigned pad = 0) {
  check(avfilter_link(&from, 0, &to, pad), kAction);
}

const char* dither_name(Dither dither) {
  switch (dither) {
    case Dither::kNone:
      return "none";
    case Dither::kBayer:
      return "bayer:bayer_scale=5";
    case Dither::kDiffusion:
      return "sierra2_4a";
  }
  return "";
}

UniqueFrame pull_from(AVFilterContext* sink) {
  UniqueFrame frame = make_frame();
  const int result = av_buffersink_get_frame(sink, frame.get());
  if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return nullptr;
  check(result, kChoosing);
  return frame;
}

}  // namespace

bool has_all(const color::ColorHistogram& counted, int colors) {
  return counted.exact().size() <= static_cast<std::size_t>(colors);
}

UniqueFrame find_palette(const color::ColorHistogram& counted, int colors) {
  if (has_all(counted, colors)) return palette_of(counted.exact());
  const UniqueGraph graph(allocated(avfilter_graph_alloc()));
  const UniqueFrame shown = sample_of(counted.bins());
  AVFilterContext* source = add_source(*graph, "in", {shown->width, shown->height});
  AVFilterContext* maker =
      add_filter(*graph, "palettegen", "maker",
                 fmt::format("max_colors={}:reserve_transparent=0:stats_mode=full", colors));
  AVFilterContext* sink = add_filter(*graph, "buffersink", "out", "");
  link(*source, *maker);
  link(*maker, *sink);
  check(avfilter_graph_config(graph.get(), nullptr), kAction);
  check(av_buffersrc_add_frame(source, shown.get()), kChoosing);
  check(av_buffersrc_close(source, 1, 0), kChoosing);
  UniqueFrame palette = pull_from(sink);
  if (!palette) throw Error(ErrorKind::kFailure, "no colours were found");
  palette->pts = 0;
  return palette;
}

Painter::Painter(Size size, AVFrame& palette, Dither dither)
    : graph_(allocated(avfilter_graph_alloc())) {
  source_ = add_source(*graph_, "in", size);
  AVFilterContext* colors = add_source(*graph_, "palette", {kPaletteSide, kPaletteSide});
  AVFilterContext* painter =
      add_filter(*graph_, "paletteuse", "painter", fmt::format("dither={}", dither_name(dither)));
  sink_ = add_filter(*graph_, "buffersink", "out", "");
  link(*source_, *painter);
  link(*colors, *painter, 1);
  link(*painter, *sink_);
  check(avfilter_graph_config(graph_.get(), nullptr), kAction);
  check(av_buffersrc_add_frame_flags(colors, &palette, AV_BUFFERSRC_FLAG_KEEP_REF), kAction);
  check(av_buffersrc_close(colors, 1, 0), kAction);
}

void Painter::push(const Picture& rgb, std::int64_t number) {
  check(av_buffersrc_add_frame(source_, packed(rgb, number).get()), kChoosing);
}

void Painter::close() { check(av_buffersrc_close(source_, INT64_MAX, 0), kChoosing); }

UniqueFrame Painter::pull() { return pull_from(sink_); }

}  // namespace smalti::media
