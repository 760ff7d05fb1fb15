#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/json.h"
#include "base/wording.h"
#include "products/placements/placements_file.h"
#include "products/run/crop_names.h"
#include "products/run/fit_names.h"
#include "smalti/error.h"
#include "smalti/layout_options.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

constexpr int kVersion = 1;
std::string save_anew() { return worded("save it anew with {save-placements}"); }

// Longer than any line but that of a frame with many cells.
constexpr std::size_t kLongestLine = std::size_t{1} << 24;
// "16777215," of its tile and "16777215,16777215,16777215,16777215," of where it lies, at most.
constexpr std::size_t kLongestCell = 45;

// What nlohmann's messages say behind their number.
std::string reason_of(const Json::exception& error) {
  const std::string text = error.what();
  const std::size_t at = text.find("] ");
  return at == std::string::npos ? text : text.substr(at + 2);
}

[[noreturn]] void complain(const std::string& why) {
  throw Json::other_error::create(500, why, nullptr);
}

// Passes what a line of such a file may be made of. What is nested deeply, or has many keys, takes
// far more memory or time than its text.
class PlainJson {
 public:
  bool operator()(int /*depth*/, Json::parse_event_t event, const Json& parsed) {
    using Event = Json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) {
      if (keys_.size() == kDeepest) complain("it is nested too deeply");
      keys_.emplace_back();
    } else if (event == Event::object_end || event == Event::array_end) {
      keys_.pop_back();
    } else if (event == Event::key) {
      if (keys_.back().size() == kMostKeys) complain("it has too many keys");
      if (!keys_.back().insert(parsed.get_ref<const std::string&>()).second)
        complain(fmt::format("the key {} stands there twice", parsed.dump()));
    }
    return true;
  }

 private:
  static constexpr std::size_t kDeepest = 4;
  static constexpr std::size_t kMostKeys = 32;
  std::vector<std::set<std::string>> keys_;  // of what is open
};

// A JSON object a line, and where it stands. What is held of the file at a time is bounded.
class Lines {
 public:
  explicit Lines(const fs::path& path) : path_(path) {
    std::error_code error;
    if (fs::exists(path, error) && !fs::is_regular_file(path, error))
      throw Error(
          ErrorKind::kBadInput,
          fmt::format("cannot use the placements '{}': it is no regular file", path.string()),
          worded("name a file that {save-placements} wrote"));
    file_.open(path, std::ios::binary);
    bytes_ = fs::file_size(path, error);
    if (file_ && !error) return;
    throw Error(ErrorKind::kMissingInput,
                fmt::format("cannot read the placements '{}'", path.string()), "check the name");
  }

  std::uintmax_t bytes() const { return bytes_; }
  void expect_cells(std::size_t cells) { longest_ = kLongestLine + kLongestCell * cells; }

  // The next object, or nothing at the end of the file.
  std::optional<Json> next() {
    const std::optional<std::string> text = next_text();
    if (!text) return std::nullopt;
    try {
      Json line = Json::parse(*text, PlainJson());
      if (line.is_object()) return line;
    } catch (const Json::other_error& error) {
      fail(reason_of(error));
    } catch (const Json::exception&) {
    }
    fail(ended_ ? "it ends in the middle" : "it is no JSON object");
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("cannot use the placements '{}': line {}: {}", path_.string(), number_, why),
        save_anew());
  }

 private:
  std::optional<std::string> next_text() {
    std::string text;
    for (;;) {
      const int c = next_byte();
      ended_ = c == std::char_traits<char>::eof();
      if (ended_ && text.empty()) return std::nullopt;
      if (text.empty()) ++number_;
      if (ended_ || c == '\n') return text;
      if (text.size() == longest_) fail("it is longer than any that is written");
      text += static_cast<char>(c);
    }
  }

  int next_byte() {
    try {
      return file_.rdbuf()->sbumpc();
    } catch (const std::ios_base::failure&) {
      throw Error(ErrorKind::kInputOutput,
                  fmt::format("cannot read on in the placements '{}'", path_.string()));
    }
  }

  fs::path path_;
  std::ifstream file_;
  std::uintmax_t bytes_ = 0;
  std::size_t longest_ = kLongestLine;
  std::uint64_t number_ = 0;
  bool ended_ = false;
};

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// A whole number in its range; JSON would make one of 1.5 too.
template <typename Number>
Number whole(const Json& value, std::int64_t least, std::int64_t most) {
  if (!value.is_number_integer() ||
      (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{kMost}))
    throw Json::other_error::create(500, "a whole number is missing", &value);
  const auto number = value.get<std::int64_t>();
  if (number < least || number > most)
    throw Json::other_error::create(500, fmt::format("{} is out of range", number), &value);
  return static_cast<Number>(number);
}

