// `smalti compare` as its users meet it.

#include <doctest/doctest.h>
#include <signal.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/probe.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::Ended;
using test::says;
using test::Workshop;

void ffmpeg(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"ffmpeg", "-v", "error", "-y"});
  const Ended ended = test::run_program(arguments);
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
}

Ended compare(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "compare");
  return test::run_smalti(arguments);
}

json figures(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--json", "-q"});
  const Ended ended = compare(arguments);
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  CHECK(ended.errors.empty());
  return json::parse(ended.output);
}

double afar(const json& found) { return found["ciede2000"]["half_cell"]["mean"]; }
double nearby(const json& found) { return found["ciede2000"]["eighth_cell"]["mean"]; }

// A lossless clip whose frames are one grey each, ever lighter.
void make_stairs(const fs::path& file, int fps, const std::string& filter = "null") {
  ffmpeg({"-f", "lavfi", "-i",
          "color=black:size=64x48:duration=2:rate=" + std::to_string(fps) +
              ",format=gray,geq=lum='40+N*3'," + filter,
          "-vsync", "vfr", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-qp", "0", file});
}

TEST_CASE("a clip is equal to itself") {
  const Workshop shop;
  const json found = figures({shop.clip(), shop.clip()});
  CHECK(found["version"] == "0.1.0");
  CHECK(found["target"] == shop.clip().string());
  CHECK(found["mosaic"] == shop.clip().string());
  CHECK(found["target_px"] == json{{"width", 320}, {"height", 180}});
  CHECK(found["mosaic_px"] == found["target_px"]);
  CHECK(found["grid"] == json{{"columns", 80}, {"rows", 34}});
  CHECK(found["frames"] == 125);
  CHECK(found["length_s"] == 5.0);
  CHECK(found["ciede2000"]["half_cell"] == json{{"mean", 0.0}, {"p95", 0.0}});
  CHECK(found["ciede2000"]["eighth_cell"] == json{{"mean", 0.0}, {"p95", 0.0}});
  CHECK(found["psnr_db"].is_null());
  CHECK(found["ssim"] == 1.0);
}

TEST_CASE("a mosaic is nearer to its own target, and nearer from afar") {
  const Workshop shop;
  fs::create_directory(shop / "cube");
  ffmpeg({"-f", "lavfi", "-i",
          "nullsrc=size=24x32:rate=64:duration=1,format=gbrp,"
          "geq=r='85*mod(N,4)':g='85*mod(floor(N/4),4)':b='85*floor(N/16)'",
          shop / "cube/%02d.png"});
  ffmpeg({"-i", shop.clip(), "-frames:v", "25", "-qp", "10", "-an", shop / "clip-1s.mp4"});
  REQUIRE(test::run_smalti({"video", shop / "clip-1s.mp4", "-t", shop / "cube", "-o",
                            shop / "out.mp4", "-q", "--columns", "80"})
              .code == 0);
  ffmpeg({"-i", shop.clip(), "-t", "1", "-vf", "hflip,negate", shop / "other.mp4"});
  const json own = figures({shop / "clip-1s.mp4", shop / "out.mp4"});
  const json other = figures({shop / "other.mp4", shop / "out.mp4"});
  CHECK(own["frames"] == 25);
  CHECK(own["mosaic_px"] == json{{"width", 1280}, {"height", 720}});
  CHECK(afar(own) > 1);
  CHECK(afar(own) < 30);
  CHECK(afar(own) + 5 < afar(other));
  CHECK(afar(own) < nearby(own));
  CHECK(own["ciede2000"]["half_cell"]["p95"] > afar(own));
  CHECK(own["psnr_db"] > other["psnr_db"]);
  CHECK(own["ssim"] > other["ssim"]);
  CHECK(own["ssim"] < 1);

  const Ended table = compare({shop / "clip-1s.mp4", shop / "out.mp4"});
  CHECK(table.code == 0);
  CHECK(says(table.output, "80x34 cells, 25 frames compared, 0:01"));
  CHECK(says(table.output, "CIEDE2000, blurred by 1/2 cell"));
  CHECK(says(table.output, "SSIM of cells"));
  CHECK(says(table.output, "0 is equal"));
  CHECK(says(table.errors, "of 25 frames"));  // progress
  std::istringstream lines(table.output);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 100);
}

constexpr const char* kFew = "--columns";  // fewer are faster

TEST_CASE("frames are paired by the time they are shown") {
  const Workshop shop;
  make_stairs(shop / "all.mp4", 30);
  make_stairs(shop / "fourth.mp4", 30, "select=not(mod(n\\,4))");
  make_stairs(shop / "held.mp4", 30, "geq=lum='40+floor(N/4)*12'");
  ffmpeg({"-i", shop / "all.mp4", "-c", "copy", shop / "all.mkv"});  // times in milliseconds
  ffmpeg({"-itsoffset", "3", "-i", shop / "all.mp4", "-c", "copy", shop / "later.mkv"});
  for (const char* same : {"all.mp4", "all.mkv", "later.mkv"}) {
    CAPTURE(same);
    const json found = figures({shop / "all.mp4", shop / same, kFew, "16"});
    CHECK(found["frames"] == 60);
    CHECK(afar(found) == 0);
    CHECK(afar(figures({shop / same, shop / "all.mp4", kFew, "16"})) == 0);
  }
  const json every_fourth = figures({shop / "fourth.mp4", shop / "all.mkv", kFew, "16"});
  CHECK(every_fourth["frames"] == 15);
  CHECK(afar(every_fourth) == 0);
  // A frame is compared with until the next one is there.
  const json held = figures({shop / "all.mp4", shop / "fourth.mp4", kFew, "16"});
  CHECK(held["frames"] >= 57);
  CHECK(afar(held) > 0.5);
  CHECK(afar(held) ==
        doctest::Approx(afar(figures({shop / "all.mp4", shop / "held.mp4", kFew, "16"})))
            .epsilon(0.01));
}

TEST_CASE("of videos of different lengths, what they have in common is compared") {
  const Workshop shop;
  make_stairs(shop / "long.mp4", 25);
  ffmpeg({"-i", shop / "long.mp4", "-c", "copy", "-frames:v", "20", shop / "short.mkv"});
  const Ended shorter = compare({shop / "long.mp4", shop / "short.mkv", "--json", kFew, "16"});
  CHECK(shorter.code == 0);
  CHECK(json::parse(shorter.output)["frames"] == 20);
  CHECK(says(shorter.errors, "the mosaic ends after 0.80 s and the target goes on"));
  const Ended longer = compare({shop / "short.mkv", shop / "long.mp4", "--json", kFew, "16"});
  CHECK(longer.code == 0);
  CHECK(json::parse(longer.output)["frames"] == 20);
  CHECK(json::parse(longer.output)["length_s"] == 0.8);
  CHECK(says(longer.errors, "the target ends after 0.80 s and the mosaic goes on"));
  CHECK_FALSE(says(compare({shop / "long.mp4", shop / "long.mp4", kFew, "16"}).errors, "goes on"));
}

TEST_CASE("stills: formats, sizes, and a warning where shapes differ") {
  const Workshop shop;
  const std::string clip = shop.clip();
  ffmpeg({"-i", clip, "-frames:v", "1", shop / "a.png"});
  ffmpeg({"-i", clip, "-frames:v", "1", "-q:v", "2", shop / "a.jpg"});
  ffmpeg({"-i", shop / "a.png", "-vf", "scale=iw*4:ih*4:flags=neighbor", shop / "4.png"});
  ffmpeg({"-i", clip, "-frames:v", "1", "-vf", "scale=320:200", shop / "tall.png"});
  const json equal = figures({shop / "a.png", shop / "4.png", "--columns", "40"});
  CHECK(afar(equal) < 0.01);
  CHECK(nearby(equal) < 0.01);
  CHECK(equal["frames"] == 1);
  CHECK(equal["length_s"].is_null());
  CHECK(equal["grid"] == json{{"columns", 40}, {"rows", 17}});
  CHECK(figures({shop / "a.png", shop / "a.png", "--columns", "40", "--tile-aspect",
                 "1:1"})["grid"]["rows"] == 23);
  const double jpeg = afar(figures({shop / "a.png", shop / "a.jpg"}));
  CHECK(jpeg > 0);
  CHECK(jpeg < 2);
  const Ended stretched = compare({shop / "a.png", shop / "tall.png"});
  CHECK(stretched.code == 0);
  CHECK(says(stretched.errors, "320x200, has another shape than its target, 320x180"));
  CHECK_FALSE(says(compare({shop / "a.png", shop / "a.jpg"}).errors, "shape"));
  CHECK_FALSE(says(compare({shop / "a.png", shop / "a.jpg"}).output, "frame"));
}

TEST_CASE("a video of one frame passes for a picture, a longer one does not") {
  const Workshop shop;
  ffmpeg({"-i", shop.clip(), "-frames:v", "1", shop / "a.png"});
  ffmpeg({"-i", shop / "a.png", "-pix_fmt", "yuv444p", "-qp", "0", shop / "one.mp4"});
  CHECK(afar(figures({shop / "a.png", shop / "one.mp4"})) < 1);
  CHECK(afar(figures({shop / "one.mp4", shop / "a.png"})) < 1);
  CHECK(figures({shop / "one.mp4", shop / "one.mp4"})["frames"] == 1);
  for (const auto& [target, mosaic] :
       {std::pair{shop.clip(), shop / "a.png"}, std::pair{shop / "a.png", shop.clip()}}) {
    const Ended ended = compare({target, mosaic});
    CHECK(ended.code == 2);
    CHECK(says(ended.errors, "clip.mp4' is a video and"));
    CHECK(ended.output.empty());
  }
}

TEST_CASE("what cannot be compared ends with its code and says why") {
  const Workshop shop;
  std::ofstream(shop / "text.jpg") << "not a picture, not a video either";
  std::ofstream(shop / "empty.mp4");
  std::ofstream(shop / "broken.png") << "\x89PNG\r\n\x1a\n";
  ffmpeg({"-f", "lavfi", "-i", "color=red:size=1200x1000", "-frames:v", "1", shop / "red.png"});
  struct Case {
    std::vector<std::string> arguments;
    int code;
    std::string message;
  };
  const std::string clip = shop.clip();
  const std::string red = shop / "red.png";
  const std::vector<Case> cases = {
      {{}, 2, "there is no target"},
      {{clip}, 2, "there is no mosaic"},
      {{clip, clip, clip}, 2, "one argument too many"},
      {{clip, clip, "--colums", "9"}, 2, "did you mean --columns?"},
      {{clip, clip, "--columns", "0"}, 2, "from 1 to 1000000"},
      {{clip, clip, "--columns", "100000"}, 2, "--columns or --tile-aspect"},
      {{clip, clip, "--tile-aspect", "3"}, 2, "--tile-aspect does not take '3'"},
      {{clip, clip, "--columns", "many"}, 2, "smalti compare --help"},
      {{clip, clip, "-q", "-v"}, 2, "--quiet"},
      {{clip, clip, "-j", "0"}, 2, "--threads"},
      {{shop / "none.mp4", clip}, 66, "cannot open the target"},
      {{clip, shop / "none.mp4"}, 66, "cannot open the mosaic"},
      {{shop / "text.jpg", clip}, 65, "text.jpg' is no video in any format"},
      {{clip, shop / "text.jpg"}, 65, "JPEG, PNG"},
      {{clip, shop / "empty.mp4"},
       65,
       "the mosaic '" + (shop / "empty.mp4").string() + "' is empty"},
      {{shop / "broken.png", red}, 65, "broken.png"},
      {{shop.tiles(), clip}, 65, "is a folder"},
      {{red, red, "--max-megapixels", "1"}, 65, "the limit of 1 megapixels"}};
  for (const Case& c : cases) {
    CAPTURE(c.message);
    const Ended ended = compare(c.arguments);
    CAPTURE(ended.errors);
    CHECK(ended.code == c.code);
    CHECK(says(ended.errors, "smalti: error: "));
    CHECK(says(ended.errors, c.message));
    CHECK(ended.output.empty());
  }
  CHECK(figures({red, red, "--max-megapixels", "2"})["ssim"] == 1.0);
  const Ended full = test::run_program(
      {"sh", "-c", test::smalti_program() + " compare '" + red + "' '" + red + "' >/dev/full"});
  CHECK(full.code == 74);
}

TEST_CASE("names that are not UTF-8 leave the JSON valid") {
  const Workshop shop;
  ffmpeg({"-f", "lavfi", "-i", "color=red:size=90x60", "-frames:v", "1", shop / "red.png"});
  fs::copy_file(shop / "red.png", shop / "r\xff.png");
  const json found = figures({shop / "r\xff.png", shop / "red.png"});
  CHECK(found.contains("target_bytes"));
  CHECK(found["mosaic"] == (shop / "red.png").string());
}

TEST_CASE("a signal ends a comparison without figures") {
  const Workshop shop;
  ffmpeg({"-stream_loop", "20", "-i", shop.clip(), "-c", "copy", shop / "long.mp4"});
  test::Program program({test::smalti_program(), "compare", shop / "long.mp4", shop / "long.mp4",
                         "--columns", "200"});
  REQUIRE(program.wait_until([&] { return program.catches(SIGINT); }));
  program.send(SIGINT);
  const Ended ended = program.wait();
  CHECK(ended.code == 130);
  CHECK(ended.output.empty());
  CHECK(says(ended.errors, "stop"));
}

TEST_CASE("help shows every option with examples") {
  const Ended help = compare({"--help"});
  CHECK(help.code == 0);
  for (const char* part : {"--columns", "--tile-aspect", "--json", "Examples:"})
    CHECK(says(help.output, part));
  std::istringstream lines(help.output);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 100);
  CHECK(says(test::run_smalti({"--help"}).output, "compare"));
  CHECK(says(test::run_smalti({"comapre", "a", "b"}).errors, "did you mean `smalti compare`?"));
}

