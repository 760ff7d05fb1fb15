// Where libFuzzer enters the target that this is compiled for.

#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return smalti::fuzz::SMALTI_FUZZ_TARGET(data, size);
}
