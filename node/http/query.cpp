#include "node/http/query.h"

#include <charconv>

namespace yishi::http {

void Query::fault(const char* key, const char* rule, std::string zh, std::string en) {
  if (fault_) return;
  const std::string field(key);
  fault_ = Error{rule, field, "参数 " + field + "：" + std::move(zh),
                 "parameter " + field + ": " + std::move(en)};
}

std::string Query::text(const char* key) {
  asked_.insert(key);
  const auto [from, to] = request_.query.equal_range(key);
  if (from == to) return {};
  if (std::next(from) != to) fault(key, "query.twice", "只能有一个", "may come only once");
  return from->second;
}

std::uint64_t Query::number(const char* key, std::uint64_t fallback, std::uint64_t max) {
  const std::string found = text(key);
  if (found.empty()) return fallback;
  std::uint64_t value = 0;
  const char* end = found.data() + found.size();
  const auto [rest, error] = std::from_chars(found.data(), end, value);
  if (error == std::errc{} && rest == end && value <= max) return value;
  const std::string limit = std::to_string(max);
  fault(key, "query.number", "应当是 0 到 " + limit + " 的整数",
        "must be a whole number from 0 to " + limit);
  return fallback;
}

std::optional<topology::Code> Query::code(const char* key) {
  const std::string found = text(key);
  if (found.empty()) return std::nullopt;
  auto code = topology::Code::parse(found);
  if (code) return *code;
  fault(key, "query.code", code.error().zh, code.error().en);
  return std::nullopt;
}

std::vector<topology::Code> Query::codes(const char* key) {
  asked_.insert(key);
  std::vector<topology::Code> out;
  const auto [from, to] = request_.query.equal_range(key);
  for (auto it = from; it != to; ++it) {
    auto code = topology::Code::parse(it->second);
    if (!code) {
      fault(key, "query.code", code.error().zh, code.error().en);
      return {};
    }
    out.push_back(*code);
  }
  return out;
}

bool Query::flag(const char* key) {
  const std::string found = text(key);
  if (found.empty() || found == "0" || found == "false") return false;
  if (found == "1" || found == "true") return true;
  fault(key, "query.flag", "应当是 1 或 0", "must be 1 or 0");
  return false;
}

Status Query::finish() const {
  if (fault_) return *fault_;
  for (const auto& [key, value] : request_.query) {
    if (asked_.contains(key)) continue;
    const std::string field = key.substr(0, 64);
    return Error{"query.unknown", field, "不认识的参数 " + field, "unknown parameter " + field};
  }
  return {};
}

}  // namespace yishi::http