int whole(const Json& value, int least = 0) { return whole<int>(value, least, INT32_MAX); }
std::int64_t time_at(const Json& value) { return whole<std::int64_t>(value, -kMost, kMost); }
std::uint64_t count_at(const Json& value) { return whole<std::uint64_t>(value, 0, kMost); }

double share(const Json& value) {
  const auto number = value.get<double>();
  if (number >= 0 && number <= 1) return number;
  throw Json::other_error::create(500, fmt::format("{} is out of range", number), &value);
}

constexpr int kMostCells = 1 << 24;
constexpr int kMostOfAspect = 1'000'000;

template <typename Of>
Of pair_of(const Json& value, int least, int most) {
  return {whole<int>(value.at(0), least, most), whole<int>(value.at(1), least, most)};
}

CropKind crop_kind(const Json& value) {
  const auto& wanted = value.get_ref<const std::string&>();
  for (const auto& [name, kind] : kCropNames)
    if (name == wanted) return kind;
  throw Json::other_error::create(500, "there is no such crop", &value);
}

FitMode fit_mode(const Json& value) {
  const auto& wanted = value.get_ref<const std::string&>();
  for (const auto& [name, mode] : kFitNames)
    if (name == wanted) return mode;
  throw Json::other_error::create(500, "there is no such way to fit", &value);
}

// How often cells may cover the canvas altogether: what is held of them grows with their areas.
constexpr std::int64_t kMostLayers = 64;

// One after the other, four numbers each.
std::vector<Rect> cells_within(const Json& list, const PlacementsHeader& h) {
  if (!list.is_array() || list.empty() || list.size() % 4 != 0)
    complain("its rectangles are not of four numbers each");
  std::vector<Rect> cells;
  std::int64_t left = kMostLayers * h.columns * h.rows;
  for (std::size_t i = 0; i < list.size(); i += 4) {
    const int x = whole<int>(list[i], 0, h.columns - 1);
    const int y = whole<int>(list[i + 1], 0, h.rows - 1);
    cells.push_back(
        {x, y, whole<int>(list[i + 2], 1, h.columns - x), whole<int>(list[i + 3], 1, h.rows - y)});
    left -= std::int64_t{cells.back().width} * cells.back().height;
    if (left < 0) complain("its cells lie over each other too often");
  }
  return cells;
}

PlacementsHeader parse_header(const Json& line) {
  PlacementsHeader h;
  h.canvas = pair_of<Size>(line.at("canvas"), 1, kLargestStillSide);
  // Files without it are of the time when every target was made to fill its canvas.
  h.fit_mode = line.contains("fit_mode") ? fit_mode(line.at("fit_mode")) : FitMode::kStretch;
  h.columns = whole<int>(line.at("columns"), 1, kMostCells);
  h.rows = whole<int>(line.at("rows"), 1, kMostCells / h.columns);
  h.aspect = pair_of<Aspect>(line.at("aspect"), 1, kMostOfAspect);
  h.time_base = {whole(line.at("time_base").at(0)), whole(line.at("time_base").at(1), 1)};
  if (line.contains("end")) h.end_pts = time_at(line.at("end"));
  h.tiles = count_at(line.at("library").at("tiles"));
  h.library = line.at("library").at("hash").get<std::string>();
  for (const Json& source : line.at("sources")) h.sources.emplace_back(path_at(source, "path"));
  const Json& options = line.at("options");
  h.crops.kind = crop_kind(options.at("crop"));
  h.crops.count = whole<int>(options.at("crops"), 1, 100);
  h.crops.flip = options.at("flip").get<bool>();
  h.crops.distinct = options.at("distinct").get<bool>();
  h.all_frames = options.at("frames").get<bool>();
  h.color_adjust = share(options.at("color_adjust"));
  h.opacity = share(options.at("opacity"));
  return h;
}

