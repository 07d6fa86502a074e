#include "node/http/metrics_text.h"

#include <charconv>

namespace yishi::http {
namespace {

// Exact for whole numbers up to 2^53, and the shortest that reads back the same beyond.
std::string number_text(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  return std::string(digits, end.ptr);
}

// Label values are any text; three characters are written otherwise.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

void MetricsText::begin(std::string_view name, std::string_view help, std::string_view type) {
  name_ = name;
  text_ += "# HELP " + name_ + ' ' + std::string(help) + '\n';
  text_ += "# TYPE " + name_ + ' ' + std::string(type) + '\n';
}

void MetricsText::gauge(std::string_view name, std::string_view help, double value) {
  begin(name, help, "gauge");
  sample({}, value);
}

void MetricsText::counter(std::string_view name, std::string_view help, double value) {
  begin(name, help, "counter");
  sample({}, value);
}

void MetricsText::sample(const Labels& labels, double value) {
  text_ += name_;
  char before = '{';
  for (const auto& [label, words] : labels) {
    text_ += before + std::string(label) + "=\"" + escaped(words) + '"';
    before = ',';
  }
  if (!labels.empty()) text_ += '}';
  text_ += ' ' + number_text(value) + '\n';
}

}  // namespace yishi::http
