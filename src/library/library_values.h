#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "library/library_file.h"
#include "smalti/match_options.h"

/// What the columns of a library may hold. Checksums show what was altered; a library made to harm
/// has right checksums over values that smalti never writes, and these must reach nobody.
namespace smalti::library {

/// Whether a row's values are such as smalti writes. Whatever passes can be used without further
/// care: no sum or difference of its numbers overflows, no text of it ends early or moves a
/// terminal's cursor, its picture is no larger than thumbnails are.
bool has_possible_values(Table table, const sqlite::Statement& row);

/// How descriptions for `match` are named at the end of their configuration; empty where they are
/// the plain ones.
std::string name_in_configuration(const MatchOptions& match);

// A description in a block: the hash of the thumbnail that it describes, whether it is transparent,
// and colours, three numbers each: the descriptor, and the other view where there is one.
inline constexpr std::size_t kFlagAt = sizeof(std::int64_t);
inline constexpr std::size_t kColorsAt = kFlagAt + sizeof(std::int16_t);

/// Bytes of one description in a block.
std::size_t description_bytes(const MatchOptions& match);

}  // namespace smalti::library
