#include "node/cli/invocation.h"

#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>

#include "node/cli/text.h"
#include "node/http/client.h"

namespace yishi::cli {
namespace {

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Called understood(const Result<http::Answer>& answer) {
  if (!answer) {
    const bool gone =
        answer.error().rule == "http.unreachable" || answer.error().rule == "http.timeout";
    return {{}, failure(gone ? kUnreachable : kFailed, answer.error())};
  }
  Json body = Json::parse(answer->body, nullptr, false);
  if (body.is_discarded() || !body.is_object()) {
    return {{},
            failure(kFailed,
                    {"http.answer", "", "节点的答复不是 JSON", "the node's answer is not JSON"})};
  }
  if (answer->ok()) return {std::move(body), std::nullopt};
  constexpr unsigned kServerErrors = 500;
  const int code = answer->status >= kServerErrors ? kFailed : kRefused;
  Outcome outcome = failure(code, {text_at(body, "rule"), text_at(body, "field"),
                                   text_at(body, "zh"), text_at(body, "en")});
  outcome.json = body;
  return {std::move(body), std::move(outcome)};
}

template <class Stream>
std::optional<std::string> read_stream(Stream& stream, std::size_t max_bytes) {
  constexpr std::size_t kPiece = std::size_t{64} * 1024;  // bytes
  std::string out;
  std::string piece(kPiece, '\0');
  while (stream.read(piece.data(), kPiece) || stream.gcount() > 0) {
    out.append(piece, 0, static_cast<std::size_t>(stream.gcount()));
    if (out.size() > max_bytes) return std::nullopt;
  }
  return out;
}

}  // namespace

std::string Arguments::get(const std::string& name, const std::string& fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? fallback : found->second.front();
}

std::vector<std::string> Arguments::all(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::string Invocation::time(const Json& value) const {
  return value.is_string() ? time_text(value.get_ref<const std::string&>(), chinese) : "—";
}

std::string Invocation::label(const Json& value) const {
  if (!value.is_object()) return "—";
  const std::string text = text_at(value, chinese ? "zh" : "en");
  return one_line(text.empty() ? text_at(value, "id") : text);
}

std::string Invocation::unit(const Json& value) const {
  if (!value.is_object()) return "—";
  return one_line(text_at(value, "name"));
}

Outcome failure(int code, Error error) {
  Outcome outcome;
  outcome.code = code;
  outcome.error = std::move(error);
  return outcome;
}

Outcome usage(std::string field, std::string zh, std::string en) {
  return failure(kUsage, {"usage", std::move(field), std::move(zh), std::move(en)});
}

Called api_get(const Invocation& invocation, const std::string& target) {
  return understood(http::Client(invocation.data, invocation.chinese).get(target));
}

Called api_post(const Invocation& invocation, const std::string& target, const Json& body,
                std::chrono::seconds time) {
  const std::string text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return understood(http::Client(invocation.data, invocation.chinese).post(target, text, time));
}

Called api_delete(const Invocation& invocation, const std::string& target) {
  return understood(http::Client(invocation.data, invocation.chinese).remove(target));
}

CalledText api_get_text(const Invocation& invocation, const std::string& target) {
  const auto answer = http::Client(invocation.data, invocation.chinese).get(target);
  if (answer && answer->ok()) return {answer->body, std::nullopt};
  return {{}, understood(answer).failed};
}

Called api_post_text(const Invocation& invocation, const std::string& target,
                     const std::string& body) {
  return understood(http::Client(invocation.data, invocation.chinese).post(target, body));
}

Target& Target::with(std::string_view key, const std::string& value) {
  if (value.empty()) return *this;
  text_ += text_.find('?') == std::string::npos ? '?' : '&';
  text_ += std::string(key) + '=' + http::percent_encode(value);
  return *this;
}

std::optional<std::uint64_t> whole_number(const std::string& text, std::uint64_t max) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end || value > max) return std::nullopt;
  return value;
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  std::optional<std::string> found;
  if (path == "-") {
    found = read_stream(std::cin, max_bytes);
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      return Error{"file.read", path, "不能读取文件 " + path, "cannot read the file " + path};
    }
    found = read_stream(file, max_bytes);
  }
  if (found) return std::move(*found);
  const std::string limit = std::to_string(max_bytes);
  return Error{"file.size", path, "文件 " + path + " 超过 " + limit + " 字节",
               "the file " + path + " is larger than " + limit + " bytes"};
}

std::uint64_t wall_clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

}  // namespace yishi::cli
