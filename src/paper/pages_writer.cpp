#include <cairo-pdf.h>
#include <cairo.h>
#include <fmt/format.h>

#include <cassert>
#include <memory>
#include <new>
#include <span>

#include "base/output_file.h"
#include "base/output_handle.h"
#include "images/jpeg_compressor.h"
#include "paper/page_marks.h"
#include "paper/pages.h"
#include "smalti/error.h"
#include "smalti/pages.h"

// cairo writes a page out when it is shown, embeds a JPEG as it is when a surface carries one, and
// keeps no more of it than where it lies in the file.

namespace smalti::paper {
namespace {

constexpr double kPointsPerMm = 72 / kMmPerInch;

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct DestroyContext {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using UniqueSurface = std::unique_ptr<cairo_surface_t, DestroySurface>;
using UniqueContext = std::unique_ptr<cairo_t, DestroyContext>;

/// What cairo writes goes here, until it is to say no more.
struct Sink {
  static cairo_status_t write(void* sink, const unsigned char* bytes, unsigned size) {
    const auto* to = static_cast<Sink*>(sink);
    return !to->closed && to->file->write(bytes, size) ? CAIRO_STATUS_SUCCESS
                                                       : CAIRO_STATUS_WRITE_ERROR;
  }

  OutputHandle* file;
  bool closed = false;
};

void check_cairo(cairo_status_t status) {
  if (status == CAIRO_STATUS_NO_MEMORY) throw std::bad_alloc();
  if (status != CAIRO_STATUS_SUCCESS)
    throw Error(ErrorKind::kFailure,
                fmt::format("cannot make a PDF page: {}", cairo_status_to_string(status)));
}

/// One pixel that stands for the whole JPEG: the PDF surface looks at the JPEG only, until the page
/// is shown.
UniqueSurface make_jpeg_surface(std::span<const std::uint8_t> jpeg) {
  UniqueSurface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1));
  check_cairo(cairo_surface_status(surface.get()));
  check_cairo(cairo_surface_set_mime_data(surface.get(), CAIRO_MIME_TYPE_JPEG, jpeg.data(),
                                          jpeg.size(), nullptr, nullptr));
  return surface;
}

}  // namespace

struct PagesWriter::State {
  State(const std::filesystem::path& path, bool overwrite, const PagePlan& page_plan,
        int jpeg_quality, const std::atomic<bool>* stop);
  ~State() {
    // What cairo still has to say would make a whole file of what is none.
    if (!finished) sink.closed = true;
  }

  void paint(const Page& page, std::span<const std::uint8_t> jpeg);
  void check() const;

  PagePlan plan;
  images::JpegCompressor jpeg;
  int quality;
  std::size_t written = 0;
  bool finished = false;
  OutputFile output;
  OutputHandle file;
  Sink sink;
  UniqueSurface pdf;
  UniqueContext context;
};

PagesWriter::State::State(const std::filesystem::path& path, bool overwrite,
                          const PagePlan& page_plan, int jpeg_quality,
                          const std::atomic<bool>* stop)
    : plan(page_plan),
      quality(jpeg_quality),
      output(path, overwrite),
      file(output, stop),
      sink{&file},
      pdf(cairo_pdf_surface_create_for_stream(Sink::write, &sink,
                                              plan.paper_width_mm * kPointsPerMm,
                                              plan.paper_height_mm * kPointsPerMm)) {
  cairo_pdf_surface_set_metadata(pdf.get(), CAIRO_PDF_METADATA_CREATOR, "smalti");
  cairo_pdf_surface_set_metadata(pdf.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");  // leaves it out
  context.reset(cairo_create(pdf.get()));
  cairo_scale(context.get(), kPointsPerMm, kPointsPerMm);
  check();
}

void PagesWriter::State::paint(const Page& page, std::span<const std::uint8_t> file_of_page) {
  const RectMm place = place_on_sheet(plan, page);
  const UniqueSurface picture = make_jpeg_surface(file_of_page);
  cairo_save(context.get());
  cairo_translate(context.get(), place.left, place.top);
  cairo_scale(context.get(), place.width, place.height);
  cairo_set_source_surface(context.get(), picture.get(), 0, 0);
  cairo_paint(context.get());
  cairo_restore(context.get());
}

void PagesWriter::State::check() const {
  file.check();
  check_cairo(cairo_surface_status(pdf.get()));
  if (context) check_cairo(cairo_status(context.get()));
}

PagesWriter::PagesWriter(const std::filesystem::path& path, bool overwrite, const PagePlan& plan,
                         int quality, const std::atomic<bool>* stop)
    : state_(std::make_unique<State>(path, overwrite, plan, quality, stop)) {}

PagesWriter::~PagesWriter() = default;

void PagesWriter::write(const Picture& part) {
  State& s = *state_;
  assert(s.written < s.plan.pages.size());
  const Page& page = s.plan.pages[s.written++];
  assert((part.size() == Size{page.part.width, page.part.height}));
  s.paint(page, s.jpeg.encode(part, s.quality));
  draw_marks(s.context.get(), s.plan, page);
  cairo_show_page(s.context.get());
  s.check();
}

std::uint64_t PagesWriter::finish() {
  State& s = *state_;
  assert(s.written == s.plan.pages.size());
  s.context.reset();
  cairo_surface_finish(s.pdf.get());
  s.check();
  s.finished = true;
  s.file.close();
  s.output.commit();
  return s.file.size();
}

}  // namespace smalti::paper
