// The sample clip's sound: waves, a slow chord, and a bell at the start of each shot.
#pragma once

#include <cstdint>
#include <vector>

namespace samples {

// A complete WAV file: 16-bit stereo at 48 kHz, `shots` shots of `shot_seconds` each.
std::vector<std::uint8_t> make_wav(int shots, int shot_seconds);

}  // namespace samples
