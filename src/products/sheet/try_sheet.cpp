// A sheet of mosaics to choose from, from a picture and tiles to a file: make_try_sheet at the end
// says what happens, in order, and each step leads to the room that does it.

#include "smalti/try_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/output_file.h"
#include "base/text.h"
#include "images/image_writer.h"
#include "images/jpeg_compressor.h"
#include "images/pixels.h"
#include "pipeline/ordered.h"
#include "products/run/job.h"
#include "products/sheet/contact_sheet.h"
#include "products/sheet/sheet_page.h"
#include "products/still/over_white.h"
#include "products/still/still_cells.h"
#include "products/still/still_mosaics.h"
#include "products/still/still_target.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

using LineOf = std::function<std::string(const TriedMosaic&)>;

constexpr int kPageQuality = 85;
constexpr std::size_t kColumns = kTryDensities.size();

struct TryFiles {
  fs::path sheet;
  std::optional<fs::path> page;
};

TryFiles checked_files(const TryOptions& options, const Run& run) {
  check_inputs(options);
  TryFiles files{options.output.value_or(fs::path(options.target.stem()) += "-try.jpg"),
                 options.html};
  RunFiles all = files_of(options);
  all.writes("output", files.sheet);
  if (files.page) all.writes("page", *files.page);
  run.check(all, options.overwrite);
  return files;
}

PhotomosaicOptions still_of(const TryOptions& options, const Look& look,
                            const LayoutOptions& density) {
  PhotomosaicOptions still;
  static_cast<StillOptions&>(still) = options;
  still.output.reset();
  still.layout = density;
  still.layout.aspect = options.layout.aspect;
  look.apply(still);
  return still;
}

std::vector<std::string> captions_of(const std::vector<TriedMosaic>& mosaics) {
  std::vector<std::string> captions;
  for (const TriedMosaic& mosaic : mosaics) captions.push_back(mosaic.name);
  return captions;
}

// The target's shape with that longer edge.
Size picture_size(Size target, int side) {
  const int larger = side / std::max(target.width, target.height) + 1;
  return fit_long_edge({target.width * larger, target.height * larger}, side);
}

// How many times as large as on the sheet mosaics are painted: so that tiles of the finest, too,
// are pictures of some pixels before all of it is reduced.
int painted_factor(const Cells& cells, Size picture) {
  constexpr int kLeastField = 4;
  const Grid& fields = cells.fields();
  const auto needed = [&](int count, int length) {
    return (kLeastField * count + length - 1) / length;
  };
  return std::max(
      {1, needed(fields.columns(), picture.width), needed(fields.rows(), picture.height)});
}

mosaic::Layout layout_of(const TryOptions& options, const TryDensity& density, Size target) {
  try {
    return still_layout(still_of(options, kLooks.front(), density.layout), target);
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}", density.name, error.what()),
                "try a larger target");
  }
}

mosaic::Layout on_canvas(const mosaic::Layout& layout, Size canvas) {
  mosaic::Layout other = layout;
  const Grid& fields = layout.cells.fields();
  other.cells = layout.cells.on(Grid::even(canvas, fields.columns(), fields.rows(), {1, 1}));
  return other;
}

// Where the cells of each density lie in the still that they make, and where they are painted.
struct TryPlan {
  StillTarget target;
  Size picture;
  std::vector<mosaic::Layout> stills;
  std::vector<mosaic::Layout> painted;
  std::vector<Cells> cells;  // of the stills
};

TryPlan plan_mosaics(const TryOptions& options, StageClock& clock, const Events& events) {
  TryPlan plan;
  {
    const auto timed = clock.measure(Stage::kRead);
    plan.target = read_still_target(options, events);
  }
  plan.picture = picture_size(counted_size(plan.target.size, options), options.side);
  int factor = 1;
  std::unique_ptr<ImportanceFinder> importance;  // the same for all densities
  for (const TryDensity& density : kTryDensities) {
    plan.stills.push_back(layout_of(options, density, plan.target.size));
    factor = std::max(factor, painted_factor(plan.stills.back().cells, plan.picture));
    const auto timed = clock.measure(Stage::kDescribe);
    if (!importance) importance = importance_finder(options, plan.stills.back());
    plan.cells.push_back(lay_still(plan.stills.back(), plan.target.picture, importance.get()));
  }
  const Size canvas{plan.picture.width * factor, plan.picture.height * factor};
  for (const mosaic::Layout& still : plan.stills) plan.painted.push_back(on_canvas(still, canvas));
  return plan;
}

// Makes the mosaics, as many at a time as there is memory for.
class TryMaker {
 public:
  TryMaker(const TryOptions& options, const TryPlan& plan, const std::vector<TriedMosaic>& tried,
           StageClock& clock, const Events& events)
      : plan_(plan), mosaics_(options, plan.target, plan.painted.back(), clock, events) {
    for (std::size_t i = 0; i < tried.size(); i += kColumns)
      ways_.push_back(std::make_unique<StillMosaics::Way>(tried[i].still, mosaics_, events));
  }

