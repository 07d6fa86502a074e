#include "node/cli/csv.h"

#include <iconv.h>

#include <algorithm>

#include "crypto/pack.h"

namespace yishi::cli {
namespace {

class Converter {
 public:
  Converter() : handle_(iconv_open("UTF-8", "GB18030")) {}
  ~Converter() {
    if (good()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  bool good() const { return handle_ != iconv_t(-1); }  // NOLINT: iconv's own way to say no

  bool convert(std::string_view bytes, std::string& out) {
    constexpr std::size_t kMostGrowth = 3;  // two bytes of GB18030 make at most three of UTF-8
    out.resize(bytes.size() * kMostGrowth);
    std::string copy(bytes);  // iconv asks for bytes it may write to, and does not
    char* in = copy.data();
    char* to = out.data();
    std::size_t in_left = copy.size();
    std::size_t out_left = out.size();
    if (iconv(handle_, &in, &in_left, &to, &out_left) == std::size_t(-1)) return false;
    out.resize(out.size() - out_left);
    return true;
  }

 private:
  iconv_t handle_;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<std::vector<CsvLine>> run() {
    std::vector<CsvLine> lines;
    while (at_ < text_.size()) {
      CsvLine line{line_, {}};
      for (bool more = true; more;) {
        auto field = quoted() ? read_quoted() : Result<std::string>(read_plain());
        if (!field) return field.error();
        line.fields.push_back(std::move(*field));
        more = at_ < text_.size() && text_[at_] == ',';
        if (more) ++at_;
      }
      end_line();
      const bool blank = std::all_of(line.fields.begin(), line.fields.end(),
                                     [](const std::string& field) { return field.empty(); });
      if (!blank) lines.push_back(std::move(line));
    }
    if (lines.empty()) return Error{"csv.empty", "", "文件是空的", "the file is empty"};
    return lines;
  }

 private:
  bool quoted() const { return at_ < text_.size() && text_[at_] == '"'; }

  std::string read_plain() {
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    std::string field(text_.substr(at_, end - at_));
    at_ = end;
    return field;
  }

  Result<std::string> read_quoted() {
    const std::size_t began = line_;
    std::string field;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c != '"') {
        field += c;
        continue;
      }
      if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        field += text_[++at_];
        continue;
      }
      ++at_;
      const bool ends = at_ == text_.size() ||
                        std::string_view(",\r\n").find(text_[at_]) != std::string_view::npos;
      return ends ? Result<std::string>(std::move(field)) : broken_quote(began);
    }
    return broken_quote(began);
  }

  static Error broken_quote(std::size_t line) {
    const std::string number = std::to_string(line);
    return {"csv.quote", "line " + number, "第 " + number + " 行：引号没有成对，或引号后还有文字",
            "line " + number + ": a quotation mark never ends, or text follows it"};
  }

  void end_line() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++line_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

Result<std::string> decode_text(std::string_view bytes) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (is_utf8(bytes)) {
    if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
    return std::string(bytes);
  }
  Converter converter;
  std::string text;
  if (converter.good() && converter.convert(bytes, text)) return text;
  return Error{"csv.encoding", "", "文件既不是 UTF-8 也不是 GB18030 编码",
               "the file is neither UTF-8 nor GB18030"};
}

Result<std::vector<CsvLine>> parse_csv(std::string_view utf8) { return Parser(utf8).run(); }

}  // namespace yishi::cli
