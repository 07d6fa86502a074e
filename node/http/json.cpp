#include "node/http/json.h"

#include <algorithm>

#include "node/http/limits.h"
#include "node/http/quantities.h"

namespace yishi::http {
namespace {

// The deepest nesting of a text, counted without building anything.
std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Input> parse_object(std::string_view body) {
  if (depth_of(body) > kMaxJsonDepth) {
    return Error{"json.depth", "body", "JSON 嵌套过深", "the JSON is nested too deeply"};
  }
  Input value = Input::parse(body, nullptr, false);
  if (value.is_discarded()) {
    return Error{"json.malformed", "body", "请求内容不是合法的 JSON",
                 "the request's body is not valid JSON"};
  }
  if (!value.is_object()) {
    return Error{"json.type", "body", "请求内容应当是一个 JSON 对象",
                 "the request's body must be a JSON object"};
  }
  return value;
}

Form::Form(const Input& object, std::string prefix) : object_(object), prefix_(std::move(prefix)) {}

const Input* Form::get(const char* key) {
  asked_.insert(key);
  const auto found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

void Form::fail(const Error& error) {
  if (!fault_) fault_ = error;
}

void Form::fault(const char* key, const char* rule, std::string zh, std::string en) {
  const std::string field = prefix_ + key;
  fail({rule, field, field + "：" + std::move(zh), field + ": " + std::move(en)});
}

std::string Form::text(const char* key, std::size_t max_bytes, bool required) {
  const Input* value = get(key);
  if (value == nullptr) {
    if (required) fault(key, "json.missing", "必须填写", "is required");
    return {};
  }
  if (!value->is_string()) {
    fault(key, "json.type", "应当是文字", "must be a text");
    return {};
  }
  const auto& found = value->get_ref<const std::string&>();
  if (found.size() > max_bytes) {
    const std::string limit = std::to_string(max_bytes);
    fault(key, "json.long", "过长，最多 " + limit + " 字节", "is longer than " + limit + " bytes");
    return {};
  }
  return found;
}

std::vector<std::string> Form::texts(const char* key, std::size_t max_count,
                                     std::size_t max_bytes) {
  const Input* value = get(key);
  std::vector<std::string> out;
  if (value == nullptr) return out;
  if (!value->is_array()) {
    fault(key, "json.type", "应当是一列文字", "must be a list of texts");
    return out;
  }
  if (value->size() > max_count) {
    const std::string limit = std::to_string(max_count);
    fault(key, "json.count", "过多，最多 " + limit + " 项", "has more than " + limit + " items");
    return out;
  }
  for (const auto& item : *value) {
    if (!item.is_string()) {
      fault(key, "json.type", "应当是一列文字", "must be a list of texts");
      return {};
    }
    out.push_back(item.get<std::string>());
    if (out.back().size() > max_bytes) {
      const std::string limit = std::to_string(max_bytes);
      fault(key, "json.long", "有一项过长，最多 " + limit + " 字节",
            "has an item longer than " + limit + " bytes");
      return {};
    }
  }
  return out;
}

topology::Code Form::code(const char* key) {
  constexpr std::size_t kLongestCode = 32;  // bytes
  const std::string found = text(key, kLongestCode);
  if (found.empty()) return {};
  auto code = topology::Code::parse(found);
  if (code) return *code;
  fault(key, "json.code", code.error().zh, code.error().en);
  return {};
}

std::vector<topology::Code> Form::codes(const char* key, std::size_t max_count) {
  constexpr std::size_t kLongestCode = 32;  // bytes
  std::vector<topology::Code> out;
  for (const auto& found : texts(key, max_count, kLongestCode)) {
    auto code = topology::Code::parse(found);
    if (!code) {
      fault(key, "json.code", code.error().zh, code.error().en);
      return {};
    }
    out.push_back(*code);
  }
  return out;
}

std::optional<std::uint64_t> Form::number(const char* key) {
  const Input* value = get(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_unsigned()) return value->get<std::uint64_t>();
  fault(key, value->is_number() ? "json.number" : "json.type", "应当是不小于 0 的整数",
        "must be a whole number of 0 or more");
  return std::nullopt;
}

std::optional<std::int64_t> Form::money(const char* key) {
  const Input* value = get(key);
  if (value == nullptr) return std::nullopt;
  std::optional<std::int64_t> fen;
  if (value->is_string()) {
    fen = parse_yuan(value->get_ref<const std::string&>());
  } else if (value->is_number()) {
    fen = yuan_to_fen(value->get<double>());
  } else {
    fault(key, "json.type", "应当是数字或金额文字", "must be a number or an amount as text");
    return std::nullopt;
  }
  if (!fen) {
    fault(key, "json.money",
          "不是合法的金额：应当以元为单位，不小于 0，最多两位小数，例如 2,200,000.50",
          "is not an amount: yuan, 0 or more, at most two decimals, for example 2,200,000.50");
  }
  return fen;
}

std::uint64_t Form::moment(const char* key) {
  constexpr std::size_t kLongestTime = 64;  // bytes
  const std::string found = text(key, kLongestTime);
  if (found.empty()) return 0;
  const auto ms = parse_moment(found);
  if (ms) return *ms;
  fault(key, "json.time", "不是合法的时间，例如 2026-11-21 14:30 或 2026-12-31",
        "is not a time, for example 2026-11-21 14:30 or 2026-12-31");
  return 0;
}

bool Form::flag(const char* key) {
  const Input* value = get(key);
  if (value == nullptr) return false;
  if (value->is_boolean()) return value->get<bool>();
  fault(key, "json.type", "应当是 true 或 false", "must be true or false");
  return false;
}

const Input* Form::object(const char* key) {
  const Input* value = get(key);
  if (value == nullptr || value->is_object()) return value;
  fault(key, "json.type", "应当是一个对象", "must be an object");
  return nullptr;
}

const Input* Form::objects(const char* key, std::size_t max_count) {
  const Input* value = get(key);
  if (value == nullptr) return nullptr;
  const bool fits = value->is_array() && std::all_of(value->begin(), value->end(),
                                                     [](const Input& i) { return i.is_object(); });
  if (!fits) {
    fault(key, "json.type", "应当是一列对象", "must be a list of objects");
    return nullptr;
  }
  if (value->size() > max_count) {
    const std::string limit = std::to_string(max_count);
    fault(key, "json.count", "过多，最多 " + limit + " 项", "has more than " + limit + " items");
    return nullptr;
  }
  return value;
}

Status Form::finish() const {
  if (fault_) return *fault_;
  for (const auto& [key, value] : object_.items()) {
    if (asked_.contains(key)) continue;
    const std::string field = prefix_ + key.substr(0, 64);
    return Error{"json.field.unknown", field, "不认识的字段 " + field, "unknown field " + field};
  }
  return {};
}

}  // namespace yishi::http
