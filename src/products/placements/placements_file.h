#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/output_handle.h"
#include "mosaic/layout.h"
#include "pipeline/frame_job.h"
#include "products/placements/placements.h"
#include "smalti/events.h"
#include "tiles/tile.h"

namespace smalti {

/// Writes a file of placements. One thread at a time, in frame order.
class PlacementsWriter {
 public:
  /// The tiles must outlive the writer; the header's `tiles` and `library` are made of them. Throws
  /// Error as OutputFile and OutputHandle do.
  PlacementsWriter(const std::filesystem::path& file, bool overwrite, PlacementsHeader header,
                   const tiles::TileSet& tiles, const Events& events);

  void write(std::int64_t pts, std::int64_t shot_pts, const Cells& cells,
             const match::Placement& placement);

  /// The last line; only now the file is given its name. Throws Error (kInputOutput).
  void finish();

 private:
  void define_tiles(const match::Placement& placement);
  std::string layout_text(const Cells& cells);
  void put(const std::string& line);

  OutputFile file_;
  OutputHandle handle_;
  const tiles::TileSet& tiles_;
  std::vector<int> numbers_;  // in the file, of each tile; -1 before its first use
  int defined_ = 0;
  std::optional<Cells> cells_;  // of the frame before
  match::Placement before_;
  std::int64_t shot_pts_ = 0;
  std::uint64_t frames_ = 0;
  std::string waiting_;  // to be written in larger pieces
};

/// Reads one. One thread at a time.
class PlacementsReader {
 public:
  /// Reads it to its end once, so that what is wrong with it is found before any work. Throws Error
  /// (kBadInput) naming the line.
  explicit PlacementsReader(const std::filesystem::path& file);
  ~PlacementsReader();

  const PlacementsHeader& header() const;
  std::uint64_t frames() const;

  /// Throws Error (kBadInput) unless its times are in these units: it is of another target.
  void expect(Rational time_base) const;

  /// Throws Error (kBadInput) where it is known ahead that frames of the target are without
  /// placements: the first, or those behind the end. `to_the_end`: of the whole rest of the target,
  /// which then must not end before the placements either.
  void expect_part(std::int64_t first_pts, std::optional<std::int64_t> end_pts,
                   bool to_the_end) const;

  /// Which of these tiles are meant from now on. They must outlive the reader. Throws Error
  /// (kBadInput) when one that the file names is not among them.
  void use(const tiles::TileSet& tiles);

  /// What a frame shows.
  struct Frame {
    std::int64_t pts = 0;
    std::int64_t shot_pts = 0;
    /// Where the cells lie, in columns and rows: the same object for as long as they do. Null where
    /// each field is a cell.
    std::shared_ptr<const std::vector<Rect>> layout;
    match::Placement placement;
  };

  /// The frame of this time; times must increase from call to call. Throws Error (kBadInput) when
  /// there is none.
  Frame at(std::int64_t pts);
  /// Gives a video's frame its cells, of these fields, and places it as it was, and says which shot
  /// it is of. The fields must be the same from call to call. Throws Error (kBadInput) as at()
  /// does, and for cells without a tile.
  void place(pipeline::FrameJob& job, const Grid& fields);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A frame's cells, of these fields.
Cells cells_of(const PlacementsReader::Frame& frame, const Grid& fields);

/// The header of what a job with these options saves.
PlacementsHeader placements_header(const MosaicOptions& options, const mosaic::Layout& layout,
                                   Rational time_base, std::optional<std::int64_t> end_pts);

/// Null unless the options ask for one. Throws as the constructors do.
std::unique_ptr<PlacementsReader> open_placements(const MosaicOptions& options);
std::unique_ptr<PlacementsWriter> save_placements(const MosaicOptions& options,
                                                  const mosaic::Layout& layout, Rational time_base,
                                                  std::optional<std::int64_t> end_pts,
                                                  const tiles::TileSet& tiles,
                                                  const Events& events);

}  // namespace smalti
