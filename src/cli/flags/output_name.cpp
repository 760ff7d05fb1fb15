#include "cli/flags/output_name.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "smalti/error.h"

namespace smalti::cli {
namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

std::string first_replaced(std::string text, const std::string& what, const std::string& by) {
  if (const std::size_t at = text.find(what); at != std::string::npos)
    text.replace(at, what.size(), by);
  return text;
}

}  // namespace

std::string expand_name(const std::string& name, const std::string& target,
                        std::optional<int> scale) {
  std::string expanded = replaced(name, "{stem}", std::filesystem::path(target).stem().string());
  if (expanded.find("{scale}") == std::string::npos) return expanded;
  if (!scale)
    throw Error(ErrorKind::kUsage, fmt::format("'{}' names a scale, but there is none", name),
                "choose one with --scale");
  return replaced(expanded, "{scale}", std::to_string(*scale));
}

std::string expand_scales(std::string name, int min, int max) {
  return first_replaced(first_replaced(std::move(name), "{min}", std::to_string(min)), "{max}",
                        std::to_string(max));
}

std::string modern_name(std::string name) {
  return replaced(replaced(std::move(name), "%s", "{stem}"), "%d", "{scale}");
}

std::string modern_sweep_name(std::string name) {
  return modern_name(first_replaced(first_replaced(std::move(name), "%d", "{min}"), "%d", "{max}"));
}

}  // namespace smalti::cli
