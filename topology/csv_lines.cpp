#include "topology/csv_lines.h"

#include <algorithm>

#include "topology/csv_reader.h"

namespace yishi::topology {
namespace {

class LineParser {
 public:
  explicit LineParser(std::string_view text) : text_(text) {}

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
      const bool blank =
          std::all_of(line.fields.begin(), line.fields.end(), [](const std::string& field) {
            return field.find_first_not_of(" \t") == std::string::npos;
          });
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

Result<std::vector<CsvLine>> read_csv_lines(std::string_view bytes) {
  auto text = csv_to_utf8(view_of(bytes));
  if (text) return LineParser(*text).run();
  Error error = text.error();
  error.field = "line " + error.field;
  return error;
}

}  // namespace yishi::topology
