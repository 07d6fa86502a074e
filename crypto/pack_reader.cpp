// Fields and Sequence: walking a decoded map or array and naming the first fault.
#include <algorithm>

#include "crypto/pack.h"

namespace yishi {
namespace {

// Below this many keys comparing each with each is faster than sorting them.
constexpr std::size_t kFewKeys = 16;

bool has_duplicate_key(const Value& map) {
  const std::size_t size = map.size();
  if (size <= kFewKeys) {
    for (std::size_t i = 1; i < size; ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (map.key_at(i) == map.key_at(k)) return true;
      }
    }
    return false;
  }
  std::vector<std::string_view> keys;
  keys.reserve(size);
  for (std::size_t i = 0; i < size; ++i) keys.push_back(map.key_at(i));
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

// What is wrong with one value, before it is known whose it is.
struct Fault {
  std::string_view rule;
  std::string zh;
  std::string en;
};

Fault wrong_type(std::string_view zh, std::string_view en) {
  return {"pack.type", "类型不对,应为" + std::string(zh),
          "wrong type: expected " + std::string(en)};
}

Fault too_long(std::size_t max_bytes) {
  const std::string max = std::to_string(max_bytes);
  return {"pack.long", "太长,最多 " + max + " 字节", "too long: at most " + max + " bytes"};
}

template <class T>
using Read = std::variant<T, Fault>;

Read<std::uint64_t> read_number(const Value& value, std::uint64_t max) {
  const auto number = value.number();
  if (!number) return wrong_type("非负整数", "a number that is not negative");
  if (*number > max) {
    return Fault{"pack.range", "数值过大,最大 " + std::to_string(max),
                 "out of range: at most " + std::to_string(max)};
  }
  return *number;
}

Read<std::int64_t> read_integer(const Value& value) {
  const auto integer = value.integer();
  if (!integer) return wrong_type("整数", "an integer");
  return *integer;
}

Read<std::string_view> read_text(const Value& value, std::size_t max_bytes) {
  const auto text = value.text();
  if (!text) return wrong_type("文本", "text");
  if (text->size() > max_bytes) return too_long(max_bytes);
  if (!is_utf8(*text)) return Fault{"pack.utf8", "不是有效的 UTF-8 文本", "not valid UTF-8 text"};
  return *text;
}

Read<View> read_binary(const Value& value, std::size_t max_bytes) {
  const auto binary = value.binary();
  if (!binary) return wrong_type("二进制数据", "binary data");
  if (binary->size() > max_bytes) return too_long(max_bytes);
  return *binary;
}

Read<View> read_binary_exact(const Value& value, std::size_t bytes) {
  const auto binary = value.binary();
  if (!binary) return wrong_type("二进制数据", "binary data");
  if (binary->size() != bytes) {
    return Fault{"pack.length", "长度应为 " + std::to_string(bytes) + " 字节",
                 "must be exactly " + std::to_string(bytes) + " bytes"};
  }
  return *binary;
}

Read<const Value*> read_array(const Value& value, std::size_t max_elements) {
  if (!value.is_array()) return wrong_type("数组", "an array");
  if (value.size() > max_elements) {
    const std::string max = std::to_string(max_elements);
    return Fault{"pack.count", "项数过多,最多 " + max + " 项", "too many elements: at most " + max};
  }
  return &value;
}

std::string field_name(const std::string& what, std::string_view part) {
  return part.empty() ? what : what + ", " + std::string(part);
}

// The value; or an empty one, and the fault is the reader's first.
template <class T>
T take(Read<T> read, std::optional<Error>& first, const std::string& what, std::string_view part) {
  if (auto* fault = std::get_if<Fault>(&read)) {
    first = Error{std::string(fault->rule), field_name(what, part), std::move(fault->zh),
                  std::move(fault->en)};
    return T{};
  }
  return std::get<T>(read);
}

}  // namespace

Fields::Fields(const Value& map, std::string_view what) : map_(map), what_(what) {
  if (!map.is_map()) {
    fail({}, "pack.type", "类型不对,应为映射", "wrong type: expected a map");
    return;
  }
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (map.key_at(i).data() == nullptr) {
      fail({}, "pack.key.type", "映射的键必须是文本", "the keys of the map must be text");
      return;
    }
  }
  if (has_duplicate_key(map)) {
    fail({}, "pack.key.duplicate", "映射中有重复的键", "a key occurs twice in the map");
  }
}

void Fields::fail(std::string_view key, std::string_view rule, std::string zh, std::string en) {
  if (fault_) return;
  fault_ = Error{std::string(rule), field_name(what_, key), std::move(zh), std::move(en)};
}

const Value* Fields::get(std::string_view key, bool required) {
  if (fault_) return nullptr;
  const Value* value = map_.find(key);
  if (value != nullptr && (required || !value->is_nil())) return value;
  if (required) fail(key, "pack.missing", "缺少此项", "missing");
  return nullptr;
}

std::string_view Fields::text(std::string_view key, std::size_t max_bytes) {
  const Value* value = get(key, true);
  if (value == nullptr) return {};
  return take(read_text(*value, max_bytes), fault_, what_, key);
}