tiles::TileId parse_tile(const Json& line) {
  const auto& hash = line.at("hash").get_ref<const std::string&>();
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (hash.size() != 32 || !std::all_of(hash.begin(), hash.end(), is_digit))
    throw Json::other_error::create(500, "the hash is none", &line);
  const Json& crop = line.at("crop");
  tiles::TileId id;
  id.hash_high = std::stoull(hash.substr(0, 16), nullptr, 16);
  id.hash_low = std::stoull(hash.substr(16), nullptr, 16);
  id.crop = {whole(crop.at(0), INT32_MIN), whole(crop.at(1), INT32_MIN), whole(crop.at(2)),
             whole(crop.at(3))};
  id.timestamp_us = time_at(line.at("time_us"));
  id.mirrored = line.at("mirrored").get<bool>();
  return id;
}

struct DefinedTile {
  tiles::TileId id;
  std::string path;
};

// Goes through a file from its header to its last line.
class Cursor {
 public:
  explicit Cursor(const fs::path& path) : lines_(path) {
    const std::optional<Json> line = lines_.next();
    if (!line || !line->contains("smalti_placements")) lines_.fail("it is no file of placements");
    understood([&] {
      const int version = whole(line->at("smalti_placements"));
      if (version != kVersion)
        lines_.fail(fmt::format("it is in version {} of the format; this smalti reads {}", version,
                                kVersion));
      header_ = parse_header(*line);
    });
    lines_.expect_cells(fields());
  }

  // Goes to the next frame; false when there are no more.
  bool advance() {
    while (!ended_) {
      const std::optional<Json> line = lines_.next();
      if (!line) lines_.fail("the file is cut short behind it");
      bool frame = false;
      understood([&] { frame = take(*line); });
      if (frame) return true;
    }
    return false;
  }

  const PlacementsHeader& header() const { return header_; }
  const std::vector<DefinedTile>& tiles() const { return tiles_; }
  std::uint64_t frames() const { return frames_; }
  std::int64_t pts() const { return pts_; }
  std::int64_t shot_pts() const { return shot_pts_; }
  const std::vector<int>& cells() const { return cells_; }
  const std::shared_ptr<const std::vector<Rect>>& layout() const { return layout_; }

 private:
  std::size_t fields() const {
    return static_cast<std::size_t>(header_.columns) * static_cast<std::size_t>(header_.rows);
  }

  template <typename Reading>
  void understood(Reading reading) {
    try {
      reading();
    } catch (const Json::exception& error) {
      lines_.fail(reason_of(error));
    }
  }

  // True for a frame.
  bool take(const Json& line) {
    if (line.contains("tile")) {
      if (count_at(line.at("tile")) != tiles_.size())
        lines_.fail("tiles are not numbered one after the other");
      tiles_.push_back({parse_tile(line), path_at(line, "path")});
      return false;
    }
    if (line.contains("frames")) {
      if (count_at(line.at("frames")) != frames_)
        lines_.fail(fmt::format("it counts {} frames, and {} stand before it",
                                line.at("frames").dump(), frames_));
      if (lines_.next()) lines_.fail("there is more behind the last line");
      ended_ = true;
      return false;
    }
    take_frame(line);
    return true;
  }

