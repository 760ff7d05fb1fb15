#include "media/palette.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include <fmt/format.h>

#include <string>

namespace smalti::media {
namespace {

constexpr const char* kAction = "cannot set up the filters that choose colours";
constexpr int kPaletteSide = 16;
constexpr std::uint32_t kOpaque = 0xff000000;

// Packed, as the palette filters take it.
UniqueFrame packed(const Picture& rgb, std::int64_t pts) {
  UniqueFrame frame = make_frame();
  frame->format = AV_PIX_FMT_RGB32;
  frame->width = rgb.width;
  frame->height = rgb.height;
  frame->pts = pts;
  check(av_frame_get_buffer(frame.get(), 0), "cannot take up a frame");
  const auto& [red, green, blue, none] = rgb.planes;
  for (int y = 0; y < rgb.height; ++y) {
    const auto* r = red.row<const std::uint8_t>(y);
    const auto* g = green.row<const std::uint8_t>(y);
    const auto* b = blue.row<const std::uint8_t>(y);
    auto* to =
        reinterpret_cast<std::uint32_t*>(frame->data[0] + std::ptrdiff_t{y} * frame->linesize[0]);
    for (int x = 0; x < rgb.width; ++x)
      to[x] = kOpaque | static_cast<std::uint32_t>(r[x * red.step]) << 16 |
              static_cast<std::uint32_t>(g[x * green.step]) << 8 | b[x * blue.step];
  }
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
  check(result, "cannot choose colours");
  return frame;
}

}  // namespace

PaletteMaker::PaletteMaker(Size size, int colors) : graph_(allocated(avfilter_graph_alloc())) {
  source_ = add_source(*graph_, "in", size);
  AVFilterContext* maker =
      add_filter(*graph_, "palettegen", "maker",
                 fmt::format("max_colors={}:reserve_transparent=0:stats_mode=full", colors));
  sink_ = add_filter(*graph_, "buffersink", "out", "");
  link(*source_, *maker);
  link(*maker, *sink_);
  check(avfilter_graph_config(graph_.get(), nullptr), kAction);
}

void PaletteMaker::add(const Picture& rgb) {
  check(av_buffersrc_add_frame(source_, packed(rgb, 0).get()), "cannot choose colours");
  // What was added waits in the source until someone asks for what comes out.
  pull_from(sink_);
}

UniqueFrame PaletteMaker::finish() {
  check(av_buffersrc_close(source_, 1, 0), "cannot choose colours");
  UniqueFrame palette = pull_from(sink_);
  if (!palette) throw Error(ErrorKind::kFailure, "no colours were found");
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
  palette.pts = 0;
  check(av_buffersrc_add_frame_flags(colors, &palette, AV_BUFFERSRC_FLAG_KEEP_REF), kAction);
  check(av_buffersrc_close(colors, 1, 0), kAction);
}

void Painter::push(const Picture& rgb, std::int64_t number) {
  check(av_buffersrc_add_frame(source_, packed(rgb, number).get()), "cannot choose colours");
}

void Painter::close() { check(av_buffersrc_close(source_, INT64_MAX, 0), "cannot choose colours"); }

UniqueFrame Painter::pull() { return pull_from(sink_); }

}  // namespace smalti::media
