#include "cli/text/figures.h"

#include <fmt/format.h>

#include <cmath>

#include "base/json.h"
#include "cli/flags/notation.h"

namespace smalti::cli {
namespace {

constexpr double kMost = 0.95;

// Digits that are the same on every machine.
double rounded(double value, int digits) {
  const double factor = std::pow(10.0, digits);
  return std::round(value * factor) / factor;
}

TerminalText difference_row(const char* name, const ColorDifferences& differences) {
  return shown("  {:<34}{:>8.2f}{:>20.1f}\n", name, differences.mean(),
               differences.percentile(kMost));
}

std::string psnr_text(const Comparison& figures) {
  const auto psnr = figures.psnr_db();
  return psnr ? fmt::format("{:.2f}", *psnr) : "equal";
}

Json difference_json(const ColorDifferences& differences) {
  return {{"mean", rounded(differences.mean(), 4)},
          {"p95", rounded(differences.percentile(kMost), 2)}};
}

Json size_json(Size size) { return {{"width", size.width}, {"height", size.height}}; }

}  // namespace

TerminalText figures_text(const CompareSummary& s, const CompareOptions& options) {
  TerminalText out = shown("{}: {}x{} pixels\n{}: {}x{} pixels\n{}x{} cells", options.target,
                           s.target_size.width, s.target_size.height, options.mosaic,
                           s.mosaic_size.width, s.mosaic_size.height, s.columns, s.rows);
  if (s.video)
    out += shown(", {} {} compared, {}", grouped(s.frames), s.frames == 1 ? "frame" : "frames",
                 clock_text(s.length_s));
  out += shown("\n\n  {:<34}{:>8}{:>20}\n", "", "mean", "95 % stay within");
  out += difference_row("CIEDE2000, blurred by 1/2 cell", s.figures.half_cell);
  out += difference_row("CIEDE2000, blurred by 1/8 cell", s.figures.eighth_cell);
  out += shown("  {:<34}{:>8}\n", "PSNR of cells, dB", psnr_text(s.figures));
  out += shown("  {:<34}{:>8.4f}\n", "SSIM of cells", s.figures.mean_ssim());
  return out +
         shown(
             "\nCIEDE2000: 0 is equal, 1 can just be seen side by side, 10 is plainly another "
             "colour.\n"
             "Blurred by 1/2 cell is the mosaic from afar, by 1/8 cell from where tiles begin "
             "to show.\n"
             "PSNR and SSIM grow with likeness; SSIM ends at 1.\n");
}

TerminalText figures_json(const CompareSummary& s, const CompareOptions& options) {
  Json figures;
  figures["version"] = SMALTI_VERSION;
  put_path(figures, "target", options.target.string());
  put_path(figures, "mosaic", options.mosaic.string());
  figures["target_px"] = size_json(s.target_size);
  figures["mosaic_px"] = size_json(s.mosaic_size);
  figures["grid"] = {{"columns", s.columns}, {"rows", s.rows}};
  figures["frames"] = s.frames;
  figures["length_s"] = s.video ? Json(rounded(s.length_s, 3)) : Json();
  figures["ciede2000"] = {{"half_cell", difference_json(s.figures.half_cell)},
                          {"eighth_cell", difference_json(s.figures.eighth_cell)}};
  const auto psnr = s.figures.psnr_db();
  figures["psnr_db"] = psnr ? Json(rounded(*psnr, 3)) : Json();
  figures["ssim"] = rounded(s.figures.mean_ssim(), 5);
  return shown_json(figures, 2) + shown("\n");
}

}  // namespace smalti::cli
