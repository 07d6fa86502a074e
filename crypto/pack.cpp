#include "crypto/pack.h"

#include <msgpack.hpp>
#include <type_traits>

namespace yishi {
namespace {

// One small allocation holds the values of a usual header; larger ones grow by
// further chunks of this size or of what is asked, whichever is more.
constexpr std::size_t kZoneBytes = 2048;

// What msgpack::packer writes into.
class BytesSink {
 public:
  explicit BytesSink(Bytes& bytes) : bytes_(bytes) {}
  void write(const char* data, std::size_t size) {
    const View view = view_of({data, size});
    bytes_.insert(bytes_.end(), view.begin(), view.end());
  }

 private:
  Bytes& bytes_;
};

std::uint32_t checked_size(std::size_t size) {
  YISHI_ASSERT(size <= UINT32_MAX);
  return static_cast<std::uint32_t>(size);
}

template <class Write>
void pack_into(Bytes& bytes, Write write) {
  BytesSink sink(bytes);
  msgpack::packer<BytesSink> packer(sink);
  write(packer);
}

bool keep_as_reference(msgpack::type::object_type, std::size_t, void*) { return true; }

const msgpack::unpack_limit& limits() {
  static const msgpack::unpack_limit kLimits(kMaxPackArray, kMaxPackMap, kMaxPackText,
                                             kMaxPackBinary, /*ext*/ 0, kMaxPackDepth);
  return kLimits;
}

// A Value has no data of its own: its address is that of a msgpack object, and
// nothing but these two functions looks through it.
static_assert(std::is_empty_v<Value>);

const Value& as_value(const msgpack::object& object) {
  return reinterpret_cast<const Value&>(object);
}

const msgpack::object& as_object(const Value* value) {
  return *reinterpret_cast<const msgpack::object*>(value);
}

std::string_view text_in(const msgpack::object& object) {
  if (object.via.str.size == 0) return "";  // never a null pointer: see Value::key_at
  return {object.via.str.ptr, object.via.str.size};
}

}  // namespace

Packer& Packer::array(std::size_t elements) {
  pack_into(bytes_, [&](auto& packer) { packer.pack_array(checked_size(elements)); });
  return *this;
}

Packer& Packer::map(std::size_t pairs) {
  pack_into(bytes_, [&](auto& packer) { packer.pack_map(checked_size(pairs)); });
  return *this;
}

Packer& Packer::number(std::uint64_t value) {
  pack_into(bytes_, [&](auto& packer) { packer.pack_uint64(value); });
  return *this;
}

Packer& Packer::integer(std::int64_t value) {
  // A number has one form however it was asked for: the unsigned one if it fits.
  if (value >= 0) return number(static_cast<std::uint64_t>(value));
  pack_into(bytes_, [&](auto& packer) { packer.pack_int64(value); });
  return *this;
}

Packer& Packer::flag(bool value) {
  pack_into(bytes_, [&](auto& packer) { value ? packer.pack_true() : packer.pack_false(); });
  return *this;
}

Packer& Packer::text(std::string_view value) {
  pack_into(bytes_, [&](auto& packer) {
    packer.pack_str(checked_size(value.size()));
    packer.pack_str_body(value.data(), checked_size(value.size()));
  });
  return *this;
}

Packer& Packer::binary(View value) {
  const std::string_view body = text_of(value);
  pack_into(bytes_, [&](auto& packer) {
    packer.pack_bin(checked_size(body.size()));
    packer.pack_bin_body(body.data(), checked_size(body.size()));
  });
  return *this;
}

Packer& Packer::nil() {
  pack_into(bytes_, [](auto& packer) { packer.pack_nil(); });
  return *this;
}

struct Document::Impl {
  msgpack::zone zone{kZoneBytes};
  msgpack::object root;
};

Document::Document(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(View bytes, std::string_view what) {
  const std::string_view input = text_of(bytes);
  std::size_t used = 0;
  auto impl = std::make_unique<Impl>();
  try {
    bool referenced = false;
    impl->root = msgpack::unpack(impl->zone, input.data(), input.size(), used, referenced,
                                 keep_as_reference, nullptr, limits());
  } catch (const msgpack::size_overflow&) {
    return Error{"pack.limit", std::string(what), "数据中有一项超出允许的大小或层数",
                 "a value in the data is larger or deeper than allowed"};
  } catch (const std::exception&) {
    return Error{"pack.malformed", std::string(what), "数据不完整或格式不对",
                 "the data is cut short or malformed"};
  }
  if (used != input.size()) {
    return Error{"pack.trailing", std::string(what), "数据末尾有多余的字节",
                 "there are further bytes after the end of the data"};
  }
  return Document(std::move(impl));
}

const Value& Document::root() const { return as_value(impl_->root); }

bool Value::is_nil() const { return as_object(this).type == msgpack::type::NIL; }
bool Value::is_array() const { return as_object(this).type == msgpack::type::ARRAY; }
bool Value::is_map() const { return as_object(this).type == msgpack::type::MAP; }

std::size_t Value::size() const {
  const auto& object = as_object(this);
  if (object.type == msgpack::type::ARRAY) return object.via.array.size;
  if (object.type == msgpack::type::MAP) return object.via.map.size;
  return 0;
}

const Value* Value::at(std::size_t index) const {
  const auto& object = as_object(this);
  if (object.type != msgpack::type::ARRAY || index >= object.via.array.size) return nullptr;
  return &as_value(object.via.array.ptr[index]);
}

const Value* Value::find(std::string_view key) const {
  const auto& object = as_object(this);
  if (object.type != msgpack::type::MAP) return nullptr;
  for (std::size_t i = 0; i < object.via.map.size; ++i) {
    const auto& pair = object.via.map.ptr[i];
    if (pair.key.type == msgpack::type::STR && text_in(pair.key) == key) return &as_value(pair.val);
  }
  return nullptr;
}

std::optional<std::uint64_t> Value::number() const {
  const auto& object = as_object(this);
  if (object.type != msgpack::type::POSITIVE_INTEGER) return std::nullopt;
  return object.via.u64;
}

std::optional<std::int64_t> Value::integer() const {
  const auto& object = as_object(this);
  if (object.type == msgpack::type::NEGATIVE_INTEGER) return object.via.i64;
  if (object.type != msgpack::type::POSITIVE_INTEGER) return std::nullopt;
  if (object.via.u64 > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return static_cast<std::int64_t>(object.via.u64);
}

std::optional<bool> Value::flag() const {
  const auto& object = as_object(this);
  if (object.type != msgpack::type::BOOLEAN) return std::nullopt;
  return object.via.boolean;
}

std::optional<std::string_view> Value::text() const {
  const auto& object = as_object(this);
  if (object.type != msgpack::type::STR) return std::nullopt;
  return text_in(object);
}

std::optional<View> Value::binary() const {
  const auto& object = as_object(this);
  if (object.type != msgpack::type::BIN) return std::nullopt;
  return view_of({object.via.bin.ptr, object.via.bin.size});
}

std::string_view Value::key_at(std::size_t index) const {
  const auto& object = as_object(this);
  if (object.type != msgpack::type::MAP || index >= object.via.map.size) return {};
  const auto& key = object.via.map.ptr[index].key;
  return key.type == msgpack::type::STR ? text_in(key) : std::string_view{};
}

const Value* Value::value_at(std::size_t index) const {
  const auto& object = as_object(this);
  if (object.type != msgpack::type::MAP || index >= object.via.map.size) return nullptr;
  return &as_value(object.via.map.ptr[index].val);
}

}  // namespace yishi
