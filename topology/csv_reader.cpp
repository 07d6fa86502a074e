#include "topology/csv_reader.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace yishi::topology {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::size_t kChunkBytes = std::size_t{64} * 1024;  // of converted text

std::size_t line_at(View bytes, std::size_t offset) {
  return 1 + static_cast<std::size_t>(
                 std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(offset),
                            static_cast<std::uint8_t>('\n')));
}

Error encoding_error(std::size_t line, std::string_view zh, std::string_view en) {
  const std::string number = std::to_string(line);
  return {"csv.encoding", number, "第 " + number + " 行：" + std::string(zh),
          "Line " + number + ": " + std::string(en)};
}

// How long the well-formed UTF-8 character at `at` is; 0 when there is none.
std::size_t utf8_length(View bytes, std::size_t at) {
  const std::uint8_t lead = bytes[at];
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (at + length > bytes.size()) return 0;
  return is_utf8(text_of(bytes.subspan(at, length))) ? length : 0;
}

struct Utf8Look {
  std::size_t first_fault = 0;
  bool mostly = false;  // most bytes beyond ASCII stand in characters of three or four bytes
};

// Chinese in GB18030 hardly ever looks like UTF-8 of three bytes a character, so this
// tells a damaged UTF-8 file, which must be refused, from a GB18030 file.
Utf8Look look_at(View bytes) {
  Utf8Look look{bytes.size(), false};
  std::size_t beyond_ascii = 0;
  std::size_t in_long = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_length(bytes, at);
    if (length == 0) look.first_fault = std::min(look.first_fault, at);
    if (length != 1) beyond_ascii += std::max<std::size_t>(length, 1);
    if (length >= 3) in_long += length;
    at += std::max<std::size_t>(length, 1);
  }
  look.mostly = in_long * 2 > beyond_ascii;
  return look;
}

struct IconvClose {
  void operator()(void* handle) const { iconv_close(handle); }
};

Result<std::string> from_gb18030(View bytes) {
  iconv_t opened = iconv_open("UTF-8", "GB18030");
  if (opened == reinterpret_cast<iconv_t>(-1)) {  // NOLINT: iconv's own way to say no
    return encoding_error(1, "文件不是 UTF-8，而本机没有 GB18030 转换表；请存为 UTF-8。",
                          "the file is not UTF-8 and this machine cannot convert GB18030; save "
                          "it as UTF-8.");
  }
  const std::unique_ptr<void, IconvClose> converter(opened);
  Bytes source = copy(bytes);  // iconv asks for a pointer it may write through
  char* in = reinterpret_cast<char*>(source.data());
  std::size_t in_left = source.size();
  std::string out;
  std::string chunk(kChunkBytes, '\0');
  while (in_left > 0) {
    char* to = chunk.data();
    std::size_t to_left = chunk.size();
    const std::size_t done = iconv(converter.get(), &in, &in_left, &to, &to_left);
    out.append(chunk.data(), chunk.size() - to_left);
    if (done == static_cast<std::size_t>(-1) && errno != E2BIG) {
      return encoding_error(line_at(bytes, bytes.size() - in_left),
                            "文字既不是 UTF-8 也不是 GB18030。",
                            "the text is neither UTF-8 nor GB18030.");
    }
  }
  return out;
}

}  // namespace

Result<std::string> csv_to_utf8(View bytes) {
  const auto nul = std::find(bytes.begin(), bytes.end(), std::uint8_t{0});
  if (nul != bytes.end()) {
    return encoding_error(line_at(bytes, static_cast<std::size_t>(nul - bytes.begin())),
                          "含有零字节；文件可能是 UTF-16 或不是文本，请存为 UTF-8。",
                          "a zero byte; the file may be UTF-16 or no text at all, save it as "
                          "UTF-8.");
  }
  std::string_view text = text_of(bytes);
  const bool marked = text.starts_with(kBom);
  if (is_utf8(text)) return std::string(marked ? text.substr(kBom.size()) : text);
  const Utf8Look look = look_at(bytes);
  if (marked || look.mostly) {
    return encoding_error(line_at(bytes, look.first_fault), "UTF-8 文字在此处损坏。",
                          "the UTF-8 text is damaged here.");
  }
  return from_gb18030(bytes);
}

std::optional<CsvRecord> CsvReader::next() {
  while (skip_empty_line()) {
  }
  if (at_ >= text_.size()) return std::nullopt;
  CsvRecord record;
  record.line = line_;
  std::string beyond;  // columns too many are counted, not kept
  while (true) {
    std::string& field = record.columns < kCsvColumns ? record.fields[record.columns] : beyond;
    field.clear();
    ++record.columns;
    skip_blanks();
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    if (!(quoted ? read_quoted(field) : read_plain(field))) {
      record.bad_quotes = true;
      break;
    }
    if (at_ >= text_.size() || text_[at_] != ',') break;
    ++at_;
  }
  end_line();
  return record;
}

bool CsvReader::at_line_end() const {
  if (at_ >= text_.size() || text_[at_] == '\n') return true;
  return text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n');
}

void CsvReader::skip_blanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
}

bool CsvReader::skip_empty_line() {
  if (at_ >= text_.size()) return false;
  const std::size_t start = at_;
  skip_blanks();
  if (!at_line_end()) {
    at_ = start;
    return false;
  }
  end_line();
  return true;
}

void CsvReader::end_line() {
  while (at_ < text_.size() && text_[at_] != '\n') ++at_;
  if (at_ < text_.size()) {
    ++at_;
    ++line_;
  }
}

bool CsvReader::read_quoted(std::string& field) {
  ++at_;
  while (true) {
    if (at_ >= text_.size()) return false;  // never closed
    const char c = text_[at_++];
    if (c == '\n') ++line_;
    if (c != '"') {
      field += c;
      continue;
    }
    if (at_ < text_.size() && text_[at_] == '"') {
      field += '"';
      ++at_;
      continue;
    }
    skip_blanks();
    return at_line_end() || text_[at_] == ',';
  }
}

bool CsvReader::read_plain(std::string& field) {
  const std::size_t start = at_;
  while (!at_line_end() && text_[at_] != ',') ++at_;
  field = text_.substr(start, at_ - start);
  while (!field.empty() && (field.back() == ' ' || field.back() == '\t')) field.pop_back();
  return field.starts_with('=') || field.find('"') == std::string::npos;
}

}  // namespace yishi::topology
