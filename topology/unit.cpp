#include "topology/unit.h"

#include <algorithm>

#include "crypto/bytes.h"

namespace yishi::topology {

namespace {

// Reads the code point at `index` of well-formed UTF-8 and moves on.
char32_t next_code_point(std::string_view text, std::size_t& index) {
  const auto lead = static_cast<unsigned char>(text[index++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t point = lead & (0x3Fu >> more);
  for (int i = 0; i < more; ++i) {
    point = (point << 6) | (static_cast<unsigned char>(text[index++]) & 0x3Fu);
  }
  return point;
}

// What must not stand in a name: it would break a line, or make a name look like another.
bool is_forbidden(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x200E || point == 0x200F ||
         (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
         point == 0xFEFF || point == 0xFFFD;
}

bool is_blank(char32_t point) { return point == ' ' || point == 0xA0 || point == 0x3000; }

}  // namespace

const std::vector<Level>& known_levels() {
  static const std::vector<Level> levels{{"province", "省", 2},
                                         {"city", "市", 4},
                                         {"district", "区县", 6},
                                         {"township", "乡镇", 9},
                                         {"village", "村社区", 12}};
  return levels;
}

int level_rank(std::string_view id) {
  const std::vector<Level>& levels = known_levels();
  const auto found = std::find_if(levels.begin(), levels.end(),
                                  [&](const Level& level) { return level.id == id; });
  return found == levels.end() ? -1 : static_cast<int>(found - levels.begin());
}

const Level* find_level(std::string_view id) {
  const int rank = level_rank(id);
  return rank < 0 ? nullptr : &known_levels()[static_cast<std::size_t>(rank)];
}

std::string_view kind_of_suffix(char letter) {
  switch (letter) {
    case '\0':
      return "division";
    case 'S':
      return "sector";
    case 'E':
      return "enterprise";
    case 'A':
      return "association";
    case 'T':
      return "studio";
    default:
      return {};
  }
}

Status check_name(std::string_view name, std::string_view rule, std::string_view field) {
  const auto refuse = [&](std::string zh, std::string en) {
    return Status(Error{std::string(rule), std::string(field), std::move(zh), std::move(en)});
  };
  if (!is_utf8(name)) {
    return refuse("名称不是有效的 UTF-8 文字。", "The name is not valid UTF-8 text.");
  }
  std::size_t characters = 0;
  bool only_blanks = true;
  for (std::size_t index = 0; index < name.size(); ++characters) {
    const char32_t point = next_code_point(name, index);
    only_blanks = only_blanks && is_blank(point);
    if (is_forbidden(point)) {
      return refuse("名称“" + excerpt(name) + "”含有换行等控制字符，不允许。",
                    "The name \"" + excerpt(name) + "\" contains a control character.");
    }
  }
  if (only_blanks) return refuse("名称不能为空。", "The name must not be empty.");
  if (characters > kMaxNameCharacters) {
    const std::string count = std::to_string(characters);
    return refuse("名称有 " + count + " 个字，最多 64 个：“" + excerpt(name) + "”。",
                  "The name has " + count + " characters, at most 64 are allowed: \"" +
                      excerpt(name) + "\".");
  }
  return {};
}

std::string excerpt(std::string_view text) {
  const bool cut = text.size() > kMaxExcerptBytes;
  if (cut) {
    std::size_t end = kMaxExcerptBytes;
    // Not through the middle of a character.
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
    text = text.substr(0, end);
  }
  std::string out;
  if (is_utf8(text)) {
    for (std::size_t index = 0; index < text.size();) {
      const std::size_t start = index;
      if (is_forbidden(next_code_point(text, index))) {
        out += '?';
      } else {
        out += text.substr(start, index - start);
      }
    }
  } else {
    for (const char c : text) out += c >= 0x20 && c < 0x7F ? c : '?';
  }
  return cut ? out + "…" : out;
}

}  // namespace yishi::topology