  void take_frame(const Json& line) {
    const auto pts = time_at(line.at("pts"));
    if (frames_ > 0 && pts <= pts_) lines_.fail("its time does not lie behind the frame before");
    pts_ = pts;
    shot_pts_ = time_at(line.at("shot"));
    const int most = static_cast<int>(tiles_.size()) - 1;
    if (line.contains("cells")) {
      take_layout(line);
      const Json& all = line.at("cells");
      if (!all.is_array() || all.size() != cells_.size())
        lines_.fail(layout_ == nullptr
                        ? fmt::format("its cells are not {}x{}", header_.columns, header_.rows)
                        : fmt::format("its cells are not {}", cells_.size()));
      for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] = whole<int>(all[i], -1, most);
    } else {
      if (frames_ == 0) lines_.fail("the first frame does not hold all cells");
      const Json& changed = line.at("changed");
      if (!changed.is_array() || changed.size() % 2 != 0) lines_.fail("its changes are no pairs");
      for (std::size_t i = 0; i < changed.size(); i += 2)
        cells_[whole<std::size_t>(changed[i], 0, static_cast<std::int64_t>(cells_.size()) - 1)] =
            whole<int>(changed[i + 1], -1, most);
    }
    ++frames_;
  }

  // Where the cells lie from this frame on.
  void take_layout(const Json& line) {
    if (line.contains("layout")) {
      layout_ = std::make_shared<const std::vector<Rect>>(cells_within(line.at("layout"), header_));
      cells_.assign(layout_->size(), -1);
    } else if (cells_.empty()) {
      if (fields() > lines_.bytes())
        lines_.fail(fmt::format("its {}x{} cells are more than the file has room for",
                                header_.columns, header_.rows));
      cells_.resize(fields());
    }
  }

  Lines lines_;
  PlacementsHeader header_;
  std::vector<DefinedTile> tiles_;
  std::shared_ptr<const std::vector<Rect>> layout_;
  std::vector<int> cells_;
  std::int64_t pts_ = 0;
  std::int64_t shot_pts_ = 0;
  std::uint64_t frames_ = 0;
  bool ended_ = false;
};

}  // namespace

struct PlacementsReader::State {
  explicit State(const fs::path& path) : file(path), cursor(path) {}

  [[noreturn]] void refuse(const std::string& why, const std::string& hint) const {
    throw Error(ErrorKind::kBadInput, fmt::format("the placements '{}' {}", file.string(), why),
                hint);
  }

  [[noreturn]] void refuse_frame(std::int64_t pts) const {
    refuse(fmt::format("have none for the target's frame at {:.3f} s", seconds(pts)),
           "they were made of another target, or of another part of it");
  }

  double seconds(std::int64_t pts) const {
    return static_cast<double>(pts) * cursor.header().time_base.value();
  }

  fs::path file;
  std::vector<std::int64_t> times;  // of all frames
  std::vector<DefinedTile> tiles;
  Cursor cursor;
  std::vector<match::TileNumber> numbers;           // in the set that is used
  std::shared_ptr<const std::vector<Rect>> layout;  // of the frame placed last
  std::shared_ptr<const Cells> cells;               // and what that makes
};

PlacementsReader::PlacementsReader(const fs::path& file) : state_(std::make_unique<State>(file)) {
  Cursor all(file);
  while (all.advance()) state_->times.push_back(all.pts());
  state_->tiles = all.tiles();
  if (state_->times.empty()) state_->refuse("hold no frame", save_anew());
}

PlacementsReader::~PlacementsReader() = default;

const PlacementsHeader& PlacementsReader::header() const { return state_->cursor.header(); }
std::uint64_t PlacementsReader::frames() const { return state_->times.size(); }

void PlacementsReader::expect(Rational time_base) const {
  const Rational own = header().time_base;
  if (own.num == time_base.num && own.den == time_base.den) return;
  const bool still = own.num == 0;
  state_->refuse(still                ? "are those of a still"
                 : time_base.num == 0 ? "are those of a video"
                                      : worded("were made of another target, or at another {fps}"),
                 still                ? worded("`{command image}` makes it again")
                 : time_base.num == 0 ? worded("`{command video}` makes it again")
                                      : "name the target that they were made of");
}

void PlacementsReader::expect_part(std::int64_t first_pts, std::optional<std::int64_t> end_pts,
                                   bool to_the_end) const {
  if (!std::binary_search(state_->times.begin(), state_->times.end(), first_pts))
    state_->refuse_frame(first_pts);
  const std::optional<std::int64_t> own = header().end_pts;
  if (!own || !end_pts) return;
  if (*end_pts > *own)
    state_->refuse(fmt::format("end at {:.3f} s, and the target goes on to {:.3f} s",
                               state_->seconds(*own), state_->seconds(*end_pts)),
                   worded("they were made of another target, or of a part of it: choose that with "
                          "{start} and {duration}"));
  if (to_the_end && *end_pts < *own)
    state_->refuse(fmt::format("go on to {:.3f} s, and the target ends at {:.3f} s",
                               state_->seconds(*own), state_->seconds(*end_pts)),
                   "name the target that they were made of");
}

