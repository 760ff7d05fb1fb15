// The notes that splicing keeps in its output folder. What was understood of them is understood
// the same way when they are opened again, and what is noted then comes back as it was. The names
// that pictures get of them lie in the output folder.

#include "fuzz/feed.h"
#include "products/splice/splice_journal.h"

namespace smalti::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOptions = "every 1 crops 2";

bool same(const SplicedFrame& a, const SplicedFrame& b) {
  return a.time == b.time && a.kept == b.kept && a.looks == b.looks;
}

bool same(const SplicedVideo& a, const SplicedVideo& b) {
  const auto same_shot = [](const Shot& x, const Shot& y) {
    return x.start == y.start && x.sharpest == y.sharpest && x.end == y.end;
  };
  const auto same_frame = [](const auto& x, const auto& y) {
    return x.first == y.first && same(x.second, y.second);
  };
  return a.path == b.path && a.name == b.name && a.bytes == b.bytes &&
         a.changed_ns == b.changed_ns && a.all_shots == b.all_shots &&
         a.all_frames == b.all_frames &&
         std::equal(a.shots.begin(), a.shots.end(), b.shots.begin(), b.shots.end(), same_shot) &&
         std::equal(a.frames.begin(), a.frames.end(), b.frames.begin(), b.frames.end(), same_frame);
}

bool same(const std::vector<SplicedVideo>& a, const std::vector<SplicedVideo>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const SplicedVideo& x, const SplicedVideo& y) { return same(x, y); });
}

// Notes something of every kind; a name for it comes out of the input.
void note(SpliceJournal& journal, const std::string& name) {
  const std::size_t number =
      journal.add_video({.path = "/videos/" + name, .name = "n" + name, .bytes = 7});
  journal.add_shot(number, {.start = 0, .sharpest = 40, .end = -1});
  journal.end_shots(number);
  SplicedFrame frame{.time = 40, .kept = {true, false}};
  frame.looks.emplace_back(1);
  frame.looks.back().row(0)[3] = -5;
  journal.add_frame(number, 0, frame);
  journal.end_frames(number);
}

}  // namespace

int fuzz_journal(const std::uint8_t* data, std::size_t size) {
  const fs::path folder = workplace() / "spliced";
  fs::create_directories(folder / ".smalti-splice");
  write_bytes(folder / ".smalti-splice" / "journal", {data, size});
  std::string name(data, data + std::min<std::size_t>(size, 40));
  std::erase_if(name, [](char c) { return c == '/' || c == '\0'; });
  try {
    std::vector<SplicedVideo> before;
    {
      SpliceJournal journal(folder, kOptions);
      before = journal.videos();
    }
    for (const SplicedVideo& video : before)
      must_hold(video.name.find_first_of(std::string_view("/\0", 2)) == std::string::npos,
                "a picture's name lies in its folder");
    {
      SpliceJournal journal(folder, kOptions);
      must_hold(same(journal.videos(), before), "the same notes say the same");
      note(journal, name);
      before = journal.videos();
    }
    const SpliceJournal journal(folder, kOptions);
    must_hold(same(journal.videos(), before), "what was noted comes back");
  } catch (const Error& error) {
    must_hold(error.kind() == ErrorKind::kCannotCreate, "the folder holds something else");
  }
  return 0;
}

std::vector<Input> journal_seeds() {
  const test::TempFolder folder;
  {
    SpliceJournal journal(folder.path(), kOptions);
    note(journal, "beach");
    note(journal, "not utf-8 \xFF and 100%");
  }
  const Input whole = read_bytes(folder / ".smalti-splice" / "journal");
  return {whole, {whole.begin(), whole.end() - 9}};
}

}  // namespace smalti::fuzz
