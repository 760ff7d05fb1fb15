#include "base/wording.h"

#include <atomic>

namespace smalti {
namespace {

std::string as_asked(std::string_view what) { return std::string(what); }

std::atomic<NameGiver> name_giver = as_asked;

}  // namespace

void give_names(NameGiver giver) { name_giver = giver; }

std::string with_names(std::string_view text) {
  const NameGiver name_of = name_giver;
  std::string out;
  while (true) {
    const std::size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    const std::size_t close = text.find('}', open);
    out += name_of(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

}  // namespace smalti
