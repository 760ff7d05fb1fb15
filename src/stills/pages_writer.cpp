#include <cairo-pdf.h>
#include <cairo.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <memory>
#include <new>
#include <span>
#include <system_error>
#include <utility>

#include "smalti/error.h"
#include "smalti/output_file.h"
#include "smalti/pages.h"
#include "stills/page_jpeg.h"
#include "stills/page_marks.h"

// cairo writes a page out when it is shown, embeds a JPEG as it is when a surface carries one, and
// keeps no more of it than where it lies in the file.

namespace smalti {
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

/// What cairo writes goes here. Remembers the first failure and refuses all that follows.
class Sink {
 public:
  explicit Sink(const OutputFile& output) : name_(output.final_path()) {
    fd_ =
        ::open(output.path().c_str(), O_WRONLY | (output.in_place() ? 0 : O_NOFOLLOW) | O_CLOEXEC);
    if (fd_ < 0) error_ = errno;
    check();
  }
  ~Sink() {
    if (fd_ >= 0) ::close(fd_);
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  static cairo_status_t write(void* sink, const unsigned char* bytes, unsigned size) {
    return static_cast<Sink*>(sink)->write_all(bytes, size) ? CAIRO_STATUS_SUCCESS
                                                            : CAIRO_STATUS_WRITE_ERROR;
  }

  void refuse_more() { error_ = ECANCELED; }

  void close() {
    if (::close(std::exchange(fd_, -1)) != 0 && error_ == 0) error_ = errno;
    check();
  }

  void check() const {
    if (error_ == 0) return;
    throw Error(ErrorKind::kInputOutput,
                fmt::format("cannot write '{}': {}", name_.string(),
                            std::generic_category().message(error_)),
                error_ == ENOSPC ? "make room on the disk, or write elsewhere" : "");
  }

  std::uint64_t bytes() const { return bytes_; }

 private:
  bool write_all(const unsigned char* bytes, std::size_t size) {
    while (error_ == 0 && size > 0) {
      const ssize_t count = ::write(fd_, bytes, size);
      if (count < 0 && errno != EINTR) error_ = errno;
      if (count <= 0) continue;
      bytes += count;
      size -= static_cast<std::size_t>(count);
      bytes_ += static_cast<std::uint64_t>(count);
    }
    return error_ == 0;
  }

  std::filesystem::path name_;
  int fd_ = -1;
  int error_ = 0;
  std::uint64_t bytes_ = 0;
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
  State(const std::filesystem::path& path, bool overwrite, const PagePlan& page_plan, int quality);
  ~State() {
    // What cairo still has to say would make a whole file of what is none.
    if (!finished) sink.refuse_more();
  }

  void paint(const Page& page, std::span<const std::uint8_t> jpeg);
  void check() const;

  PagePlan plan;
  PageEncoder encoder;
  std::size_t written = 0;
  bool finished = false;
  OutputFile output;
  Sink sink;
  UniqueSurface pdf;
  UniqueContext context;
};

PagesWriter::State::State(const std::filesystem::path& path, bool overwrite,
                          const PagePlan& page_plan, int quality)
    : plan(page_plan),
      encoder(quality),
      output(path, overwrite),
      sink(output),
      pdf(cairo_pdf_surface_create_for_stream(Sink::write, &sink,
                                              plan.paper_width_mm * kPointsPerMm,
                                              plan.paper_height_mm * kPointsPerMm)) {
  cairo_pdf_surface_set_metadata(pdf.get(), CAIRO_PDF_METADATA_CREATOR, "smalti");
  cairo_pdf_surface_set_metadata(pdf.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");  // leaves it out
  context.reset(cairo_create(pdf.get()));
  cairo_scale(context.get(), kPointsPerMm, kPointsPerMm);
  check();
}

void PagesWriter::State::paint(const Page& page, std::span<const std::uint8_t> jpeg) {
  const RectMm place = place_on_sheet(plan, page);
  const UniqueSurface picture = make_jpeg_surface(jpeg);
  cairo_save(context.get());
  cairo_translate(context.get(), place.left, place.top);
  cairo_scale(context.get(), place.width, place.height);
  cairo_set_source_surface(context.get(), picture.get(), 0, 0);
  cairo_paint(context.get());
  cairo_restore(context.get());
}

void PagesWriter::State::check() const {
  sink.check();
  check_cairo(cairo_surface_status(pdf.get()));
  if (context) check_cairo(cairo_status(context.get()));
}

PagesWriter::PagesWriter(const std::filesystem::path& path, bool overwrite, const PagePlan& plan,
                         int quality)
    : state_(std::make_unique<State>(path, overwrite, plan, quality)) {}

PagesWriter::~PagesWriter() = default;

void PagesWriter::write(const Picture& part) {
  State& s = *state_;
  assert(s.written < s.plan.pages.size());
  const Page& page = s.plan.pages[s.written++];
  assert((part.size() == Size{page.part.width, page.part.height}));
  s.paint(page, s.encoder.encode(part));
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
  s.sink.close();
  s.output.commit();
  return s.sink.bytes();
}

}  // namespace smalti
