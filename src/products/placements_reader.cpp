#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <utility>

#include "base/json.h"
#include "products/crop_names.h"
#include "products/placements_file.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

constexpr int kVersion = 1;
constexpr const char* kHint = "save it anew with --save-placements";

// A JSON object a line, and where it stands.
class Lines {
 public:
  explicit Lines(const fs::path& path) : path_(path), file_(path, std::ios::binary) {
    std::error_code error;
    if (file_ && !fs::is_directory(path, error)) return;
    throw Error(ErrorKind::kMissingInput,
                fmt::format("cannot read the placements '{}'", path.string()), "check the name");
  }

  // The next object, or nothing at the end of the file.
  std::optional<Json> next() {
    std::string text;
    if (!std::getline(file_, text)) {
      if (file_.bad())
        throw Error(ErrorKind::kInputOutput,
                    fmt::format("cannot read on in the placements '{}'", path_.string()));
      return std::nullopt;
    }
    ++number_;
    try {
      Json line = Json::parse(text);
      if (line.is_object()) return line;
    } catch (const Json::exception&) {
    }
    fail(file_.eof() ? "it ends in the middle" : "it is no JSON object");
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("cannot use the placements '{}': line {}: {}", path_.string(), number_, why),
        kHint);
  }

 private:
  fs::path path_;
  std::ifstream file_;
  std::uint64_t number_ = 0;
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

template <typename Of>
Of pair_of(const Json& value) {
  return {whole(value.at(0)), whole(value.at(1))};
}

CropKind crop_kind(const Json& value) {
  const auto& wanted = value.get_ref<const std::string&>();
  for (const auto& [name, kind] : kCropNames)
    if (name == wanted) return kind;
  throw Json::other_error::create(500, "there is no such crop", &value);
}

PlacementsHeader parse_header(const Json& line) {
  PlacementsHeader h;
  h.canvas = pair_of<Size>(line.at("canvas"));
  h.columns = whole<int>(line.at("columns"), 1, kMostCells);
  h.rows = whole<int>(line.at("rows"), 1, kMostCells / h.columns);
  h.aspect = {whole(line.at("aspect").at(0), 1), whole(line.at("aspect").at(1), 1)};
  h.time_base = pair_of<Rational>(line.at("time_base"));
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

TileId parse_tile(const Json& line) {
  const auto& hash = line.at("hash").get_ref<const std::string&>();
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (hash.size() != 32 || !std::all_of(hash.begin(), hash.end(), is_digit))
    throw Json::other_error::create(500, "the hash is none", &line);
  const Json& crop = line.at("crop");
  TileId id;
  id.hash_high = std::stoull(hash.substr(0, 16), nullptr, 16);
  id.hash_low = std::stoull(hash.substr(16), nullptr, 16);
  id.crop = {whole(crop.at(0), INT32_MIN), whole(crop.at(1), INT32_MIN), whole(crop.at(2)),
             whole(crop.at(3))};
  id.timestamp_us = time_at(line.at("time_us"));
  id.mirrored = line.at("mirrored").get<bool>();
  return id;
}

// What nlohmann's messages say behind their number.
std::string reason_of(const Json::exception& error) {
  const std::string text = error.what();
  const std::size_t at = text.find("] ");
  return at == std::string::npos ? text : text.substr(at + 2);
}

struct DefinedTile {
  TileId id;
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
    cells_.resize(static_cast<std::size_t>(header_.columns) *
                  static_cast<std::size_t>(header_.rows));
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

 private:
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
      const Json& all = line.at("cells");
      if (!all.is_array() || all.size() != cells_.size())
        lines_.fail(fmt::format("its cells are not {}x{}", header_.columns, header_.rows));
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

  Lines lines_;
  PlacementsHeader header_;
  std::vector<DefinedTile> tiles_;
  std::vector<int> cells_;
  std::int64_t pts_ = 0;
  std::int64_t shot_pts_ = 0;
  std::uint64_t frames_ = 0;
  bool ended_ = false;
};

class Replay : public Stabilizer {
 public:
  explicit Replay(PlacementsReader& reader) : reader_(reader) {}

  std::vector<JobPtr> push(JobPtr job) override {
    PlacementsReader::Frame frame = reader_.at(job->pts);
    job->starts_shot = frame.shot_pts == frame.pts || job->index == 0;
    job->shot_pts = frame.shot_pts;
    job->placement = std::move(frame.placement);
    if (std::any_of(job->placement.begin(), job->placement.end(),
                    [](const Candidate& c) { return c.tile < 0; }))
      throw Error(ErrorKind::kBadInput, "the placements leave cells empty, which only stills can");
    return {std::move(job)};
  }

  std::vector<JobPtr> flush() override { return {}; }
  std::size_t look_ahead() const override { return 0; }
  Placement save() const override { return {}; }
  void restore(const Placement& /*state*/) override {}

 private:
  PlacementsReader& reader_;
};

}  // namespace

