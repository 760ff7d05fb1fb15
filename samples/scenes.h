// The kinds of little pictures that tiles show.
#pragma once

#include <span>

#include "noise.h"
#include "shapes.h"

namespace samples {

// Colours of one tile, all of them variations on the colour it has to have on average.
struct Palette {
  Lab light;    // bright end of the background
  Lab dark;     // dark end of the background
  Lab ground;   // land, tables, trunks: darker still
  Lab subject;  // what the picture shows; stands out from the background
  Lab accent;   // small parts of the subject, in another hue
  Lab glow;     // suns, lamps, highlights
};

// What a scene has to work with.
struct Brief {
  TilePainter& canvas;
  Palette palette;
  float light_from;  // angle that the background's bright end lies at
  Rng& rng;
};

struct Scene {
  const char* name;
  void (*draw)(Brief& brief);
};

// Fills the tile with the palette's gradient from dark to light.
void paint_background(Brief& brief);

std::span<const Scene> land_scenes();
std::span<const Scene> thing_scenes();
std::span<const Scene> toy_scenes();

// Scenes of a dark and a bright half; these honour `light_from` closely.
std::span<const Scene> two_tone_scenes();

}  // namespace samples
