#include "products/splice/splice_journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/wording.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

constexpr const char* kHeader = "smalti-splice 1";
constexpr std::string_view kHex = "0123456789abcdef";

std::string text_of(int error) { return std::generic_category().message(error); }

// Names may hold any bytes; a line is made of words.
std::string as_word(const std::string& text) {
  std::string word;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != 0x7f && c != '%') {
      word += c;
    } else {
      word += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return word;
}

std::optional<int> hex_digit(char c) {
  const std::size_t at = kHex.find(c);
  return at == std::string_view::npos ? std::nullopt : std::optional(static_cast<int>(at));
}

std::optional<std::string> from_word(std::string_view word) {
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '%') {
      text += word[i];
      continue;
    }
    if (i + 2 >= word.size()) return std::nullopt;
    const auto high = hex_digit(word[i + 1]);
    const auto low = hex_digit(word[i + 2]);
    if (!high || !low) return std::nullopt;
    text += static_cast<char>(*high << 4 | *low);
    i += 2;
  }
  return text;
}

// The folder may be somebody else's: no name shall lead out of it.
bool names_in_folder(const std::string& name) {
  return name.find_first_of(std::string_view("/\0", 2)) == std::string::npos;
}

template <typename Number>
bool read_number(std::string_view word, Number& number) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc{} && end == word.data() + word.size();
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t space = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, space));
    line.remove_prefix(std::min(space + 1, line.size()));
  }
  return words;
}

std::string looks_word(const match::DescriptorTable& looks) {
  std::string word;
  for (const std::int16_t value : looks[0]) {
    const auto bits = static_cast<std::uint16_t>(value);
    for (int shift = 12; shift >= 0; shift -= 4) word += kHex[bits >> shift & 15];
  }
  return word;
}

std::optional<match::DescriptorTable> looks_from(std::string_view word) {
  constexpr std::size_t kDigits = 4;
  if (word.size() != match::kDescriptorSize * kDigits) return std::nullopt;
  match::DescriptorTable looks(1);
  for (std::size_t i = 0; i < match::kDescriptorSize; ++i) {
    unsigned bits = 0;
    for (const char c : word.substr(i * kDigits, kDigits)) {
      const auto digit = hex_digit(c);
      if (!digit) return std::nullopt;
      bits = bits << 4 | static_cast<unsigned>(*digit);
    }
    looks.row(0)[i] = static_cast<std::int16_t>(static_cast<std::uint16_t>(bits));
  }
  return looks;
}

// "101" for crops kept and left out.
std::string kept_word(const std::vector<bool>& kept) {
  std::string word;
  for (const bool k : kept) word += k ? '1' : '0';
  return word;
}

std::optional<SplicedFrame> frame_from(const std::vector<std::string_view>& words) {
  constexpr std::size_t kKept = 4;
  SplicedFrame frame;
  if (!read_number(words[kKept - 1], frame.time)) return std::nullopt;
  for (const char c : words[kKept]) {
    if (c != '0' && c != '1') return std::nullopt;
    frame.kept.push_back(c == '1');
  }
  for (std::size_t i = kKept + 1; i < words.size(); ++i) {
    auto looks = looks_from(words[i]);
    if (!looks) return std::nullopt;
    frame.looks.push_back(std::move(*looks));
  }
  return frame;
}

}  // namespace

SpliceJournal::SpliceJournal(const fs::path& output, const std::string& options)
    : folder_(output / ".smalti-splice"), file_(folder_ / "journal") {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error)
    throw Error(ErrorKind::kCannotCreate,
                fmt::format("cannot make the folder '{}': {}", folder_.string(), error.message()),
                worded("choose another folder with {output}"));
  open();
  read(options);
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->path() != file_) fs::remove(it->path(), ignored);
  }
}

SpliceJournal::~SpliceJournal() = default;

SpliceJournal::File::~File() {
  if (number >= 0) ::close(number);
}

void SpliceJournal::open() {
  const auto refuse = [this](const std::string& why) {
    throw Error(ErrorKind::kCannotCreate, fmt::format("cannot write '{}': {}", file_.string(), why),
                worded("choose another folder with {output}"));
  };
  // Without waiting: a FIFO would, for whoever writes into it.
  constexpr int kHow = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK;
  fd_.number = ::open(file_.c_str(), kHow, 0666);
  if (fd_.number < 0) refuse(text_of(errno));
  struct stat status {};
  if (::fstat(fd_.number, &status) != 0 || !S_ISREG(status.st_mode))
    refuse("it is no regular file");
  if (::flock(fd_.number, LOCK_EX | LOCK_NB) == 0) return;
  throw Error(ErrorKind::kCannotCreate,
              fmt::format("another run is filling '{}'", folder_.parent_path().string()),
              worded("wait for its end, or choose another folder with {output}"));
}

