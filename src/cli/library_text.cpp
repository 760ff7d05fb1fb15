#include "cli/library_text.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>

#include "base/text.h"
#include "cli/values.h"

namespace smalti::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, kChartColumns> kHues = {
    "grey", "rose", "red",   "orange", "yellow", "lime", "green",
    "mint", "cyan", "azure", "blue",   "violet", "pink"};

// After https://no-color.org, for standard output.
bool wants_color() {
  const char* no_color = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
}

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

std::string field(std::size_t count, int row, int column, bool colored) {
  const std::string text = count == 0 ? "." : std::to_string(count);
  if (!colored || count == 0) return fmt::format(" {:>6}", text);
  const Rgb c = color_of(row, column);
  const int ink = row >= kChartRows / 2 ? 30 : 97;
  return fmt::format(" \033[{};48;2;{};{};{}m{:>6}\033[0m", ink, c.red, c.green, c.blue, text);
}

// A hue a line, which fits a narrow terminal.
std::string chart(const LibraryInfo& info) {
  const bool colored = wants_color();
  std::string out = fmt::format(
      "  tiles by hue and lightness of their mean colour; a dot is a gap\n  {:8} {:>6}{:28} "
      "{:>6}\n",
      "", "dark", "", "light");
  for (int column = 0; column < kChartColumns; ++column) {
    const auto hue = static_cast<std::size_t>(column);
    out += fmt::format("  {:>8}", kHues[hue]);
    for (int row = 0; row < kChartRows; ++row)
      out += field(info.colors[static_cast<std::size_t>(row)][hue], row, column, colored);
    out += '\n';
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

// Names and reasons need not be UTF-8; JSON must be.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json json_of(const std::vector<SkippedFile>& files) {
  Json list = Json::array();
  for (const SkippedFile& file : files)
    list.push_back({{"path", file.path.string()}, {"reason", file.reason}});
  return list;
}

std::string listed(const std::vector<SkippedFile>& files, const char* what) {
  std::string out;
  for (const SkippedFile& file : files)
    out +=
        fmt::format("  {:<9}{}: {}\n", what, printable(file.path.string()), printable(file.reason));
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

std::string build_text(const std::string& library, const BuildSummary& s) {
  std::string out =
      fmt::format("{}: {}; {} looked at, {} decoded, {} unchanged", printable(library),
                  counted(s.tiles, "tile", "tiles"), counted(s.files, "file", "files"),
                  grouped(s.decoded), grouped(s.unchanged));
  if (s.known > 0) out += fmt::format(", {} of known content", grouped(s.known));
  if (s.removed > 0) out += fmt::format(", {} gone", grouped(s.removed));
  if (!s.skipped.empty()) out += fmt::format(", {} left out", grouped(s.skipped.size()));
  return out + "\n";
}

std::string build_json(const std::string& library, const BuildSummary& s) {
  return dumped({{"event", "done"},
                 {"library", library},
                 {"tiles", s.tiles},
                 {"files", s.files},
                 {"decoded", s.decoded},
                 {"unchanged", s.unchanged},
                 {"known", s.known},
                 {"removed", s.removed},
                 {"skipped", json_of(s.skipped)}});
}

std::string info_text(const std::string& library, const LibraryInfo& info) {
  std::string out = fmt::format("{}: {}, {}\n", printable(library),
                                counted(info.pictures, "tile", "tiles"), bytes_text(info.bytes));
  for (const auto& root : info.roots)
    out += fmt::format("  {:<9}{}\n", "from", printable(root.string()));
  out += fmt::format("  {:<9}{}", "files", grouped(info.files));
  std::string separator = " (";
  for (const auto& [format, count] : info.formats) {
    out += fmt::format("{}{} {}", separator, grouped(count), format);
    separator = ", ";
  }
  out += info.formats.empty() ? "\n" : ")\n";
  if (info.files > 0) {
    out += fmt::format("  {:<9}{}", "sizes", pixels_text(info.smallest_pixels));
    if (info.largest_pixels > info.smallest_pixels)
      out += " to " + pixels_text(info.largest_pixels);
    out += '\n';
  }
  if (info.dated > 0)
    out += fmt::format("  {:<9}{} to {}, of {}\n", "dates", day_of(info.first_taken),
                       day_of(info.last_taken), counted(info.dated, "picture", "pictures"));
  out += listed(info.damaged, "damaged");
  out += listed(info.skipped, "left out");
  return info.pictures > 0 ? out + chart(info) : out;
}

std::string info_json(const std::string& library, const LibraryInfo& info) {
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
  return dumped(json) + "\n";
}

std::string cache_text(const std::string& folder, const std::vector<CachedLibrary>& libraries) {
  std::uint64_t bytes = 0;
  for (const CachedLibrary& library : libraries) bytes += library.bytes;
  std::string out = fmt::format("{}: {}, {} of at most {}\n", printable(folder),
                                counted(libraries.size(), "library", "libraries"),
                                bytes_text(bytes), bytes_text(kCacheBytes));
  for (const CachedLibrary& library : libraries)
    out += fmt::format(
        "  {:>9}  {}  {}\n", bytes_text(library.bytes), date_text(library.last_use_s),
        library.source.empty() ? "(cannot be read)" : printable(library.source.string()));
  return out;
}

std::string cache_json(const std::string& folder, const std::vector<CachedLibrary>& libraries) {
  Json list = Json::array();
  for (const CachedLibrary& library : libraries)
    list.push_back({{"library", library.library.string()},
                    {"source", library.source.string()},
                    {"bytes", library.bytes},
                    {"last_use", library.last_use_s}});
  return dumped({{"folder", folder}, {"libraries", list}}) + "\n";
}

}  // namespace smalti::cli
