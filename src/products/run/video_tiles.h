#pragma once

#include "media/video_frames.h"
#include "smalti/events.h"

namespace smalti {

/// Opens videos for their frames with media's reader. The events must outlive what it opens: only
/// their stop flag is heeded, and when it is set, next() throws Error.
media::VideoOpener video_opener(const Events& events);

}  // namespace smalti