struct PlacementsReader::State {
  explicit State(const fs::path& path) : file(path), cursor(path) {}

  [[noreturn]] void refuse(const std::string& why, const std::string& hint) const {
    throw Error(ErrorKind::kBadInput, fmt::format("the placements '{}' {}", file.string(), why),
                hint);
  }

  fs::path file;
  std::uint64_t frames = 0;
  std::vector<DefinedTile> tiles;
  Cursor cursor;
  std::vector<TileNumber> numbers;  // in the set that is used
};

PlacementsReader::PlacementsReader(const fs::path& file) : state_(std::make_unique<State>(file)) {
  Cursor all(file);
  while (all.advance()) continue;
  state_->frames = all.frames();
  state_->tiles = all.tiles();
  if (state_->frames == 0) state_->refuse("hold no frame", kHint);
}

PlacementsReader::~PlacementsReader() = default;

const PlacementsHeader& PlacementsReader::header() const { return state_->cursor.header(); }
std::uint64_t PlacementsReader::frames() const { return state_->frames; }

void PlacementsReader::expect(Rational time_base) const {
  const Rational own = header().time_base;
  if (own.num == time_base.num && own.den == time_base.den) return;
  const bool still = own.num == 0;
  state_->refuse(still                ? "are those of a still"
                 : time_base.num == 0 ? "are those of a video"
                                      : "were made of another target, or at another --fps",
                 still                ? "`smalti image` makes it again"
                 : time_base.num == 0 ? "`smalti video` makes it again"
                                      : "name the target that they were made of");
}

void PlacementsReader::use(const TileSet& tiles) {
  std::size_t missing = 0;
  std::string first;
  for (const DefinedTile& tile : state_->tiles) {
    const auto found = std::lower_bound(tiles.tiles.begin(), tiles.tiles.end(), tile.id,
                                        [](const Tile& t, const TileId& id) { return t.id < id; });
    const bool there = found != tiles.tiles.end() && found->id == tile.id;
    if (!there && missing++ == 0) first = tile.path;
    state_->numbers.push_back(there ? static_cast<TileNumber>(found - tiles.tiles.begin()) : -1);
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
  if (!there || cursor.pts() != pts)
    state_->refuse(fmt::format("have none for the target's frame at {:.3f} s",
                               static_cast<double>(pts) * header().time_base.value()),
                   "they were made of another target, or of another part of it");
  Frame frame{cursor.pts(), cursor.shot_pts(), Placement(cursor.cells().size())};
  for (std::size_t i = 0; i < frame.placement.size(); ++i)
    if (const int number = cursor.cells()[i]; number >= 0)
      frame.placement[i].tile = state_->numbers[static_cast<std::size_t>(number)];
  return frame;
}

PlacementsHeader read_placements_header(const fs::path& file) { return Cursor(file).header(); }

void adopt(const PlacementsHeader& header, MosaicOptions& options) {
  options.layout.columns = header.columns;
  options.layout.rows = header.rows;
  options.layout.scale.reset();
  options.layout.tile_size.reset();
  options.layout.aspect = header.aspect;
  if (!options.layout.size && !options.layout.enlarge) options.layout.size = header.canvas;
  if (options.tiles.empty()) options.tiles = header.sources;
  options.crops = header.crops;
  options.all_frames = header.all_frames;
  options.color_adjust = header.color_adjust;
  options.opacity = header.opacity;
}

std::unique_ptr<Stabilizer> make_replay(PlacementsReader& reader) {
  return std::make_unique<Replay>(reader);
}

std::unique_ptr<PlacementsReader> open_placements(const MosaicOptions& options) {
  if (!options.from_placements) return nullptr;
  return std::make_unique<PlacementsReader>(*options.from_placements);
}

}  // namespace smalti
