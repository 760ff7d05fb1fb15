#pragma once

#include "media/encoder.h"
#include "media/handles.h"
#include "media/video_writer.h"

/// What encoders are told before they are opened.
namespace smalti::media {

/// The time base and rate of the pictures handed in, or the nearest constant rate where codec or
/// container know no other.
void set_rate(AVCodecContext& codec, const AVOutputFormat& muxer, const EncoderSetup& setup);

/// Quality, speed and memory as smalti wants them where the user does not say otherwise, and then
/// all that the user says. Its size must be known. Throws Error (kUsage) for what the encoder does
/// not take.
void set_options(AVCodecContext& codec, const EncodeOptions& options);

}  // namespace smalti::media