  const StillMosaics& mosaics() const { return mosaics_; }

  /// Any thread.
  Picture make(std::size_t place) {
    const std::size_t density = place % kColumns;
    const Picture picture =
        mosaics_
            .make(plan_.cells[density],
                  plan_.cells[density].on(plan_.painted[density].cells.fields()),
                  *ways_[place / kColumns])
            .picture;
    return seen_over_white(picture, plan_.picture);
  }

 private:
  const TryPlan& plan_;
  StillMosaics mosaics_;
  std::vector<std::unique_ptr<const StillMosaics::Way>> ways_;
};

// Takes the mosaics in their order, and puts them on the sheet, row by row, and the page.
class TryWriter {
 public:
  TryWriter(const TryFiles& files, const TryOptions& options, const ContactSheet& sheet,
            const images::ImageWriteOptions& how)
      : files_(files),
        options_(options),
        sheet_(sheet),
        file_(files.sheet, sheet.size(), false, how),
        stop_(how.stop),
        page_(printable(options.target.filename().string()), kColumns) {}

  void take(const Picture& picture, const TriedMosaic& mosaic, const LineOf& line_of) {
    row_.push_back({images::to_mat(picture), mosaic.name});
    if (row_.size() == kColumns) {
      file_.write(images::to_picture(sheet_.strip(rows_++, row_)));
      row_.clear();
    }
    if (files_.page)
      page_.add(jpeg_.encode(picture, kPageQuality), picture.size(), mosaic.name, line_of(mosaic));
  }

  // After the last.
  void finish(TrySummary& summary) {
    summary.bytes = file_.finish();
    summary.frames = 1;
    if (!files_.page) return;
    const std::string html = page_.finish();
    write_file(*files_.page, options_.overwrite, html, stop_);
    summary.page_bytes = html.size();
  }

 private:
  const TryFiles& files_;
  const TryOptions& options_;
  const ContactSheet& sheet_;
  images::ImageWriter file_;
  const std::atomic<bool>* stop_;
  SheetPage page_;
  images::JpegCompressor jpeg_;
  std::vector<ContactSheet::Picture> row_;
  int rows_ = 0;
};

// Whether all were made.
bool make_mosaics(TryMaker& maker, const std::vector<TriedMosaic>& tried, const LineOf& line_of,
                  TryWriter& writer, StageClock& clock, const Events& events) {
  Progress progress{Progress::Phase::kMosaics, 0, tried.size()};
  events.report(progress);
  const std::size_t made = pipeline::run_ordered(
      tried.size(), maker.mosaics().alive(), [&] { return events.stop_requested(); },
      [&](std::size_t place) { return maker.make(place); },
      [&](const Picture& picture) {
        const auto timed = clock.measure(Stage::kEncode);
        writer.take(picture, tried[progress.done], line_of);
        ++progress.done;
        events.report(progress);
      });
  return made == tried.size();
}

}  // namespace

std::vector<TriedMosaic> tried_mosaics(const TryOptions& options) {
  std::vector<TriedMosaic> all;
  for (const Look& look : kLooks)
    for (const TryDensity& density : kTryDensities)
      all.push_back({fmt::format("{}, {}", look.name, density.name), look,
                     still_of(options, look, density.layout)});
  return all;
}

TrySummary make_try_sheet(const TryOptions& options, const LineOf& line_of, const Events& events) {
  Run run(options.threads, events);
  StageClock& clock = run.clock();

  // What can fail for a wrong option or a wrong name does so before any work.
  const TryFiles files = checked_files(options, run);
  TrySummary summary;
  summary.mosaics = tried_mosaics(options);
  const TryPlan plan = plan_mosaics(options, clock, events);
  const ContactSheet sheet(plan.picture, kColumns, captions_of(summary.mosaics));
  const images::ImageWriteOptions how{.overwrite = options.overwrite, .stop = events.stop};
  images::check_image_output(files.sheet, sheet.size(), false, how);
  TryMaker maker(options, plan, summary.mosaics, clock, events);
  TryWriter writer(files, options, sheet, how);

  summary.stopped = !make_mosaics(maker, summary.mosaics, line_of, writer, clock, events);
  fill_plan(summary, options, files.sheet, plan.painted.back(), maker.mosaics().ingested());
  maker.mosaics().fill_result(summary, events);
  summary.encoder = images::format_name(*images::still_format(files.sheet));
  summary.canvas = plan.picture;
  summary.sheet = sheet.size();
  summary.of_video = !is_still(options.target);
  if (!summary.stopped) {
    const auto timed = clock.measure(Stage::kFinish);
    writer.finish(summary);
  }
  run.fill_costs(summary);
  return summary;
}

}  // namespace smalti
