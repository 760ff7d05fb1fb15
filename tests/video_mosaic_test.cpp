// The main job called as a library: what must not depend on how it is run.

#include "smalti/video_mosaic.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "smalti/error.h"
#include "support/probe.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::TempFolder;

void ffmpeg(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ffmpeg", "-v", "error", "-y"});
  const test::Ended ended = test::run_program(arguments);
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
}

// A moving picture of 40 frames, cut to another of 35; B-frames and few key frames.
fs::path clip_with_a_cut(const TempFolder& folder) {
  const fs::path clip = folder / "cut.mp4";
  ffmpeg({"-f", "lavfi", "-i", "mandelbrot=size=320x180:rate=25:start_scale=0.3", "-f", "lavfi",
          "-i", "testsrc2=size=320x180:rate=25", "-filter_complex",
          "[0:v]trim=end_frame=40[a];[1:v]trim=end_frame=35[b];[a][b]concat", "-pix_fmt", "yuv420p",
          "-g", "1000", "-bf", "3", clip});
  return clip;
}

fs::path color_tiles(const TempFolder& folder) {
  const fs::path tiles = folder / "tiles";
  fs::create_directory(tiles);
  ffmpeg({"-f", "lavfi", "-i", "gradients=size=96x128:seed=5:duration=4:rate=15:speed=1",
          tiles / "tile-%03d.png"});
  return tiles;
}

VideoMosaicOptions lossless(const fs::path& clip, const fs::path& tiles, const fs::path& out) {
  VideoMosaicOptions options;
  options.target = clip;
  options.tiles = {tiles};
  options.output = out;
  options.encode.encoder = "ffv1";
  options.layout.columns = 20;
  options.layout.enlarge = 1;
  return options;
}

TEST_CASE("the flow graph gives the frames of the plain loop") {
  const TempFolder folder;
  const fs::path clip = clip_with_a_cut(folder);
  const fs::path tiles = color_tiles(folder);

  VideoMosaicOptions options = lossless(clip, tiles, folder / "serial.mkv");
  options.serial = true;
  const VideoMosaicSummary serial = make_video_mosaic(options, {});
  const auto frames = test::frame_hashes(folder / "serial.mkv");
  CHECK(frames.size() == 75);
  CHECK(serial.frames == 75);
  CHECK(serial.cuts == 1);

  for (const int threads : {1, 2, 5}) {
    const fs::path out = folder / (std::to_string(threads) + ".mkv");
    VideoMosaicOptions parallel = lossless(clip, tiles, out);
    parallel.threads = threads;
    const VideoMosaicSummary summary = make_video_mosaic(parallel, {});
    CHECK(test::frame_hashes(out) == frames);
    CHECK(summary.switch_rate == serial.switch_rate);
    CHECK(summary.tiles_used == serial.tiles_used);
  }
}

TEST_CASE("a run that starts at a cut gives the full run's frames from there on") {
  const TempFolder folder;
  const fs::path clip = clip_with_a_cut(folder);
  const fs::path tiles = color_tiles(folder);
  make_video_mosaic(lossless(clip, tiles, folder / "full.mkv"), {});
  VideoMosaicOptions part = lossless(clip, tiles, folder / "part.mkv");
  part.start_s = 40 / 25.0;
  make_video_mosaic(part, {});
  auto full = test::frame_hashes(folder / "full.mkv");
  full.erase(full.begin(), full.begin() + 40);
  CHECK(test::frame_hashes(folder / "part.mkv") == full);

  part.output = folder / "middle.mkv";
  part.duration_s = 10 / 25.0;
  make_video_mosaic(part, {});
  full.resize(10);
  CHECK(test::frame_hashes(folder / "middle.mkv") == full);
}

TEST_CASE("lots are those of the seed, whatever the threads") {
  const TempFolder folder;
  VideoMosaicOptions options =
      lossless(clip_with_a_cut(folder), color_tiles(folder), folder / "out.mkv");
  options.overwrite = true;
  options.select.best_k = 5;
  options.select.randomness = 0.2;
  options.select.spacing = 1;
  options.select.seed = 3;
  const auto frames = [&](int threads) {
    options.threads = threads;
    make_video_mosaic(options, {});
    return test::frame_hashes(folder / "out.mkv");
  };
  const auto first = frames(1);
  CHECK(frames(3) == first);
  options.select.seed = 4;
  CHECK(frames(3) != first);
}

