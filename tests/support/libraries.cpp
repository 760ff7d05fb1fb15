#include "support/libraries.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <opencv2/imgproc.hpp>

#include "base/file_state.h"
#include "library/library_rows.h"
#include "library/tile_library.h"

namespace smalti::test {

namespace fs = std::filesystem;

cv::Mat differing_photo(int number) {
  cv::Mat picture = photo({40 + number % 50, 30 + number / 50});
  // Colours that spread over the tiles, so that each has cells it is the nearest for.
  const cv::Scalar tint(37 * number % 200, 91 * number % 200, 53 * number % 200);
  cv::addWeighted(picture, 0.4, cv::Mat(picture.size(), CV_8UC3, tint), 0.6, 0, picture);
  return picture;
}

void fill_with_awkward_pictures(const fs::path& folder) {
  for (int i = 0; i < 4; ++i)
    write_file(folder / ("photo " + std::to_string(i) + ".png"), png_file(differing_photo(i)));
  const File jpeg = jpeg_file(photo({300, 200}));
  write_file(folder / "deep/not utf-8 \xFF.jpg", jpeg);
  write_file(folder / "alpha.png", png_file(photo({200, 100}, true)));
  write_file(folder / "once more.png", png_file(differing_photo(2)));
  write_file(folder / "glass.png", png_file(cv::Mat(50, 50, CV_8UC4, cv::Scalar(1, 2, 3, 0))));
  write_file(folder / "cut.jpg", {jpeg.begin(), jpeg.begin() + 2000});
  write_file(folder / "empty.JPG", {});
  write_file(folder / "README.md", {'h', 'i'});
}

BuildSummary build(const fs::path& library, const std::vector<fs::path>& sources) {
  return library::build_library(library, sources, {}, {});
}

bool same_tiles(const tiles::TileSet& a, const tiles::TileSet& b) {
  return a.descriptors == b.descriptors &&
         std::equal(a.tiles.begin(), a.tiles.end(), b.tiles.begin(), b.tiles.end(),
                    [](const tiles::Tile& x, const tiles::Tile& y) {
                      return x.id == y.id && x.source == y.source &&
                             x.is_video_frame == y.is_video_frame &&
                             tiles::thumbnail_of(x) == tiles::thumbnail_of(y);
                    });
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

void run_sql(const fs::path& library, const std::string& sql) {
  sqlite::Database(fs::absolute(library), sqlite::Database::Access::kWrite).execute(sql.c_str());
}

void reseal(const fs::path& library) {
  sqlite::Database database(fs::absolute(library), sqlite::Database::Access::kWrite);
  database.execute("BEGIN");
  for (const library::Table table : library::kAllTables) {
    const std::string name = library::name_of(table);
    library::Tally tally;
    std::vector<std::pair<std::int64_t, std::int64_t>> checksums;
    sqlite::Statement rows(database, "SELECT * FROM " + name);
    while (rows.step()) checksums.emplace_back(rows.integer(0), library::checksum_of(table, rows));
    sqlite::Statement update(database, "UPDATE " + name + " SET checksum = ? WHERE id = ?");
    for (const auto& [id, checksum] : checksums) {
      update.bind(1, checksum);
      update.bind(2, id);
      update.run();
      ++tally.rows;
      tally.digest += static_cast<std::uint64_t>(checksum);
    }
    library::write_tally(database, table, tally);
  }
  database.execute("COMMIT");
}

void replace_thumbnails(const fs::path& library, const File& bytes) {
  {
    sqlite::Database database(fs::absolute(library), sqlite::Database::Access::kWrite);
    sqlite::Statement thumbnails(database, "UPDATE thumbnail SET data = ?");
    thumbnails.bind_blob(1, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    thumbnails.run();
    sqlite::Statement pictures(database, "UPDATE picture SET thumbnail_hash = ?");
    pictures.bind(1, library::thumbnail_hash(bytes));
    pictures.run();
    database.execute("DELETE FROM description");
  }
  reseal(library);
}

void forget_ctime(const fs::path& library, const fs::path& file) {
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  library::LibraryFile open = library::LibraryFile::write(library);
  std::vector<library::SourceRow> sources;
  {
    const library::Snapshot snapshot(open);
    sources = library::all_sources(open);
  }
  library::Change change(open);
  for (library::SourceRow& source : sources) {
    if (source.path != file.native()) continue;
    change.erase(library::Table::kSource, source.id);
    source.file.ctime_ns = file_state(status).ctime_ns;
    library::insert(change, source);
  }
  change.commit();
}

}  // namespace smalti::test