TEST_CASE("real media are compared as they are") {
  const auto media = test::media_folder();
  if (!media) return;
  const Workshop shop;
  const fs::path video = *media / "video";
  const fs::path image = *media / "image";
  for (const char* name :
       {"phone-hdr10-av1-10bit-720x1280-aac.mp4", "newtonscradle.gif",
        "derived-odd-427x239-vp9-opus.webm", "derived-pal-576i25-sar64x45-mpeg2-mp2.mpg",
        "derived-vfr-irregular-360p-noaudio.mp4"}) {
    CAPTURE(name);
    if (test::kSanitized && std::string(name) != "newtonscradle.gif") continue;
    const json found = figures({video / name, video / name, "--columns", "20"});
    CHECK(nearby(found) == 0);
    CHECK(found["frames"] > 1);
  }
  for (const char* name : {"alpha-300.webp", "cmyk-noprofile-500x333.jpg", "rgba16-32x32.png",
                           "derived-1x1.png", "im2682.heic", "still-800x533.gif"}) {
    CAPTURE(name);
    CHECK(nearby(figures({image / name, image / name, "--columns", "20"})) == 0);
  }
  // The same first frame, through the decoder of videos and that of pictures.
  const fs::path still = image / "still-800x533.gif";
  ffmpeg({"-i", still, shop / "still.png"});
  CHECK(nearby(figures({still, shop / "still.png"})) < 0.01);
  // An anamorphic clip has the shape it is shown in.
  ffmpeg({"-i", video / "derived-pal-576i25-sar64x45-mpeg2-mp2.mpg", "-frames:v", "2", "-c:v",
          "mpeg2video", shop / "pal.mpg"});
  CHECK(figures({shop / "pal.mpg", shop / "pal.mpg"})["target_px"]["width"] == 1024);

  const fs::path clip = video / "bbb-720p25-5s-aac51.mp4";
  REQUIRE(test::run_smalti({"video", clip, "-t", *media / "tiles", "-o", shop / "mosaic.mp4",
                            "--duration", "1", "-q"})
              .code == 0);
  const Ended ended = compare({clip, shop / "mosaic.mp4", "--json"});
  REQUIRE(ended.code == 0);
  CHECK(says(ended.errors, "the target goes on"));
  const json found = json::parse(ended.output);
  CHECK(found["frames"] == 25);
  CHECK(afar(found) > 0.5);
  CHECK(afar(found) < 20);
  CHECK(found["ssim"] > 0.3);
}

}  // namespace
}  // namespace smalti
