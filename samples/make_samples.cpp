// make_samples OUT_DIR: draws the sample clip and the sample tiles.
#include <chrono>
#include <cstdio>
#include <exception>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <system_error>
#include <vector>

#include "clip.h"
#include "files.h"
#include "sound.h"
#include "tiles.h"

namespace samples {
namespace {

namespace fs = std::filesystem;

// Raise this whenever a picture or sound changes: it makes existing sets be drawn anew.
constexpr const char* kVersion = "smalti samples 1";

// Written last, so that its presence means that everything else is complete.
constexpr const char* kStampName = "samples.stamp";

constexpr int kJpegQuality = 90;

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

bool is_complete(const fs::path& folder, const std::vector<TilePlan>& plans) {
  if (read_text(folder / kStampName) != kVersion) return false;
  if (!fs::is_regular_file(folder / "clip.mp4")) return false;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (!fs::is_regular_file(folder / "tiles" / plans[i].name(static_cast<int>(i)))) return false;
  }
  return true;
}

void make_tiles(const fs::path& folder, const std::vector<TilePlan>& plans) {
  // Painted in parallel, written in order by one thread: a full disk is then reported cleanly.
  std::vector<std::vector<std::uint8_t>> files(plans.size());
  cv::parallel_for_({0, static_cast<int>(plans.size())}, [&](const cv::Range& range) {
    for (int i = range.start; i < range.end; ++i) {
      const auto index = static_cast<std::size_t>(i);
      cv::imencode(".jpg", paint_tile(plans[index]), files[index],
                   {cv::IMWRITE_JPEG_QUALITY, kJpegQuality});
    }
  });
  for (std::size_t i = 0; i < plans.size(); ++i) {
    write_file(folder / plans[i].name(static_cast<int>(i)), files[i]);
  }
}

// An older version may have had other tiles, which must not get mixed in. Files that are not ours
// stay.
void remove_old_tiles(const fs::path& folder) {
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (is_tile_name(entry.path().filename().string())) old.push_back(entry.path());
  }
  for (const fs::path& file : old) remove_file(file);
}

void make_clip_with_sound(const fs::path& folder) {
  const fs::path wav = folder / "sound.partial.wav";
  const fs::path partial = folder / "clip.partial.mp4";
  try {
    write_file(wav, make_wav(kShots, kShotSeconds));
    make_clip(wav, partial);
    rename_file(partial, folder / "clip.mp4");
    remove_file(wav);
  } catch (...) {
    // Nobody has a use for the halves of a clip; the first error is the one worth reporting.
    std::error_code ignored;
    fs::remove(wav, ignored);
    fs::remove(partial, ignored);
    throw;
  }
}

void make_samples(const fs::path& folder) {
  const std::vector<TilePlan> plans = plan_tiles();
  if (is_complete(folder, plans)) {
    std::printf("samples: %s is complete, nothing to do\n", folder.c_str());
    return;
  }
  make_folder(folder / "tiles");
  // An interrupted run must not look complete because of an older stamp.
  remove_file(folder / kStampName);
  remove_old_tiles(folder / "tiles");

  const Stopwatch tiles_watch;
  make_tiles(folder / "tiles", plans);
  std::printf("tiles: %zu pictures in %s, %.1f s\n", plans.size(), (folder / "tiles").c_str(),
              tiles_watch.seconds());
  std::fflush(stdout);

  const Stopwatch clip_watch;
  make_clip_with_sound(folder);
  std::printf("clip: %d frames in %s, %.1f s\n", kClipFrames, (folder / "clip.mp4").c_str(),
              clip_watch.seconds());

  const std::string stamp = kVersion;
  write_file(folder / kStampName,
             {reinterpret_cast<const std::uint8_t*>(stamp.data()), stamp.size()});
}

}  // namespace
}  // namespace samples

int main(int argc, char** argv) {
  if (argc != 2 || argv[1][0] == '-' || argv[1][0] == '\0') {
    std::fprintf(stderr, "usage: make_samples OUT_DIR\n");
    return 2;
  }
  try {
    samples::make_samples(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_samples: %s\n", error.what());
    return 1;
  }
  return 0;
}
