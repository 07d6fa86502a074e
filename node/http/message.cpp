#include "node/http/message.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>

#include "crypto/bytes.h"
#include "node/http/limits.h"

namespace yishi::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

Error bad_target() {
  return {"http.target", "path", "请求的路径不是合法的 URL 编码",
          "the request's path is not valid percent-encoded UTF-8"};
}

Status parse_query(std::string_view text, Request& request) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto key = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!key || !value || request.query.size() >= kMaxQueryFields) return bad_target();
    request.query.emplace(std::move(*key), std::move(*value));
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The weight of one element "en-GB;q=0.8", 0 to 1; 1 when it has none.
double weight_of(std::string_view element) {
  const std::size_t at = element.find("q=");
  if (at == std::string_view::npos) return 1;
  return std::strtod(std::string(element.substr(at + 2, 5)).c_str(), nullptr);
}

}  // namespace

Status parse_target(std::string_view target, Request& request) {
  if (target.size() > kMaxTargetBytes) {
    return Error{"http.target.long", "path", "请求的路径过长", "the request's path is too long"};
  }
  if (target.empty() || target.front() != '/') return bad_target();
  const std::size_t mark = std::min(target.find('?'), target.size());
  std::string_view path = target.substr(1, mark - 1);
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    auto segment = percent_decode(path.substr(0, end), false);
    if (!segment) return bad_target();
    request.segments.push_back(std::move(*segment));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parse_query(target.substr(std::min(mark + 1, target.size())), request);
}

bool prefers_chinese(std::string_view accept_language) {
  double chinese = -1;
  double english = -1;
  while (!accept_language.empty()) {
    const std::size_t end = std::min(accept_language.find(','), accept_language.size());
    const std::string_view element = trimmed(accept_language.substr(0, end));
    accept_language.remove_prefix(std::min(end + 1, accept_language.size()));
    std::string primary(element.substr(0, 2));
    for (char& c : primary) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (primary == "zh") chinese = std::max(chinese, weight_of(element));
    if (primary == "en") english = std::max(english, weight_of(element));
  }
  return chinese >= english;
}

}  // namespace yishi::http