void PlacementsReader::use(const tiles::TileSet& tiles) {
  std::size_t missing = 0;
  std::string first;
  for (const DefinedTile& tile : state_->tiles) {
    const auto found =
        std::lower_bound(tiles.tiles.begin(), tiles.tiles.end(), tile.id,
                         [](const tiles::Tile& t, const tiles::TileId& id) { return t.id < id; });
    const bool there = found != tiles.tiles.end() && found->id == tile.id;
    if (!there && missing++ == 0) first = tile.path;
    state_->numbers.push_back(there ? static_cast<match::TileNumber>(found - tiles.tiles.begin())
                                    : -1);
  }
  if (missing > 0)
    state_->refuse(fmt::format("were made with other tiles: of the {} that they show, {} {} not "
                               "among these: '{}'{}",
                               state_->tiles.size(), missing, missing == 1 ? "is" : "are", first,
                               missing == 1 ? "" : ", ..."),
                   "name the folders or the library that they were made with");
}

PlacementsReader::Frame PlacementsReader::at(std::int64_t pts) {
  Cursor& cursor = state_->cursor;
  bool there = cursor.frames() > 0 || cursor.advance();
  while (there && cursor.pts() < pts) there = cursor.advance();
  if (!there || cursor.pts() != pts) state_->refuse_frame(pts);
  Frame frame{cursor.pts(), cursor.shot_pts(), cursor.layout(),
              match::Placement(cursor.cells().size())};
  for (std::size_t i = 0; i < frame.placement.size(); ++i)
    if (const int number = cursor.cells()[i]; number >= 0)
      frame.placement[i].tile = state_->numbers[static_cast<std::size_t>(number)];
  return frame;
}

void PlacementsReader::place(pipeline::FrameJob& job, const Grid& fields) {
  Frame frame = at(job.pts);
  job.starts_shot = frame.shot_pts == frame.pts || job.index == 0;
  job.shot_pts = frame.shot_pts;
  if (!state_->cells || state_->layout != frame.layout) {
    state_->layout = frame.layout;
    state_->cells = std::make_shared<const Cells>(cells_of(frame, fields));
  }
  job.cells = state_->cells;
  job.placement = std::move(frame.placement);
  if (std::any_of(job.placement.begin(), job.placement.end(),
                  [](const match::Candidate& c) { return c.tile < 0; }))
    throw Error(ErrorKind::kBadInput, "the placements leave cells empty, which only stills can");
}

Cells cells_of(const PlacementsReader::Frame& frame, const Grid& fields) {
  return frame.layout ? Cells(fields, *frame.layout) : Cells(fields);
}

PlacementsHeader read_placements_header(const fs::path& file) { return Cursor(file).header(); }

void adopt(const PlacementsHeader& header, MosaicOptions& options) {
  options.layout.layout = CellLayout::kGrid;  // of fields
  options.layout.columns = header.columns;
  options.layout.rows = header.rows;
  options.layout.cells.reset();
  options.layout.scale.reset();
  options.layout.tile_size.reset();
  options.layout.aspect = header.aspect;
  // The cells are settled, so the target cannot be cut to another shape.
  if (options.layout.fit_mode == FitMode::kCrop) options.layout.fit_mode = header.fit_mode;
  if (header.fit_mode == FitMode::kCrop) options.layout.shown_shape = header.canvas;
  if (!options.layout.chooses_canvas()) options.layout.size = header.canvas;
  if (options.tiles.empty()) options.tiles = header.sources;
  options.crops = header.crops;
  options.all_frames = header.all_frames;
  options.color_adjust = header.color_adjust;
  options.opacity = header.opacity;
}

std::unique_ptr<PlacementsReader> open_placements(const MosaicOptions& options) {
  if (!options.from_placements) return nullptr;
  return std::make_unique<PlacementsReader>(*options.from_placements);
}

}  // namespace smalti
