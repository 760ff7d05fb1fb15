// Folders with nothing to make tiles of, and everything that may lie in them beside pictures.

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <sstream>

#include "support/clips.h"
#include "support/hard_shop.h"
#include "support/pictures.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using clips::write_file;
using test::Ended;
using test::HardCase;
using test::HardShop;
using test::says;

// 30,000 x 30,000 pixels in some hundred kilobytes.
void write_png_bomb(const std::string& file) {
  const Ended ended = test::run_program(
      {"python3", "-c",
       "import struct,sys,zlib\n"
       "def chunk(kind, data):\n"
       "    whole = kind + data\n"
       "    return struct.pack('>I', len(data)) + whole + struct.pack('>I', zlib.crc32(whole))\n"
       "packer = zlib.compressobj(9)\n"
       "data = b''.join(packer.compress(bytes(3751)) for _ in range(30000)) + packer.flush()\n"
       "open(sys.argv[1], 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n'\n"
       "    + chunk(b'IHDR', struct.pack('>IIBBBBB', 30000, 30000, 1, 0, 0, 0, 0))\n"
       "    + chunk(b'IDAT', data) + chunk(b'IEND', b''))\n",
       file});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
}

std::string bmp_header(std::uint32_t width, std::uint32_t height) {
  std::string bytes("BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0________\1\0\x18\0", 30);
  bytes.resize(200);
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[18 + i] = static_cast<char>(width >> (8 * i));
    bytes[22 + i] = static_cast<char>(height >> (8 * i));
  }
  return bytes;
}

TEST_CASE("tile folders with nothing to use") {
  const HardShop shop;
  for (const char* name : {"none-inside", "texts", "broken"}) fs::create_directory(shop / name);
  write_file(shop / "texts/readme.txt", "hello");
  write_file(shop / "broken/picture.jpg", "hello");
  write_file(shop / "broken/empty.png", "");
  REQUIRE(::mkfifo((shop / "fifo.png").c_str(), 0600) == 0);
  const auto job = [&](const std::string& tiles) { return shop.job(shop.clip(), tiles); };
  shop.meet_all({
      {"no such folder", job(shop / "none"), 66, "none"},
      {"an empty folder", job(shop / "none-inside"), 65, "no usable tile"},
      {"a folder of texts", job(shop / "texts"), 65, "no usable tile"},
      {"a folder of broken pictures", job(shop / "broken"), 65, "empty.png: zero bytes"},
      {"a FIFO", job(shop / "fifo.png"), 65, "not a regular file"},
      {"a device", job("/dev/zero"), 65, "not a regular file"},
      {"the target", job(shop.clip()), 0, ""},
      {"an empty name", job(""), 66, ""},
  });
}

TEST_CASE("hard pictures among the tiles are left out or used, and named") {
  const HardShop shop;
  const std::string folder = shop.tiles() + "/";
  std::vector<std::uint8_t> jpeg;
  cv::Mat noise(300, 300, CV_8UC3);
  cv::randu(noise, 0, 255);
  cv::imencode(".jpg", noise, jpeg);
  const std::string half(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(jpeg.size() / 2));

  write_png_bomb(folder + "bomb.png");
  write_file(folder + "bomb.bmp", bmp_header(3'000'000, 2'000'000));
  write_file(folder + "short.bmp", bmp_header(300, 200));
  write_file(folder + "half.jpg", half);
  write_file(folder + "junk.png", "\x89PNG\r\n\x1a\n" + std::string(400, 'j'));
  write_file(folder + "no-picture.jpg", "text");
  fs::create_symlink("vanished.png", folder + "vanishing.png");
  fs::create_symlink("loop", folder + "loop");
  { std::ofstream(folder + "huge.jpg") << "\xff\xd8\xff"; }
  fs::resize_file(folder + "huge.jpg", std::uintmax_t{3} << 30);  // a hole
  const HardCase left_out{"hard pictures", shop.job(shop.clip(), shop.tiles()), 0, ""};
  const Ended ended = shop.meet(left_out);
  CAPTURE(ended.errors);
  for (const char* line :
       {"bomb.png': claims 30000 x 30000 pixels", "bomb.bmp': claims 3000000 x 2000000 pixels",
        "short.bmp': breaks off", "half.jpg': ", "junk.png': ", "no-picture.jpg': no picture",
        "vanishing.png': No such file", "loop': Too many levels", "huge.jpg': larger than 1 GiB"})
    CHECK(says(ended.errors, line));
  // Nothing of what the libraries themselves have to say.
  std::istringstream lines(ended.errors);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK((line.starts_with("smalti: warning: tile left out: '") || says(line, "tile")));
  }
  shop.meet({"the same, strictly", shop.job(shop.clip(), shop.tiles(), {"--strict"}), 65,
             "cannot be a tile"});
}

TEST_CASE("pictures of every kind, and things that are none, beside the tiles") {
  const HardShop shop;
  const std::string folder = shop.tiles() + "/";
  cv::imwrite(folder + "deep.png", cv::Mat(40, 30, CV_16UC3, cv::Scalar(9000, 60000, 30000)));
  test::write_file(folder + "inks.jpg",
                   test::cmyk_jpeg_file(cv::Mat(40, 30, CV_8UC4, cv::Scalar(200, 30, 60, 10))));
  REQUIRE(::mkfifo((folder + "fifo.png").c_str(), 0600) == 0);
  fs::create_symlink("/dev/zero", folder + "zeros.png");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder + "socket.png").copy(address.sun_path, sizeof(address.sun_path) - 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  cv::imwrite(folder + "secret.png", cv::Mat(40, 30, CV_8UC3, cv::Scalar(9, 60, 30)));
  fs::permissions(folder + "secret.png", fs::perms::none);
  const bool may_all = ::access((folder + "secret.png").c_str(), R_OK) == 0;  // the superuser
  const Ended ended = shop.meet({"all sorts", shop.job(shop.clip(), shop.tiles()), 0, ""});
  CHECK(says(ended.errors, "secret.png': Permission denied") == !may_all);
  CHECK(says(ended.output, may_all ? "\"available\":9" : "\"available\":8"));
  ::close(socket);
}

}  // namespace
}  // namespace smalti
