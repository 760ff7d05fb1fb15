#include "cli/text/library_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <map>
#include <numbers>

#include "cli/flags/notation.h"
#include "cli/text/console.h"

namespace smalti::cli {
namespace {

constexpr std::array<const char*, kChartColumns> kHues = {
    "grey", "rose", "red",   "orange", "yellow", "lime", "green",
    "mint", "cyan", "azure", "blue",   "violet", "pink"};

struct Rgb {
  int red;
  int green;
  int blue;
};

// The colour in the middle of a field of the chart.
Rgb color_of(int row, int column) {
  constexpr double kChroma = 40;
  const double angle = (column - 1) * 30 * std::numbers::pi / 180;
  const double chroma = column == 0 ? 0 : kChroma;
  const double fy = ((row + 0.5) * 100 / kChartRows + 16) / 116;
  const double fx = fy + chroma * std::cos(angle) / 500;
  const double fz = fy - chroma * std::sin(angle) / 200;
  const auto linear = [](double f) {
    return f > 6.0 / 29 ? f * f * f : 3 * (6.0 / 29) * (6.0 / 29) * (f - 4.0 / 29);
  };
  const double x = 0.9505 * linear(fx);
  const double y = linear(fy);
  const double z = 1.089 * linear(fz);
  const auto code = [](double v) {
    v = std::clamp(v, 0.0, 1.0);
    v = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
    return static_cast<int>(std::lround(v * 255));
  };
  return {code(3.2406 * x - 1.5372 * y - 0.4986 * z), code(-0.9689 * x + 1.8758 * y + 0.0415 * z),
          code(0.0557 * x - 0.2040 * y + 1.0570 * z)};
}

TerminalText field(std::size_t count, int row, int column, bool colored) {
  const std::string text = count == 0 ? "." : std::to_string(count);
  if (!colored || count == 0) return shown(" {:>6}", text);
  const Rgb c = color_of(row, column);
  const int ink = row >= kChartRows / 2 ? 30 : 97;
  return shown(" \033[{};48;2;{};{};{}m{:>6}\033[0m", ink, c.red, c.green, c.blue, text);
}

// A hue a line, which fits a narrow terminal.
TerminalText chart(const LibraryInfo& info) {
  const bool colored = results_have_color();
  TerminalText out = shown(
      "  tiles by hue and lightness of their mean colour; a dot is a gap\n  {:8} {:>6}{:28} "
      "{:>6}\n",
      "", "dark", "", "light");
  for (int column = 0; column < kChartColumns; ++column) {
    const auto hue = static_cast<std::size_t>(column);
    out += shown("  {:>8}", kHues[hue]);
    for (int row = 0; row < kChartRows; ++row)
      out += field(info.colors[static_cast<std::size_t>(row)][hue], row, column, colored);
    out += shown("\n");
  }
  return out;
}

std::string pixels_text(std::int64_t pixels) {
  if (pixels < 1'000'000) return counted(static_cast<std::uint64_t>(pixels), "pixel", "pixels");
  return fmt::format("{:.1f} megapixels", static_cast<double>(pixels) / 1e6);
}

// EXIF's "2024:07:31 18:05:00" as "2024-07-31".
std::string day_of(const std::string& taken) {
  std::string day = taken.substr(0, 10);
  std::replace(day.begin(), day.end(), ':', '-');
  return day;
}

Json json_of(const std::vector<SkippedFile>& files) {
  Json list = Json::array();
  for (const SkippedFile& file : files)
    list.push_back({{"path", file.path.string()}, {"reason", file.reason}});
  return list;
}

TerminalText listed(const std::vector<SkippedFile>& files, const char* what) {
  TerminalText out;
  for (const SkippedFile& file : files)
    out += shown("  {:<9}{}: {}\n", what, file.path, file.reason);
  return out;
}

std::string date_text(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm local{};
  ::localtime_r(&time, &local);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local);
  return text.data();
}

}  // namespace

