#include "sound.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include "noise.h"
#include "paint.h"

namespace samples {
namespace {

constexpr int kRate = 48000;
constexpr float kTurn = 2.0F * std::numbers::pi_v<float>;
constexpr float kPeak = 0.80F;  // of full scale, about -2 dB
constexpr std::uint32_t kSurfSeed = 8808;

struct Stereo {
  std::vector<float> left;
  std::vector<float> right;
};

float seconds(int sample) { return static_cast<float>(sample) / kRate; }

// Phase in turns, computed in double so that it stays exact over the whole clip.
float sine(double frequency, int sample) {
  const double turns = frequency * sample / kRate;
  return std::sin(kTurn * static_cast<float>(turns - std::floor(turns)));
}

// Surf: noise through a low pass whose cutoff swells, with the deepest rumble taken out.
void add_surf(std::vector<float>& channel, std::uint32_t seed, float phase) {
  float low = 0.0F;
  float lower = 0.0F;
  float rumble = 0.0F;
  for (std::size_t i = 0; i < channel.size(); ++i) {
    const float t = seconds(static_cast<int>(i));
    // A wave every five seconds, a little later in the right ear.
    const float swell = 0.5F - 0.5F * std::cos(kTurn * (t / 5.2F + phase));
    const float cutoff = 0.02F + 0.11F * swell * swell;
    const float white = 2.0F * unit_float(hash(seed, static_cast<std::uint32_t>(i))) - 1.0F;
    low += cutoff * (white - low);
    lower += cutoff * (low - lower);
    rumble += 0.006F * (lower - rumble);
    channel[i] += (0.35F + 0.9F * swell) * (lower - rumble);
  }
}

// One note of the pad: soft partials, slightly detuned between the ears, fading in and out.
void add_note(Stereo& sound, float frequency, float start, float length, float volume) {
  constexpr float kFade = 0.9F;
  const int first = std::max(0, static_cast<int>((start - 0.25F) * kRate));
  const int last = std::min(static_cast<int>(sound.left.size()),
                            static_cast<int>((start + length + kFade) * kRate));
  for (int i = first; i < last; ++i) {
    const float t = seconds(i) - start;
    const float envelope =
        volume * smooth(-0.25F, kFade, t) * smooth(length + kFade, length - 0.2F, t);
    for (int partial = 1; partial <= 4; ++partial) {
      const float level = envelope / static_cast<float>(partial * partial);
      const double f = static_cast<double>(frequency) * partial;
      sound.left[static_cast<std::size_t>(i)] += level * sine(f * 0.9985, i);
      sound.right[static_cast<std::size_t>(i)] += level * sine(f * 1.0015, i);
    }
  }
}

// A struck bell: partials that are not multiples of each other, the higher the shorter.
void add_bell(Stereo& sound, float start, float frequency, float volume) {
  struct Partial {
    float ratio;
    float level;
    float decay;  // seconds
  };
  constexpr std::array<Partial, 6> kPartials{{{0.5F, 0.35F, 2.4F},
                                              {1.0F, 1.00F, 1.8F},
                                              {1.19F, 0.45F, 1.3F},
                                              {2.0F, 0.55F, 1.0F},
                                              {2.74F, 0.30F, 0.6F},
                                              {5.2F, 0.22F, 0.18F}}};
  const int first = static_cast<int>(start * kRate);
  for (int i = first; i < static_cast<int>(sound.left.size()); ++i) {
    const float t = seconds(i - first);
    // A millisecond of attack keeps the stroke from clicking and its moment exact.
    const float attack = volume * std::min(1.0F, t * 1000.0F);
    float sum = 0.0F;
    for (const Partial& partial : kPartials) {
      sum += partial.level * std::exp(-t / partial.decay) *
             sine(static_cast<double>(frequency * partial.ratio), i - first);
    }
    sound.left[static_cast<std::size_t>(i)] += attack * sum;
    sound.right[static_cast<std::size_t>(i)] += attack * sum;
  }
}

Stereo compose(int shots, int shot_seconds) {
  // A, F sharp minor 7, D: the third shot comes home to the first one's colour.
  constexpr std::array<std::array<float, 5>, 3> kChords{
      {{110.0F, 164.81F, 220.0F, 277.18F, 493.88F},
       {92.50F, 138.59F, 220.0F, 329.63F, 415.30F},
       {73.42F, 146.83F, 220.0F, 369.99F, 440.0F}}};
  const auto count = static_cast<std::size_t>(shots * shot_seconds * kRate);
  Stereo sound{std::vector<float>(count), std::vector<float>(count)};
  add_surf(sound.left, kSurfSeed, 0.0F);
  add_surf(sound.right, kSurfSeed + 1, 0.08F);
  for (int shot = 0; shot < shots; ++shot) {
    const auto start = static_cast<float>(shot * shot_seconds);
    for (const float note : kChords[static_cast<std::size_t>(shot) % kChords.size()]) {
      add_note(sound, note, start, static_cast<float>(shot_seconds), 0.075F);
    }
    add_bell(sound, start, 880.0F, shot == 0 ? 0.10F : 0.26F);
  }
  return sound;
}

// Scales to the wanted peak and fades the ends.
void master(Stereo& sound) {
  float peak = 0.0F;
  for (const auto* channel : {&sound.left, &sound.right}) {
    for (const float value : *channel) peak = std::max(peak, std::abs(value));
  }
  const auto last = static_cast<int>(sound.left.size());
  for (auto* channel : {&sound.left, &sound.right}) {
    for (int i = 0; i < last; ++i) {
      const float fade = smooth(0.0F, 0.005F, seconds(i)) * smooth(0.0F, 0.6F, seconds(last - i));
      (*channel)[static_cast<std::size_t>(i)] *= fade * kPeak / peak;
    }
  }
}

void append(std::vector<std::uint8_t>& bytes, std::string_view text) {
  for (const char letter : text) bytes.push_back(static_cast<std::uint8_t>(letter));
}

// Little-endian, whatever the machine.
void append(std::vector<std::uint8_t>& bytes, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

}  // namespace

std::vector<std::uint8_t> make_wav(int shots, int shot_seconds) {
  Stereo sound = compose(shots, shot_seconds);
  master(sound);
  constexpr std::uint32_t kChannels = 2;
  constexpr std::uint32_t kBytesPerFrame = 2 * kChannels;
  const auto data_size = static_cast<std::uint32_t>(sound.left.size()) * kBytesPerFrame;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(data_size + 44);
  append(bytes, "RIFF");
  append(bytes, data_size + 36, 4);
  append(bytes, "WAVEfmt ");
  append(bytes, 16, 4);
  append(bytes, 1, 2);  // plain PCM
  append(bytes, kChannels, 2);
  append(bytes, kRate, 4);
  append(bytes, kRate * kBytesPerFrame, 4);
  append(bytes, kBytesPerFrame, 2);
  append(bytes, 16, 2);
  append(bytes, "data");
  append(bytes, data_size, 4);
  for (std::size_t i = 0; i < sound.left.size(); ++i) {
    for (const float value : {sound.left[i], sound.right[i]}) {
      const auto level = static_cast<std::int16_t>(std::lround(value * 32767.0F));
      append(bytes, static_cast<std::uint16_t>(level), 2);
    }
  }
  return bytes;
}

}  // namespace samples
