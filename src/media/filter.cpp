#include "media/filter.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
}

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "media/pictures.h"

namespace smalti::media {
namespace {

// Without these flags swscale's results differ between processors.
constexpr const char* kScalerOptions =
    "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact";

const std::int32_t* display_matrix(const AVStream& stream) {
  constexpr std::size_t kBytes = 9 * sizeof(std::int32_t);
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData* data =
      av_packet_side_data_get(stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data,
                              AV_PKT_DATA_DISPLAYMATRIX);
  if (data == nullptr || data->size < kBytes) return nullptr;
  return reinterpret_cast<const std::int32_t*>(data->data);
#else
  std::size_t size = 0;
  const std::uint8_t* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  if (data == nullptr || size < kBytes) return nullptr;
  return reinterpret_cast<const std::int32_t*>(data);
#endif
}

const char* filters_for(Orientation orientation) {
  switch (orientation) {
    case Orientation::kUpright:
      return "";
    case Orientation::kMirrored:
      return "hflip";
    case Orientation::kFlipped:
      return "vflip";
    case Orientation::kTurnedHalf:
      return "hflip,vflip";
    case Orientation::kTurnedRight:
      return "transpose=clock";
    case Orientation::kTurnedLeft:
      return "transpose=cclock";
    case Orientation::kTransposed:
      return "transpose=cclock_flip";
    case Orientation::kTransposedAnti:
      return "transpose=clock_flip";
  }
  return "";
}

std::string describe_chain(Orientation orientation, std::optional<AVRational> fps) {
  std::string chain;
  // The rate first: frames that are dropped need not be turned.
  if (fps) chain = fmt::format("fps=fps={}/{}:round=near", fps->num, fps->den);
  const std::string turns = filters_for(orientation);
  if (!chain.empty() && !turns.empty()) chain += ",";
  chain += turns;
  return chain.empty() ? "null" : chain;
}

UniquePads make_pad(const char* name, AVFilterContext* filter) {
  UniquePads pad(allocated(avfilter_inout_alloc()));
  pad->name = allocated(av_strdup(name));
  pad->filter_ctx = filter;
  return pad;
}

}  // namespace

Orientation orientation_of(const AVStream& stream) {
  const std::int32_t* matrix = display_matrix(stream);
  if (matrix == nullptr) return Orientation::kUpright;

  // x' = a x + c y, y' = b x + d y, with y pointing down.
  const std::int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
  if (std::abs(a) + std::abs(d) >= std::abs(b) + std::abs(c)) {
    if (a >= 0) return d >= 0 ? Orientation::kUpright : Orientation::kFlipped;
    return d >= 0 ? Orientation::kMirrored : Orientation::kTurnedHalf;
  }
  if (b >= 0) return c >= 0 ? Orientation::kTransposed : Orientation::kTurnedRight;
  return c >= 0 ? Orientation::kTurnedLeft : Orientation::kTransposedAnti;
}

bool swaps_sides(Orientation orientation) {
  switch (orientation) {
    case Orientation::kTurnedRight:
    case Orientation::kTurnedLeft:
    case Orientation::kTransposed:
    case Orientation::kTransposedAnti:
      return true;
    default:
      return false;
  }
}

Filter::Filter(const AVFrame& first, AVRational time_base, Orientation orientation,
               std::optional<AVRational> fps)
    : graph_(allocated(avfilter_graph_alloc())),
      width_(first.width),
      height_(first.height),
      format_(first.format) {
  const char* const action = "cannot set up the filters that turn frames upright";
  graph_->scale_sws_opts = allocated(av_strdup(kScalerOptions));

  const std::string source_options =
      fmt::format("video_size={}x{}:pix_fmt={}:time_base={}/{}", width_, height_, format_,
                  time_base.num, time_base.den);
  check(avfilter_graph_create_filter(&source_, avfilter_get_by_name("buffer"), "in",
                                     source_options.c_str(), nullptr, graph_.get()),
        action);
  // libavfilter converts by itself, and with the least loss, when the sink does not take a format.
  const std::vector<AVPixelFormat> formats = expressible_formats();
  sink_ = allocated(
      avfilter_graph_alloc_filter(graph_.get(), avfilter_get_by_name("buffersink"), "out"));
  check(av_opt_set_bin(sink_, "pix_fmts", reinterpret_cast<const std::uint8_t*>(formats.data()),
                       static_cast<int>(formats.size() * sizeof(AVPixelFormat)),
                       AV_OPT_SEARCH_CHILDREN),
        action);
  check(avfilter_init_str(sink_, nullptr), action);

  AVFilterInOut* outputs = make_pad("in", source_).release();
  AVFilterInOut* inputs = make_pad("out", sink_).release();
  const int parsed = avfilter_graph_parse_ptr(
      graph_.get(), describe_chain(orientation, fps).c_str(), &inputs, &outputs, nullptr);
  const UniquePads rest_of_outputs(outputs);
  const UniquePads rest_of_inputs(inputs);
  check(parsed, action);
  check(avfilter_graph_config(graph_.get(), nullptr), action);
}

bool Filter::needed(const AVFrame& frame, Orientation orientation, std::optional<AVRational> fps) {
  return orientation != Orientation::kUpright || fps ||
         !picture_format(static_cast<AVPixelFormat>(frame.format));
}

bool Filter::fits(const AVFrame& frame) const {
  return frame.width == width_ && frame.height == height_ && frame.format == format_;
}

void Filter::push(UniqueFrame frame) {
  check(av_buffersrc_add_frame(source_, frame.get()), "cannot turn a frame upright");
}

void Filter::close(std::int64_t end_pts) {
  check(av_buffersrc_close(source_, end_pts, 0), "cannot finish the filters");
}

UniqueFrame Filter::pull() {
  UniqueFrame frame = make_frame();
  const int result = av_buffersink_get_frame(sink_, frame.get());
  if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return nullptr;
  check(result, "cannot turn a frame upright");
  return frame;
}

}  // namespace smalti::media