std::string_view Fields::text_or(std::string_view key, std::string_view fallback,
                                 std::size_t max_bytes) {
  return get(key, false) == nullptr ? fallback : text(key, max_bytes);
}

std::uint64_t Fields::number(std::string_view key, std::uint64_t max) {
  const Value* value = get(key, true);
  if (value == nullptr) return 0;
  return take(read_number(*value, max), fault_, what_, key);
}

std::uint64_t Fields::number_or(std::string_view key, std::uint64_t fallback) {
  return get(key, false) == nullptr ? fallback : number(key);
}

std::int64_t Fields::integer_or(std::string_view key, std::int64_t fallback) {
  const Value* value = get(key, false);
  if (value == nullptr) return fallback;
  return take(read_integer(*value), fault_, what_, key);
}

bool Fields::flag_or(std::string_view key, bool fallback) {
  const Value* value = get(key, false);
  if (value == nullptr) return fallback;
  const auto flag = value->flag();
  if (!flag) fail(key, "pack.type", "类型不对,应为是或否", "wrong type: expected true or false");
  return flag.value_or(false);
}

View Fields::binary(std::string_view key, std::size_t max_bytes) {
  const Value* value = get(key, true);
  if (value == nullptr) return {};
  return take(read_binary(*value, max_bytes), fault_, what_, key);
}

View Fields::binary_exact(std::string_view key, std::size_t bytes) {
  const Value* value = get(key, true);
  if (value == nullptr) return {};
  return take(read_binary_exact(*value, bytes), fault_, what_, key);
}

View Fields::binary_or_empty(std::string_view key, std::size_t max_bytes) {
  return get(key, false) == nullptr ? View{} : binary(key, max_bytes);
}

const Value* Fields::array(std::string_view key, std::size_t max_elements) {
  const Value* value = get(key, true);
  if (value == nullptr) return nullptr;
  return take(read_array(*value, max_elements), fault_, what_, key);
}

const Value* Fields::array_or_null(std::string_view key, std::size_t max_elements) {
  return get(key, false) == nullptr ? nullptr : array(key, max_elements);
}

const Value* Fields::map_or_null(std::string_view key) {
  const Value* value = get(key, false);
  if (value == nullptr || value->is_map()) return value;
  fail(key, "pack.type", "类型不对,应为映射", "wrong type: expected a map");
  return nullptr;
}

Sequence::Sequence(const Value& array, std::string_view what, std::size_t elements)
    : array_(&array), what_(what) {
  if (!array.is_array()) {
    fail({}, "pack.type", "类型不对,应为数组", "wrong type: expected an array");
  } else if (array.size() != elements) {
    fail({}, "pack.count", "项数应为 " + std::to_string(elements),
         "must have exactly " + std::to_string(elements) + " elements");
  }
}

void Sequence::fail(std::string_view field, std::string_view rule, std::string zh, std::string en) {
  if (fault_) return;
  fault_ = Error{std::string(rule), field_name(what_, field), std::move(zh), std::move(en)};
}

const Value* Sequence::next(std::string_view field) {
  if (fault_) return nullptr;
  const Value* value = array_->at(index_++);
  // The constructor held the array to its length, so only our own decoder can overrun it.
  if (value == nullptr) fail(field, "pack.missing", "缺少此项", "missing");
  return value;
}

std::uint64_t Sequence::number(std::string_view field, std::uint64_t max) {
  const Value* value = next(field);
  if (value == nullptr) return 0;
  return take(read_number(*value, max), fault_, what_, field);
}

std::int64_t Sequence::integer(std::string_view field) {
  const Value* value = next(field);
  if (value == nullptr) return 0;
  return take(read_integer(*value), fault_, what_, field);
}

std::string_view Sequence::text(std::string_view field, std::size_t max_bytes) {
  const Value* value = next(field);
  if (value == nullptr) return {};
  return take(read_text(*value, max_bytes), fault_, what_, field);
}

View Sequence::binary(std::string_view field, std::size_t max_bytes) {
  const Value* value = next(field);
  if (value == nullptr) return {};
  return take(read_binary(*value, max_bytes), fault_, what_, field);
}

View Sequence::binary_exact(std::string_view field, std::size_t bytes) {
  const Value* value = next(field);
  if (value == nullptr) return {};
  return take(read_binary_exact(*value, bytes), fault_, what_, field);
}

std::optional<View> Sequence::binary_or_nil(std::string_view field, std::size_t max_bytes) {
  const Value* value = next(field);
  if (value == nullptr || value->is_nil()) return std::nullopt;
  const View bytes = take(read_binary(*value, max_bytes), fault_, what_, field);
  if (fault_) return std::nullopt;
  return bytes;
}

const Value* Sequence::array(std::string_view field, std::size_t max_elements) {
  const Value* value = next(field);
  if (value == nullptr) return nullptr;
  return take(read_array(*value, max_elements), fault_, what_, field);
}

}  // namespace yishi