// Of a journal that cannot be read to its end, nothing may be taken for its end.
std::string SpliceJournal::text() const {
  std::string text;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t count = ::read(fd_.number, buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR)
      throw Error(ErrorKind::kInputOutput,
                  fmt::format("cannot read '{}': {}", file_.string(), text_of(errno)));
  }
}

void SpliceJournal::read(const std::string& options) {
  const std::string text = this->text();
  std::size_t good = 0;  // bytes of whole lines that make sense
  std::size_t lines = 0;
  for (std::size_t end = 0; (end = text.find('\n', good)) != std::string::npos; ++lines) {
    const std::string line = text.substr(good, end - good);
    if (lines == 0 && line != kHeader) refuse("another version of smalti");
    if (lines == 1 && line != options) refuse(fmt::format("other options ({})", line));
    if (lines > 1 && !take(line)) break;
    good = end + 1;
  }
  if (::ftruncate(fd_.number, static_cast<off_t>(good)) != 0)
    throw Error(ErrorKind::kInputOutput,
                fmt::format("cannot write '{}': {}", file_.string(), text_of(errno)));
  if (lines < 1) note(kHeader);
  if (lines < 2) note(options);
}

void SpliceJournal::refuse(const std::string& other) const {
  throw Error(ErrorKind::kCannotCreate,
              fmt::format("'{}' holds pictures that were spliced with {}",
                          folder_.parent_path().string(), other),
              worded("choose another folder with {output}; {tiles} takes several"));
}

bool SpliceJournal::take(const std::string& line) {
  const std::vector<std::string_view> words = words_of(line);
  std::size_t number = 0;
  if (words.size() < 2 || !read_number(words[1], number)) return false;
  const std::string_view what = words[0];
  if (what == "video" && words.size() == 6) {
    SplicedVideo video;
    const auto name = from_word(words[4]);
    const auto path = from_word(words[5]);
    if (number != videos_.size() || !read_number(words[2], video.bytes) ||
        !read_number(words[3], video.changed_ns) || !name || !names_in_folder(*name) || !path)
      return false;
    video.name = *name;
    video.path = *path;
    videos_.push_back(std::move(video));
    return true;
  }
  if (number >= videos_.size()) return false;
  SplicedVideo& video = videos_[number];
  if (what == "shot" && words.size() == 5) {
    Shot shot;
    if (!read_number(words[2], shot.start) || !read_number(words[3], shot.sharpest) ||
        !read_number(words[4], shot.end))
      return false;
    video.shots.push_back(shot);
    return true;
  }
  if (what == "frame" && words.size() >= 5) {
    media::Nanoseconds asked = 0;
    auto frame = frame_from(words);
    if (!read_number(words[2], asked) || !frame) return false;
    video.frames[asked] = std::move(*frame);
    return true;
  }
  if (what == "all-shots") return video.all_shots = true;
  if (what == "all-frames") return video.all_frames = true;
  return false;
}

// A run that is killed meanwhile leaves at most one line unfinished.
void SpliceJournal::note(const std::string& line) {
  const std::string text = line + "\n";
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(fd_.number, text.data() + done, text.size() - done);
    if (count >= 0) {
      done += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      throw Error(ErrorKind::kInputOutput,
                  fmt::format("cannot write '{}': {}", file_.string(), text_of(errno)),
                  "check that there is room on the disk");
    }
  }
}

std::optional<std::size_t> SpliceJournal::find(const fs::path& path, std::uint64_t bytes,
                                               std::int64_t changed_ns) const {
  for (std::size_t i = videos_.size(); i-- > 0;) {
    const SplicedVideo& video = videos_[i];
    if (video.path == path && video.bytes == bytes && video.changed_ns == changed_ns) return i;
  }
  return std::nullopt;
}

std::size_t SpliceJournal::add_video(SplicedVideo video) {
  note(fmt::format("video {} {} {} {} {}", videos_.size(), video.bytes, video.changed_ns,
                   as_word(video.name), as_word(video.path.native())));
  videos_.push_back(std::move(video));
  return videos_.size() - 1;
}

void SpliceJournal::add_shot(std::size_t video, const Shot& shot) {
  note(fmt::format("shot {} {} {} {}", video, shot.start, shot.sharpest, shot.end));
  videos_[video].shots.push_back(shot);
}

void SpliceJournal::end_shots(std::size_t video) {
  note(fmt::format("all-shots {}", video));
  videos_[video].all_shots = true;
}

void SpliceJournal::add_frame(std::size_t video, media::Nanoseconds asked, SplicedFrame frame) {
  std::string line =
      fmt::format("frame {} {} {} {}", video, asked, frame.time, kept_word(frame.kept));
  for (const match::DescriptorTable& looks : frame.looks) line += " " + looks_word(looks);
  note(line);
  videos_[video].frames[asked] = std::move(frame);
}

void SpliceJournal::end_frames(std::size_t video) {
  note(fmt::format("all-frames {}", video));
  videos_[video].all_frames = true;
}

}  // namespace smalti
