// Units and levels: what exists, apart from which daemon speaks for it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "topology/code.h"

namespace yishi::topology {

// A level of the tree, from the top down: {"city","市"}, {"district","区县"}, …
// Levels are data: a network may have a province above or a group below.
struct Level {
  std::string id;  // 1 to 16 lower-case letters
  std::string zh;
  std::size_t digits;  // significant digits a division code of this level has at least
  bool operator==(const Level&) const = default;
};

// province 2, city 4, district 6, township 9, village 12, in this order.
const std::vector<Level>& known_levels();
const Level* find_level(std::string_view id);  // nullptr when unknown
// -1 unknown; smaller is higher. The order is that of known_levels().
int level_rank(std::string_view id);

struct Unit {
  Code code;
  std::string name;               // 1 to 64 characters
  std::string level;              // id of a Level
  Code parent;                    // empty for the root
  std::string kind = "division";  // division, sector, enterprise, association, studio
  bool operator==(const Unit&) const = default;
};

// The kind a room's code says it has by its letter: 'S' is "sector"; '\0' (no suffix) is
// "division"; empty for any other letter.
std::string_view kind_of_suffix(char letter);

// 1 to 64 characters of valid UTF-8, not only blanks, with no control characters, line
// separators or characters that turn the direction of text. The Error carries `rule`, `field`.
Status check_name(std::string_view name, std::string_view rule, std::string_view field);

// Foreign text made fit for a sentence on one line: cut to kMaxExcerptBytes, each byte that
// is not text replaced.
std::string excerpt(std::string_view text);

inline constexpr std::size_t kMaxExcerptBytes = 60;
inline constexpr std::size_t kMaxDepth = 16;       // units from the root to a leaf, both counted
inline constexpr std::size_t kMaxUnits = 100'000;  // of one network
inline constexpr std::size_t kMaxNameCharacters = 64;  // Unicode code points
inline constexpr std::size_t kMaxNameBytes = 4 * kMaxNameCharacters;

}  // namespace yishi::topology
