#include "support/probe.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "support/program.h"

namespace smalti::test {
namespace {

using Json = nlohmann::json;

Json ffprobe(std::vector<std::string> arguments, const std::filesystem::path& file) {
  arguments.insert(arguments.begin(), {"ffprobe", "-v", "quiet", "-of", "json"});
  arguments.push_back("file:" + file.string());
  const Ended ended = run_program(arguments);
  if (ended.code != 0) throw std::runtime_error("ffprobe failed on " + file.string());
  return Json::parse(ended.output);
}

std::string text(const Json& object, const char* key) { return object.value(key, std::string()); }

double seconds(const Json& object, const char* key) {
  const std::string value = text(object, key);
  return value.empty() || value == "N/A" ? 0 : std::stod(value);
}

double ratio(const std::string& fraction) {
  const std::size_t slash = fraction.find('/');
  if (slash == std::string::npos) return 0;
  return std::stod(fraction.substr(0, slash)) / std::stod(fraction.substr(slash + 1));
}

std::string tag(const Json& object, const char* key) {
  return object.contains("tags") ? text(object["tags"], key) : "";
}

ProbedStream stream_of(const Json& json) {
  ProbedStream stream;
  stream.index = json.at("index");
  stream.kind = text(json, "codec_type");
  stream.codec = text(json, "codec_name");
  stream.language = tag(json, "language");
  stream.width = json.value("width", 0);
  stream.height = json.value("height", 0);
  stream.time_base_s = ratio(text(json, "time_base"));
  stream.profile_tags = text(json, "color_range") + "/" + text(json, "color_space") + "/" +
                        text(json, "color_transfer") + "/" + text(json, "color_primaries");
  if (json.contains("disposition")) {
    stream.attached_picture = json["disposition"].value("attached_pic", 0) != 0;
    stream.is_default = json["disposition"].value("default", 0) != 0;
  }
  for (const Json& side_data : json.value("side_data_list", Json::array()))
    if (text(side_data, "side_data_type") == "Display Matrix") stream.has_rotation = true;
  return stream;
}

}  // namespace

std::vector<ProbedStream> Probe::of_kind(const std::string& kind) const {
  std::vector<ProbedStream> found;
  std::copy_if(streams.begin(), streams.end(), std::back_inserter(found),
               [&](const ProbedStream& s) { return s.kind == kind; });
  return found;
}

Probe probe(const std::filesystem::path& file) {
  const Json json = ffprobe({"-show_streams", "-show_format", "-show_chapters"}, file);
  Probe probe;
  for (const Json& stream : json.at("streams")) probe.streams.push_back(stream_of(stream));
  probe.duration_s = seconds(json.at("format"), "duration");
  probe.title = tag(json.at("format"), "title");
  probe.chapters = json.at("chapters").size();
  return probe;
}

std::vector<double> frame_times(const std::filesystem::path& file, int stream) {
  const Json json = ffprobe({"-select_streams", std::to_string(stream), "-show_frames",
                             "-show_entries", "frame=best_effort_timestamp_time"},
                            file);
  std::vector<double> times;
  for (const Json& frame : json.at("frames"))
    times.push_back(seconds(frame, "best_effort_timestamp_time"));
  return times;
}

std::vector<ProbedPacket> packets(const std::filesystem::path& file, int stream) {
  const Json json =
      ffprobe({"-select_streams", std::to_string(stream), "-show_packets", "-show_data_hash", "md5",
               "-show_entries", "packet=pts_time,data_hash"},
              file);
  std::vector<ProbedPacket> out;
  for (const Json& packet : json.at("packets")) {
    ProbedPacket p;
    if (packet.contains("pts_time")) p.pts_s = seconds(packet, "pts_time");
    p.hash = text(packet, "data_hash");
    out.push_back(p);
  }
  return out;
}

std::vector<std::string> frame_hashes(const std::filesystem::path& file) {
  const Ended ended = run_program({"ffmpeg", "-v", "error", "-i", "file:" + file.string(), "-map",
                                   "0:v:0", "-f", "framemd5", "-"});
  if (ended.code != 0) throw std::runtime_error("ffmpeg failed on " + file.string());
  std::vector<std::string> hashes;
  std::istringstream lines(ended.output);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    hashes.push_back(line.substr(line.rfind(',') + 1));
  }
  return hashes;
}

std::optional<std::filesystem::path> media_folder() {
  const char* wanted = std::getenv("SMALTI_MEDIA");
  const std::filesystem::path folder = wanted != nullptr ? wanted : SMALTI_DEFAULT_MEDIA;
  if (std::filesystem::is_directory(folder / "video")) return folder;
  MESSAGE("SKIPPED: there is no media folder at " << folder.string()
                                                  << "; name one with SMALTI_MEDIA");
  return std::nullopt;
}

}  // namespace smalti::test