TEST_CASE("no control makes a still clip flicker") {
  const TempFolder folder;
  const fs::path still = folder / "still.mkv";
  ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-vf",
          "trim=end_frame=1,loop=loop=11:size=1", "-c:v", "ffv1", still});
  const fs::path tiles = color_tiles(folder);
  std::vector<SelectOptions> kinds(7);
  kinds[0].spacing = 2;
  kinds[1].max_uses = 40;  // for 160 cells; many of the tiles look alike
  kinds[2].repeat_penalty = 3;
  kinds[3].best_k = 5;
  kinds[3].randomness = 0.2;
  kinds[4].ssim_k = 8;
  kinds[4].repeat_penalty = 0.05;
  kinds[5].use_all = true;
  kinds[6].best_k = 3;
  kinds[6].spacing = 1;
  for (const SelectOptions& select : kinds) {
    VideoMosaicOptions options = lossless(still, tiles, folder / "out.mkv");
    options.overwrite = true;
    options.select = select;
    const VideoMosaicSummary summary = make_video_mosaic(options, {});
    CHECK(summary.frames == 12);
    CHECK(summary.switch_rate == 0);
    const auto frames = test::frame_hashes(folder / "out.mkv");
    CHECK(std::equal(frames.begin() + 1, frames.end(), frames.begin()));
  }
}

TEST_CASE("placements are saved in full at the beginning of each shot") {
  const TempFolder folder;
  VideoMosaicOptions options =
      lossless(clip_with_a_cut(folder), color_tiles(folder), folder / "out.mkv");
  options.save_placements = folder / "out.ndjson";
  make_video_mosaic(options, {});
  std::ifstream saved(folder / "out.ndjson");
  std::vector<int> complete;
  int frame = 0;
  for (std::string line; std::getline(saved, line);) {
    if (line.find("\"pts\"") == std::string::npos) continue;
    if (line.find("\"cells\"") != std::string::npos) complete.push_back(frame);
    ++frame;
  }
  CHECK(frame == 75);
  CHECK(complete == std::vector<int>{0, 40});
}

TEST_CASE("a constant rate takes and repeats frames of the target") {
  const TempFolder folder;
  const fs::path clip = clip_with_a_cut(folder);
  VideoMosaicOptions options = lossless(clip, color_tiles(folder), folder / "slow.mkv");
  options.fps = Rational{10, 1};
  CHECK(make_video_mosaic(options, {}).frames == 30);
  const auto times = test::frame_times(folder / "slow.mkv", 0);
  REQUIRE(times.size() == 30);
  for (std::size_t i = 0; i < times.size(); ++i)
    CHECK(times[i] - times[0] == doctest::Approx(static_cast<double>(i) / 10));
}

TEST_CASE("strict takes an unusable tile for an error and leaves nothing") {
  const TempFolder folder;
  const fs::path clip = clip_with_a_cut(folder);
  const fs::path tiles = color_tiles(folder);
  fs::resize_file(tiles / "tile-007.png", 100);
  VideoMosaicOptions options = lossless(clip, tiles, folder / "out.mkv");
  std::vector<std::string> warnings;
  Events events;
  events.warn = [&](const std::string& line) { warnings.push_back(line); };
  CHECK(make_video_mosaic(options, events).tiles_skipped.size() == 1);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("tile-007.png") != std::string::npos);

  options.strict = true;
  options.output = folder / "strict.mkv";
  CHECK_THROWS_AS(make_video_mosaic(options, events), Error);
  CHECK_FALSE(fs::exists(folder / "strict.mkv"));
}

TEST_CASE("cuts of real clips are found, and nothing else is taken for one") {
  const auto media = test::media_folder();
  if (!media) return;
  struct Case {
    const char* clip;
    std::uint64_t cuts;
  };
  const Case cases[] = {
      {"derived-1080p30-5cuts-11s-aac.mp4", 5}, {"park-street-1080p30-aac.mp4", 0},
      {"dog-ball-720p30-aac-silent.mp4", 0},    {"bedroom-540p30-noaudio.mp4", 0},
      {"cups-static-720p30-aac-silent.mp4", 0}, {"plant-handheld-240p30-1.2s-aac-mono.mp4", 0}};
  const TempFolder folder;
  const fs::path tiles = color_tiles(folder);
  for (const Case& c : cases) {
    CAPTURE(c.clip);
    VideoMosaicOptions options;
    options.target = *media / "video" / c.clip;
    options.tiles = {tiles};
    options.output = folder / "out.mp4";
    options.overwrite = true;
    options.encode.preset = "ultrafast";
    options.layout.enlarge = 0.5;
    CHECK(make_video_mosaic(options, {}).cuts == c.cuts);
  }
}

}  // namespace
}  // namespace smalti
