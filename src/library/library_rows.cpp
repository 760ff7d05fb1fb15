#include "library/library_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <tuple>

#include "library/library_values.h"

namespace smalti::library {
namespace {

static_assert(std::endian::native == std::endian::little, "blocks hold numbers as they lie");

constexpr std::size_t kDescriptorBytes = match::kDescriptorSize * sizeof(std::int16_t);
constexpr std::size_t kViewAt = kColorsAt + kDescriptorBytes;

std::uint64_t number_at(std::string_view bytes, std::size_t at) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

ContentHash content_hash_of(std::string_view bytes) {
  if (bytes.size() != 16) return {};
  return {number_at(bytes, 0), number_at(bytes, 8)};
}

bool before(const ContentHash& a, const ContentHash& b) {
  return std::tie(a.high, a.low) < std::tie(b.high, b.low);
}

}  // namespace

// Big-endian, so that the column sorts as the numbers do.
HashBytes::HashBytes(const ContentHash& hash) {
  for (std::size_t i = 0; i < 8; ++i) {
    const std::size_t shift = 56 - 8 * i;
    bytes_[i] = static_cast<char>(hash.high >> shift & 0xff);
    bytes_[i + 8] = static_cast<char>(hash.low >> shift & 0xff);
  }
}

SourceRow source_row(const sqlite::Statement& row) {
  SourceRow source;
  int column = 0;
  const auto number = [&] { return row.integer(column++); };
  const auto small = [&] { return static_cast<int>(number()); };
  const auto text = [&] { return std::string(row.bytes(column++)); };
  source.id = number();
  source.path = text();
  source.file.size = number();
  source.file.mtime_ns = number();
  source.file.ctime_ns = number();
  source.file.inode = number();
  source.scanned_ns = number();
  SourceFacts& facts = source.facts;
  facts.hash = content_hash_of(row.bytes(column++));
  facts.kind = static_cast<SourceKind>(number());
  facts.format = text();
  facts.size.width = small();
  facts.size.height = small();
  facts.orientation = small();
  facts.taken = text();
  facts.interval_us = number();
  facts.pictures = number();
  facts.state = static_cast<SourceState>(number());
  facts.remark = text();
  return source;
}

PictureRow picture_row(const sqlite::Statement& row) {
  PictureRow picture;
  picture.id = row.integer(0);
  picture.hash = content_hash_of(row.bytes(1));
  picture.timestamp_us = row.integer(2);
  picture.size = {static_cast<int>(row.integer(3)), static_cast<int>(row.integer(4))};
  picture.likeness = row.integer(5);
  picture.thumbnail_hash = row.integer(6);
  picture.orphaned_s = row.integer(7);
  return picture;
}

void insert(Change& change, const SourceRow& source) {
  const SourceFacts& facts = source.facts;
  const HashBytes hash(facts.hash);
  const auto number = [](auto value) { return static_cast<std::int64_t>(value); };
  change.insert(Table::kSource,
                {Blob{source.path}, source.file.size, source.file.mtime_ns, source.file.ctime_ns,
                 source.file.inode, source.scanned_ns, Blob{hash.view()}, number(facts.kind),
                 Text{facts.format}, number(facts.size.width), number(facts.size.height),
                 number(facts.orientation), Text{facts.taken}, facts.interval_us, facts.pictures,
                 number(facts.state), Text{facts.remark}});
}

std::int64_t insert(Change& change, const PictureRow& picture) {
  const HashBytes hash(picture.hash);
  return change.insert(Table::kPicture,
                       {Blob{hash.view()}, picture.timestamp_us, std::int64_t{picture.size.width},
                        std::int64_t{picture.size.height}, picture.likeness, picture.thumbnail_hash,
                        picture.orphaned_s},
                       picture.id);
}

std::vector<SourceRow> all_sources(LibraryFile& library) {
  std::vector<SourceRow> sources;
  library.for_each(Table::kSource,
                   [&](const sqlite::Statement& row) { sources.push_back(source_row(row)); });
  return sources;
}

std::vector<PictureRow> all_pictures(LibraryFile& library) {
  std::vector<PictureRow> pictures;
  library.for_each(Table::kPicture,
                   [&](const sqlite::Statement& row) { pictures.push_back(picture_row(row)); });
  std::sort(pictures.begin(), pictures.end(), [](const PictureRow& a, const PictureRow& b) {
    return a.hash == b.hash ? a.timestamp_us < b.timestamp_us : before(a.hash, b.hash);
  });
  return pictures;
}

std::vector<std::string> all_roots(LibraryFile& library) {
  std::vector<std::string> roots;
  library.for_each(Table::kRoot,
                   [&](const sqlite::Statement& row) { roots.emplace_back(row.bytes(1)); });
  return roots;
}

std::span<const PictureRow> pictures_of(const std::vector<PictureRow>& pictures,
                                        const ContentHash& hash) {
  struct ByHash {
    bool operator()(const PictureRow& a, const ContentHash& b) const { return before(a.hash, b); }
    bool operator()(const ContentHash& a, const PictureRow& b) const { return before(a, b.hash); }
  };
  const auto [first, last] = std::equal_range(pictures.begin(), pictures.end(), hash, ByHash());
  return {first, last};
}

bool is_complete(const SourceFacts& facts, std::span<const PictureRow> pictures) {
  if (facts.kind != SourceKind::kAnimation) return std::ssize(pictures) == facts.pictures;
  return std::ssize(pictures) >= facts.pictures && !pictures.empty() &&
         pictures.front().timestamp_us == 0;
}

void DescriptionBlock::add(std::int64_t thumbnail_hash, const tiles::Description& description) {
  std::array<char, kViewAt> record;
  const std::int16_t transparent = description.transparent ? 1 : 0;
  std::memcpy(record.data(), &thumbnail_hash, sizeof(thumbnail_hash));
  std::memcpy(record.data() + kFlagAt, &transparent, sizeof(transparent));
  std::memcpy(record.data() + kColorsAt, description.descriptor.data(), kDescriptorBytes);
  bytes_.append(record.data(), record.size());
  const std::vector<std::int16_t>& view = description.other_view;
  bytes_.append(reinterpret_cast<const char*>(view.data()), view.size() * sizeof(std::int16_t));
}

Descriptions::Descriptions(LibraryFile& library, const tiles::DescribeOptions& options)
    : other_view_size_(tiles::other_view_size(options.match)) {
  const std::string configuration = configuration_of(options);
  const std::size_t record_bytes = description_bytes(options.match);
  library.for_each(Table::kDescription, [&](const sqlite::Statement& row) {
    if (row.bytes(1) == configuration) blocks_.emplace_back(row.bytes(2));
  });
  for (const std::string& block : blocks_) {
    for (std::size_t at = 0; at < block.size(); at += record_bytes) {
      std::int64_t hash = 0;
      std::memcpy(&hash, block.data() + at, sizeof(hash));
      places_.push_back({hash, block.data() + at});
    }
  }
  std::sort(places_.begin(), places_.end(),
            [](const Place& a, const Place& b) { return a.thumbnail_hash < b.thumbnail_hash; });
}

const char* Descriptions::find(std::int64_t thumbnail_hash) const {
  const auto place =
      std::lower_bound(places_.begin(), places_.end(), thumbnail_hash,
                       [](const Place& a, std::int64_t hash) { return a.thumbnail_hash < hash; });
  const bool found = place != places_.end() && place->thumbnail_hash == thumbnail_hash;
  return found ? place->record : nullptr;
}

tiles::Description Descriptions::read(const char* found) const {
  tiles::Description description;
  std::int16_t transparent = 0;
  std::memcpy(&transparent, found + kFlagAt, sizeof(transparent));
  description.transparent = transparent != 0;
  std::memcpy(description.descriptor.data(), found + kColorsAt, kDescriptorBytes);
  description.other_view.resize(other_view_size_);
  if (other_view_size_ > 0)
    std::memcpy(description.other_view.data(), found + kViewAt,
                other_view_size_ * sizeof(std::int16_t));
  return description;
}

std::string configuration_of(const tiles::DescribeOptions& options) {
  const Aspect aspect = options.aspect;
  const int divisor = std::gcd(aspect.width, aspect.height);
  return fmt::format("crop=centre aspect={}:{} blocks={} space=lab{}", aspect.width / divisor,
                     aspect.height / divisor, match::kBlocksPerSide,
                     name_in_configuration(options.match));
}

}  // namespace smalti::library
