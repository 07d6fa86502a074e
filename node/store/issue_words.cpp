#include "node/store/issue_words.h"

#include <algorithm>
#include <cstdint>
#include <optional>

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
  std::size_t characters = 0;
};

// Goes through a text part by part and writes the words of each, blanks between: characters in
// pairs and the last by itself, so that every character is the beginning of a word; letters small,
// long words cut. In one pass, for all that is ever said goes through here.
class PartReader {
 public:
  explicit PartReader(std::string_view text) : text_(text) {}

  // Adds the words of the next part; nothing: there is none.
  std::optional<Part> next(std::string& out) {
    Part part;
    std::string_view before;  // the ideograph before
    std::size_t word = 0;     // bytes of the word so far
    while (at_ < text_.size()) {
      const Character character = character_at(text_, at_);
      const std::uint32_t point = narrow(character.point);
      const bool ideograph = is_ideograph(point);
      if (!ideograph && !is_letter(point)) {
        at_ += character.bytes;
        if (part.characters > 0) break;
        continue;
      }
      if (part.characters > 0 && ideograph != part.ideographs) break;
      part.ideographs = ideograph;
      const std::string_view one = text_.substr(at_, character.bytes);
      at_ += character.bytes;
      ++part.characters;
      if (ideograph) {
        if (!before.empty()) out.append(before).append(one) += ' ';
        before = one;
      } else {
        add_letter(out, point, one, word);
      }
    }
    if (part.characters == 0) return std::nullopt;
    out += before;
    return part;
  }

 private:
  static void add_letter(std::string& out, std::uint32_t point, std::string_view bytes,
                         std::size_t& word) {
    const bool ascii = point < 0x80;
    const char small = point >= 'A' && point <= 'Z' ? char(point | 0x20) : char(point);
    const std::string_view one = ascii ? std::string_view(&small, 1) : bytes;
    if (word + one.size() > kMaxWordBytes) {
      out += ' ';
      word = 0;
    }
    out += one;
    word += one.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string bigrams(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 3);  // each character of three bytes twice, and a blank
  PartReader reader(text);
  while (reader.next(out)) out += ' ';
  if (!out.empty()) out.pop_back();
  return out;
}

SearchTerms search_terms(std::string_view text) {
  SearchTerms terms;
  const std::string_view asked = cut(text, kMaxSearchBytes);
  PartReader reader(asked);
  for (std::size_t parts = 0; parts < kMaxSearchParts; ++parts) {
    std::string words;
    const auto part = reader.next(words);
    if (!part) break;
    const bool single = part->characters == 1;
    if (part->ideographs && !single) words.resize(words.rfind(' '));  // without the last by itself
    std::size_t begin = 0;
    while (begin < words.size()) {
      const std::size_t end = std::min(words.find(' ', begin), words.size());
      if (!terms.match.empty()) terms.match += " AND ";
      terms.match += '"' + words.substr(begin, end - begin) + '"';
      begin = end + 1;
    }
    // A single character, or the beginning of a word of letters, will do.
    const bool beginning = !part->ideographs || single;
    if (beginning) terms.match += " *";
    if (words.find(' ') != std::string::npos) {
      terms.phrases.push_back(' ' + words + (beginning ? "" : " "));
    }
  }
  return terms;
}

}  // namespace yishi::store
