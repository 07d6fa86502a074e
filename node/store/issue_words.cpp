#include "node/store/issue_words.h"

#include <algorithm>
#include <cstdint>

#include "node/store/issues.h"
#include "node/store/limits.h"
#include "node/store/texts.h"

namespace yishi::store {
namespace {

struct Character {
  std::uint32_t point = 0;
  std::size_t bytes = 1;
};

// Foreign text is UTF-8 by then; what is not is taken byte by byte and separates.
Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0;
  if (bytes == 0 || at + bytes > text.size()) return {0, 1};
  std::uint32_t point = first & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {0, 1};
    point = (point << 6) | (byte(at + i) & 0x3FU);
  }
  return {point, bytes};
}

// Scripts that are written without blanks: ideographs, kana, Hangul.
bool is_ideograph(std::uint32_t point) {
  return (point >= 0x2E80 && point <= 0x2FFF) || (point >= 0x3005 && point <= 0x3007) ||
         (point >= 0x3041 && point <= 0x30FA) || (point >= 0x30FC && point <= 0x9FFF) ||
         (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
         (point >= 0x20000 && point <= 0x3FFFF);
}

// Full-width letters and digits are the ASCII ones to whoever searches.
std::uint32_t narrow(std::uint32_t point) {
  return point >= 0xFF01 && point <= 0xFF5E ? point - 0xFEE0 : point;
}

// Letters and digits of scripts with blanks. Beyond ASCII all that is no punctuation.
bool is_letter(std::uint32_t point) {
  if (point < 0x80) {
    const std::uint32_t lower = point | 0x20;
    return (point >= '0' && point <= '9') || (lower >= 'a' && lower <= 'z');
  }
  if (point >= 0x2000 && point <= 0x303F) return false;  // punctuation, symbols
  if (point >= 0xFE10 && point <= 0xFE6F) return false;  // forms of punctuation
  return point >= 0xC0 && point != 0xD7 && point != 0xF7 && (point < 0xFF00 || point > 0xFFEF);
}

struct Part {  // a run of one kind in a text
  bool ideographs = false;
  std::vector<std::string> characters;  // lower-case when letters
};

std::vector<Part> parts_of(std::string_view text, std::size_t max_parts) {
  std::vector<Part> parts;
  bool open = false;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    const std::uint32_t point = narrow(character.point);
    const bool ideographs = is_ideograph(point);
    if (!ideographs && !is_letter(point)) {
      open = false;
    } else {
      if (!open || parts.back().ideographs != ideographs) {
        if (parts.size() == max_parts) break;
        parts.push_back({ideographs, {}});
        open = true;
      }
      std::string one(text.substr(at, character.bytes));
      if (point < 0x80) one = point >= 'A' && point <= 'Z' ? char(point | 0x20) : char(point);
      parts.back().characters.push_back(std::move(one));
    }
    at += character.bytes;
  }
  return parts;
}

// What stands in the index for a part, blanks between; `last`: with its last character by
// itself, so that every character is the beginning of a word.
std::string indexed(const Part& part, bool last) {
  std::string out;
  const auto& characters = part.characters;
  if (part.ideographs) {
    for (std::size_t i = 0; i + 1 < characters.size(); ++i) {
      if (!out.empty()) out += ' ';
      out += characters[i] + characters[i + 1];
    }
    if (last || characters.size() == 1) {
      if (!out.empty()) out += ' ';
      out += characters.back();
    }
    return out;
  }
  std::size_t word = 0;  // bytes of the word so far
  for (const auto& character : characters) {
    if (word + character.size() > kMaxWordBytes) {
      out += ' ';
      word = 0;
    }
    out += character;
    word += character.size();
  }
  return out;
}

}  // namespace

std::string bigrams(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 2);
  for (const Part& part : parts_of(text, SIZE_MAX)) {
    if (!out.empty()) out += ' ';
    out += indexed(part, true);
  }
  return out;
}

SearchTerms search_terms(std::string_view text) {
  SearchTerms terms;
  for (const Part& part : parts_of(cut(text, kMaxSearchBytes), kMaxSearchParts)) {
    const std::string words = indexed(part, false);
    std::size_t begin = 0;
    while (begin < words.size()) {
      const std::size_t end = std::min(words.find(' ', begin), words.size());
      if (!terms.match.empty()) terms.match += " AND ";
      terms.match += '"' + words.substr(begin, end - begin) + '"';
      begin = end + 1;
    }
    // A single character, or the beginning of a word of letters, will do.
    const bool beginning = !part.ideographs || part.characters.size() == 1;
    if (beginning) terms.match += " *";
    if (words.find(' ') != std::string::npos) {
      terms.phrases.push_back(' ' + words + (beginning ? "" : " "));
    }
  }
  return terms;
}

}  // namespace yishi::store
