#include "products/still/still_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "base/names.h"
#include "base/output_file.h"
#include "base/wording.h"
#include "paper/pages.h"
#include "pipeline/ordered.h"
#include "products/run/job.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

constexpr int kPageQuality = 92;

bool is_pdf(const fs::path& output) { return lower_extension(output) == ".pdf"; }

void plan_paper(const PhotomosaicOptions& options, const fs::path& output, StillPlan& plan) {
  if (options.pages.has_value() != is_pdf(output))
    throw Error(ErrorKind::kUsage,
                options.pages
                    ? fmt::format("{} makes a PDF file, and '{}' is none by its name",
                                  worded("{pages}"), output.string())
                    : fmt::format("'{}' is to be a PDF file, but of which pages?", output.string()),
                options.pages ? "call it OUT.pdf" : worded("add {pages} A4, A3 or letter"));
  if (!options.pages) return;
  plan.page_options.paper = *options.pages;
  plan.page_options.dpi = plan.write.dpi;
  if (options.overlap_mm) plan.page_options.overlap_mm = *options.overlap_mm;
  plan.pages = paper::plan_pages(plan.size, plan.page_options);
}

// A quarter for the strips or pages being painted and written, the rest for rendered tiles.
void plan_memory(std::uint64_t bytes, std::size_t threads, StillPlan& plan) {
  constexpr int kComfortableRows = 256;
  const std::uint64_t strips = bytes / 4;
  plan.alive = threads + 1;
  plan.atlas_bytes = static_cast<std::size_t>(bytes - strips);
  if (plan.pages) return;
  const std::uint64_t row_bytes = std::uint64_t{4} * static_cast<std::uint64_t>(plan.size.width);
  plan.alive = std::clamp<std::uint64_t>(strips / row_bytes, 1, plan.alive);
  const std::uint64_t rows = strips / (row_bytes * plan.alive);
  plan.strip_rows = static_cast<int>(std::clamp<std::uint64_t>(
      rows, 1, static_cast<std::uint64_t>(std::min(kComfortableRows, plan.size.height))));
}

std::optional<std::uint64_t> write_picture(const StillPlan& plan, const fs::path& output,
                                           const StillPainter& painter, StageClock& clock,
                                           const Events& events) {
  images::ImageWriter writer(output, plan.size, plan.look.alpha, plan.write);
  const int rows = plan.strip_rows;
  const auto strips = static_cast<std::size_t>((plan.size.height + rows - 1) / rows);
  Progress progress{Progress::Phase::kRows, 0, static_cast<std::uint64_t>(plan.size.height)};
  events.report(progress);
  const std::size_t written = pipeline::run_ordered(
      strips, plan.alive, [&] { return events.stop_requested(); },
      [&](std::size_t strip) {
        const auto timed = clock.measure(Stage::kCompose);
        const int top = static_cast<int>(strip) * rows;
        return painter.paint({0, top, plan.size.width, std::min(rows, plan.size.height - top)});
      },
      [&](const Picture& strip) {
        const auto timed = clock.measure(Stage::kEncode);
        writer.write(strip);
        progress.done += static_cast<std::uint64_t>(strip.height);
        events.report(progress);
      });
  if (written < strips) return std::nullopt;
  const auto timed = clock.measure(Stage::kFinish);
  return writer.finish();
}

std::optional<std::uint64_t> write_pages(const StillPlan& plan, const fs::path& output,
                                         const StillPainter& painter, StageClock& clock,
                                         const Events& events) {
  const std::vector<Page>& pages = plan.pages->pages;
  paper::PagesWriter writer(output, plan.write.overwrite, *plan.pages,
                            plan.write.quality.value_or(kPageQuality), events.stop);
  Progress progress{Progress::Phase::kPages, 0, pages.size()};
  events.report(progress);
  const std::size_t written = pipeline::run_ordered(
      pages.size(), plan.alive, [&] { return events.stop_requested(); },
      [&](std::size_t page) {
        const auto timed = clock.measure(Stage::kCompose);
        return painter.paint(pages[page].part);
      },
      [&](const Picture& page) {
        const auto timed = clock.measure(Stage::kEncode);
        writer.write(page);
        ++progress.done;
        events.report(progress);
      });
  if (written < pages.size()) return std::nullopt;
  const auto timed = clock.measure(Stage::kFinish);
  return writer.finish();
}

}  // namespace

fs::path still_output_path(const PhotomosaicOptions& options, const Events& events) {
  fs::path output;
  if (options.output) {
    output = *options.output;
  } else {
    const auto format = images::still_format(options.target);
    const bool kept = format && *format != images::StillFormat::kAvif;
    output = options.target.stem();
    output += "-mosaic";
    output += options.pages ? ".pdf" : kept ? options.target.extension().string() : ".jpg";
  }
  check_output_name(output, options, events);
  return output;
}

StillPlan plan_still(const PhotomosaicOptions& options, const fs::path& output,
                     const mosaic::Layout& layout, const Picture& target, const Events& events) {
  StillPlan plan;
  plan.look.opacity = options.opacity;
  plan.look.side_by_side = options.side_by_side;
  plan.shows_target = options.opacity < 1 || options.side_by_side;
  plan.look.padded = layout.picture;
  plan.look.place = layout.place;
  plan.size = {layout.picture.width * (options.side_by_side ? 2 : 1), layout.picture.height};
  plan.write = {options.overwrite, options.quality, options.dpi.value_or(kDefaultDpi), events.stop};
  plan_paper(options, output, plan);
  plan.encoder = "PDF";
  if (!plan.pages) {
    images::check_image_output(output, plan.size, false, plan.write);
    const images::StillFormat format = images::still_format(output).value();
    plan.encoder = images::format_name(format);
    plan.look.alpha = target.format.alpha && images::holds_alpha(format);
  }
  if (target.format.alpha && !plan.look.alpha)
    events.warning(fmt::format("{} has no transparency: it is laid over white", plan.encoder));
  plan_memory(options.memory_bytes, thread_count(options.threads), plan);
  return plan;
}

std::optional<std::uint64_t> write_still(const StillPlan& plan, const fs::path& output,
                                         const StillPainter& painter, StageClock& clock,
                                         const Events& events) {
  return plan.pages ? write_pages(plan, output, painter, clock, events)
                    : write_picture(plan, output, painter, clock, events);
}

}  // namespace smalti