TerminalText build_text(const std::string& library, const BuildSummary& s) {
  TerminalText out = shown("{}: {}; {} looked at, {} decoded, {} unchanged", library,
                           counted(s.tiles, "tile", "tiles"), counted(s.files, "file", "files"),
                           grouped(s.decoded), grouped(s.unchanged));
  if (s.known > 0) out += shown(", {} of known content", grouped(s.known));
  if (s.removed > 0) out += shown(", {} gone", grouped(s.removed));
  if (!s.skipped.empty()) out += shown(", {} left out", grouped(s.skipped.size()));
  return out + shown("\n");
}

TerminalText build_json(const std::string& library, const BuildSummary& s) {
  return shown_json({{"event", "done"},
                     {"library", library},
                     {"tiles", s.tiles},
                     {"files", s.files},
                     {"decoded", s.decoded},
                     {"unchanged", s.unchanged},
                     {"known", s.known},
                     {"removed", s.removed},
                     {"skipped", json_of(s.skipped)}});
}

TerminalText info_text(const std::string& library, const LibraryInfo& info) {
  TerminalText out = shown("{}: {}, {}\n", library, counted(info.pictures, "tile", "tiles"),
                           bytes_text(info.bytes));
  for (const auto& root : info.roots) out += shown("  {:<9}{}\n", "from", root);
  out += shown("  {:<9}{}", "files", grouped(info.files));
  std::string separator = " (";
  for (const auto& [format, count] : info.formats) {
    out += shown("{}{} {}", separator, grouped(count), format);
    separator = ", ";
  }
  out += info.formats.empty() ? shown("\n") : shown(")\n");
  if (info.files > 0) {
    out += shown("  {:<9}{}", "sizes", pixels_text(info.smallest_pixels));
    if (info.largest_pixels > info.smallest_pixels)
      out += shown(" to {}", pixels_text(info.largest_pixels));
    out += shown("\n");
  }
  if (info.dated > 0)
    out += shown("  {:<9}{} to {}, of {}\n", "dates", day_of(info.first_taken),
                 day_of(info.last_taken), counted(info.dated, "picture", "pictures"));
  out += listed(info.damaged, "damaged");
  out += listed(info.skipped, "left out");
  return info.pictures > 0 ? out + chart(info) : out;
}

TerminalText info_json(const std::string& library, const LibraryInfo& info) {
  Json roots = Json::array();
  for (const auto& root : info.roots) roots.push_back(root.string());
  Json chart = Json::array();
  for (const auto& row : info.colors) chart.push_back(row);
  const Json json = {
      {"library", library},
      {"bytes", info.bytes},
      {"roots", roots},
      {"files", info.files},
      {"videos", info.videos},
      {"tiles", info.pictures},
      {"formats", info.formats},
      {"pixels", {{"smallest", info.smallest_pixels}, {"largest", info.largest_pixels}}},
      {"dates", {{"count", info.dated}, {"first", info.first_taken}, {"last", info.last_taken}}},
      {"hues", kHues},
      {"colors_dark_to_light", chart},
      {"damaged", json_of(info.damaged)},
      {"skipped", json_of(info.skipped)}};
  return shown_json(json) + shown("\n");
}

TerminalText cache_text(const std::string& folder, const std::vector<CachedLibrary>& libraries) {
  std::uint64_t bytes = 0;
  for (const CachedLibrary& library : libraries) bytes += library.bytes;
  TerminalText out =
      shown("{}: {}, {} of at most {}\n", folder, counted(libraries.size(), "library", "libraries"),
            bytes_text(bytes), bytes_text(kCacheBytes));
  for (const CachedLibrary& library : libraries)
    out += shown("  {:>9}  {}  {}\n", bytes_text(library.bytes), date_text(library.last_use_s),
                 library.source.empty() ? shown("(cannot be read)") : shown("{}", library.source));
  return out;
}

TerminalText cache_json(const std::string& folder, const std::vector<CachedLibrary>& libraries) {
  Json list = Json::array();
  for (const CachedLibrary& library : libraries)
    list.push_back({{"library", library.library.string()},
                    {"source", library.source.string()},
                    {"bytes", library.bytes},
                    {"last_use", library.last_use_s}});
  return shown_json({{"folder", folder}, {"libraries", list}}) + shown("\n");
}

}  // namespace smalti::cli
