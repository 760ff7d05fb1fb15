#include "cli/text/report.h"

#include <array>

#include "base/json.h"
#include "base/text.h"

namespace smalti::cli {
namespace {

constexpr std::array<const char*, kStages> kStageNames = {
    "tiles", "read", "describe", "match", "stabilize", "compose", "encode", "finish"};

Json skipped_json(const std::vector<SkippedFile>& skipped) {
  Json list = Json::array();
  for (const SkippedFile& file : skipped) {
    Json entry;
    put_path(entry, "path", file.path.string());
    entry["reason"] = is_utf8(file.reason) ? file.reason : "(not UTF-8)";
    list.push_back(entry);
  }
  return list;
}

Json times_json(const MosaicSummary& s) {
  Json times = {{"wall", s.wall_s}};
  for (std::size_t i = 0; i < kStages; ++i) times[kStageNames[i]] = s.stage_s[i];
  return times;
}

}  // namespace

std::string report_json(const MosaicSummary& s, const std::filesystem::path& target,
                        const std::vector<std::string>& command) {
  Json report;
  report["command"] = Json::array();
  for (const std::string& word : command)
    report["command"].push_back(is_utf8(word) ? Json(word) : Json{{"bytes", base64(word)}});
  report["version"] = SMALTI_VERSION;
  put_path(report, "input", target.string());
  put_path(report, "output", s.output.string());
  report["grid"] = {{"columns", s.columns},
                    {"rows", s.rows},
                    {"cell_width_px", static_cast<double>(s.tiled.width) / s.columns},
                    {"cell_height_px", static_cast<double>(s.tiled.height) / s.rows}};
  report["layout"] = s.adaptive ? "adaptive" : "grid";
  report["cells"] = s.cells;
  report["tiles"] = {{"available", s.tiles_available},
                     {"used", s.tiles_used},
                     {"skipped", skipped_json(s.tiles_skipped)}};
  report["frames"] = {{"read", s.frames_read}, {"written", s.frames}, {"damaged", s.damaged}};
  const Fidelity fidelity = s.fidelity.value_or(Fidelity{});
  report["fidelity"] = {{"mean_delta_e", fidelity.mean_delta_e()},
                        {"rms_delta_e", fidelity.rms_delta_e()},
                        {"mean_ssim", fidelity.mean_ssim()}};
  report["stability"] = {{"switch_rate", s.switch_rate}, {"cuts", s.cuts}};
  report["matching"] = {{"cells_searched", s.cells_searched}, {"cells_skipped", s.cells_skipped}};
  report["time_s"] = times_json(s);
  report["peak_memory_bytes"] = s.peak_memory_bytes;
  report["encoder"] = s.encoder;
  return report.dump(2) + "\n";
}

}  // namespace smalti::cli
