#pragma once

#include <optional>
#include <string>

/// Names of outputs with what they name filled in.
namespace smalti::cli {

/// {stem} by the target's name without folder and extension, {scale} by --scale. Throws Error
/// (kUsage) for {scale} without one.
std::string expand_name(const std::string& name, const std::string& target,
                        std::optional<int> scale);

/// The first {min} and the first {max} by the scales of a sweep.
std::string expand_scales(std::string name, int min, int max);

/// The older spelling: %s for {stem} and %d for {scale}; in a sweep's name the first two %d for
/// {min} and {max}.
std::string modern_name(std::string name);
std::string modern_sweep_name(std::string name);

}  // namespace smalti::cli
