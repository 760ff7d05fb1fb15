#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "match/descriptor.h"
#include "media/time_line.h"

namespace smalti {

/// A stretch of a video between two cuts. Times from the beginning of the file.
struct Shot {
  media::Nanoseconds start = 0;
  media::Nanoseconds sharpest = 0;  ///< the frame that stands for it
  media::Nanoseconds end = 0;       ///< where the next one starts
};

/// What became of the frame shown at some time.
struct SplicedFrame {
  media::Nanoseconds time = 0;                ///< of the frame itself
  std::vector<bool> kept;                     ///< one a crop
  std::vector<match::DescriptorTable> looks;  ///< of the crops kept, where they are to be distinct
};

/// What is known of a video from this and earlier runs.
struct SplicedVideo {
  std::filesystem::path path;
  std::string name;  ///< what its pictures' names begin with
  std::uint64_t bytes = 0;
  std::int64_t changed_ns = 0;  ///< when the file was last written to

  std::vector<Shot> shots;
  bool all_shots = false;
  std::map<media::Nanoseconds, SplicedFrame> frames;  ///< by the time they were looked for
  bool all_frames = false;
};

/// The notes that splicing keeps in a hidden folder of its output: lines of text, each written at
/// once when what it says is true. A line that a killed run left unfinished is taken back, and so
/// is all that follows a line without meaning: what is not noted is done again. One thread at a
/// time.
class SpliceJournal {
 public:
  /// Makes the folder where it is missing and clears it of what a killed run left half-written.
  /// `options` is one line. Throws Error (kCannotCreate) when the folder was filled with others, by
  /// a run that still goes on, or cannot be made.
  SpliceJournal(const std::filesystem::path& output, const std::string& options);
  ~SpliceJournal();
  SpliceJournal(const SpliceJournal&) = delete;
  SpliceJournal& operator=(const SpliceJournal&) = delete;

  /// Where pictures are made before they get their names.
  const std::filesystem::path& folder() const { return folder_; }

  const std::vector<SplicedVideo>& videos() const { return videos_; }

  /// The number of a file that was not changed since it was first noted.
  std::optional<std::size_t> find(const std::filesystem::path& path, std::uint64_t bytes,
                                  std::int64_t changed_ns) const;

  /// Each notes it and adds it to videos(). Throws Error (kInputOutput) when writing fails.
  std::size_t add_video(SplicedVideo video);
  void add_shot(std::size_t video, const Shot& shot);
  void end_shots(std::size_t video);
  void add_frame(std::size_t video, media::Nanoseconds asked, SplicedFrame frame);
  void end_frames(std::size_t video);

 private:
  void open();
  std::string text() const;
  void read(const std::string& options);
  bool take(const std::string& line);
  void note(const std::string& line);
  [[noreturn]] void refuse(const std::string& other) const;

  struct File {
    int number = -1;
    ~File();
  };

  std::filesystem::path folder_;
  std::filesystem::path file_;
  File fd_;  // open and locked as long as the run goes on
  std::vector<SplicedVideo> videos_;
};

}  // namespace smalti
