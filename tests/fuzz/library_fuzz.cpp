// A tile library whose rows say whatever they like, under checksums and counts that are right:
// without these nothing would be looked at. It is looked through, checked, loaded, its tiles drawn
// and searched, exported and repaired. Reading may fail with an Error and no other way; a library
// that was repaired holds nothing to complain of.

#include "fuzz/feed.h"
#include "library/library_file.h"
#include "library/tile_library.h"
#include "match/tile_index.h"
#include "smalti/tile_library.h"
#include "support/animated_files.h"
#include "tiles/atlas.h"

namespace smalti::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostRows = 64;

enum class Kind : std::uint8_t { kSmall, kNumber, kText, kBlob };

library::Value value_of(Feed& feed) {
  switch (static_cast<Kind>(feed.byte() % 4)) {
    case Kind::kSmall:
      return std::int64_t{static_cast<std::int8_t>(feed.byte())};
    case Kind::kNumber:
      return feed.number();
    case Kind::kText:
      return library::Text{feed.text()};
    case Kind::kBlob:
      break;
  }
  return library::Blob{feed.text()};
}

// As many columns as the table has; the braces see to their order.
void insert_row(library::Change& change, Feed& feed) {
  const auto table = static_cast<library::Table>(feed.byte() % library::kTables);
  const std::int64_t id = feed.byte();
  const auto v = [&] { return value_of(feed); };
  switch (table) {
    case library::Table::kRoot:
    case library::Table::kThumbnail:
      change.insert(table, {v()}, id);
      break;
    case library::Table::kDescription:
      change.insert(table, {v(), v()}, id);
      break;
    case library::Table::kPicture:
      change.insert(table, {v(), v(), v(), v(), v(), v(), v()}, id);
      break;
    case library::Table::kSource:
      change.insert(
          table,
          {v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v()},
          id);
      break;
  }
}

void make_library(const fs::path& path, Feed& feed) {
  for (const fs::path& file : library::files_of_library(path)) fs::remove(file);
  library::LibraryFile library = library::LibraryFile::write(path);
  library::Change change(library);
  for (std::size_t i = 0; i < kMostRows && !feed.empty(); ++i) {
    try {
      insert_row(change, feed);
    } catch (const Error&) {  // the same path or id again
    }
  }
  change.commit();
}

// What a mosaic does with tiles.
void use(const tiles::TileSet& set) {
  constexpr std::size_t kEnough = 8;
  if (set.size() == 0) return;
  const match::TileIndex index(set.view(), set.alternatives);
  must_hold(index.nearest(set.view()[0]).distance == 0, "a tile's own descriptor is found");
  constexpr PixelFormat kRgb{ColorModel::kRgb, 8, 0, 0, false};
  tiles::Atlas atlas(set, kRgb, {}, 1 << 20);
  for (std::size_t i = 0; i < std::min(set.size(), kEnough); ++i) {
    try {
      const auto shown = atlas.get(static_cast<match::TileNumber>(i), {9, 12});
      must_hold(shown->size() == Size{9, 12}, "a tile is drawn as large as it is wanted");
    } catch (const Error&) {
    }
  }
}

template <typename Reading>
void may_fail(Reading reading) {
  try {
    reading();
  } catch (const Error& error) {
    must_hold(error.kind() == ErrorKind::kBadInput || error.kind() == ErrorKind::kCannotCreate ||
                  error.kind() == ErrorKind::kInputOutput,
              "it is the library that is bad, or the export's names");
  }
}

Input menu_of(const fs::path& path) {
  library::LibraryFile library = library::LibraryFile::read(path);
  Menu menu;
  for (const library::Table table : library::kAllTables) {
    library.for_each(table, [&](const sqlite::Statement& row) {
      menu.byte(static_cast<std::uint8_t>(table));
      menu.byte(static_cast<std::uint8_t>(row.integer(0)));
      for (int column = 1; column + 1 < row.columns(); ++column) {
        const int type = row.type(column);
        const Kind kind = type == SQLITE_INTEGER ? Kind::kNumber
                          : type == SQLITE_TEXT  ? Kind::kText
                                                 : Kind::kBlob;
        menu.byte(static_cast<std::uint8_t>(kind));
        if (kind == Kind::kNumber) {
          menu.number(row.integer(column));
        } else {
          menu.text(row.bytes(column));
        }
      }
    });
  }
  return menu.input();
}

}  // namespace

int fuzz_library(const std::uint8_t* data, std::size_t size) {
  const fs::path path = workplace() / "library.smalti";
  const fs::path exported = workplace() / "exported";
  Feed feed(data, size);
  make_library(path, feed);
  may_fail([&] { inspect_library(path, {}); });
  may_fail([&] { use(library::load_library(path, {3, 4}, {}).tiles); });
  may_fail([&] { export_library(path, exported, {}); });
  fs::remove_all(exported);
  may_fail([&] { check_library(path); });
  may_fail([&] {
    repair_library(path);
    must_hold(check_library(path).complaints.empty(), "a repaired library is all right");
  });
  may_fail([&] { use(library::load_library(path, {1, 1}, {}).tiles); });
  return 0;
}

std::vector<Input> library_seeds() {
  const test::TempFolder folder;
  const fs::path pictures = folder / "pictures";
  const fs::path path = folder / "tiles";
  test::write_file(pictures / "one.png", test::png_file(test::photo({12, 16})));
  library::BuildOptions options{.aspect = {3, 4}};
  library::build_library(path, {pictures}, options, {});
  std::vector<Input> seeds = {menu_of(path)};
  test::write_file(pictures / "two.png", test::png_file(test::photo({16, 12}, true)));
  test::write_file(pictures / "three.gif",
                   test::gif_file({8, 8}, test::differing_parts(3, {8, 8})));
  test::write_file(pictures / "none.jpg", {'n', 'o'});
  options.all_frames = true;
  library::build_library(path, {pictures}, options, {});
  seeds.push_back(menu_of(path));
  return seeds;
}

}  // namespace smalti::fuzz
