// Msgpack, written in one way and read within limits.
//
// Packer writes the shortest form of each value, so the same calls give the
// same bytes. Document reads foreign bytes: the limits below are checked before
// anything is allocated, trailing bytes are refused, and no copy is made:
// strings and binaries are views on the input, which must outlive the Document.
//
// A Sequence or Fields reader walks one array or map and remembers its first
// fault, so that a decoder reads straight down and asks once at the end. After a
// fault every read gives an empty value (or its fallback); nothing throws.
//
// Rules: pack.malformed, pack.limit, pack.trailing (the bytes); pack.type,
// pack.missing, pack.range, pack.long, pack.length, pack.count, pack.utf8,
// pack.key.type, pack.key.duplicate (a value). Field: what, or "what, key".
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace yishi {

inline constexpr std::size_t kMaxPackArray = 1024;                   // elements
inline constexpr std::size_t kMaxPackMap = 256;                      // pairs
inline constexpr std::size_t kMaxPackText = std::size_t{64} * 1024;  // bytes
inline constexpr std::size_t kMaxPackBinary = 1 << 20;               // bytes
inline constexpr std::size_t kMaxPackDepth = 8;                      // levels

class Packer {
 public:
  Packer& array(std::size_t elements);
  Packer& map(std::size_t pairs);
  Packer& number(std::uint64_t value);
  Packer& integer(std::int64_t value);
  Packer& flag(bool value);
  Packer& text(std::string_view value);
  Packer& binary(View value);
  Packer& nil();

  const Bytes& bytes() const { return bytes_; }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

class Value;  // one decoded value inside a Document

class Document {
 public:
  // what: names the thing in errors, e.g. "entry header".
  static Result<Document> parse(View bytes, std::string_view what);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();
  const Value& root() const;

 private:
  struct Impl;
  explicit Document(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Value {  // a reference into a Document; never made or copied by itself
 public:
  Value() = delete;
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;

  bool is_nil() const;
  bool is_array() const;
  bool is_map() const;
  std::size_t size() const;                       // of an array or map, else 0
  const Value* at(std::size_t index) const;       // of an array; nullptr beyond it
  const Value* find(std::string_view key) const;  // of a map with text keys; nullptr if absent
  std::optional<std::uint64_t> number() const;
  std::optional<std::int64_t> integer() const;
  std::optional<bool> flag() const;
  std::optional<std::string_view> text() const;
  std::optional<View> binary() const;
  std::string_view key_at(std::size_t index) const;  // of a map, as written; no data if not text
  const Value* value_at(std::size_t index) const;    // of a map
};

// Reads a map by key. Unknown keys are not an error: a later version may add some.
// Keys that are not text, and a key that comes twice, are. Where a key may be
// absent, nil means absent.
class Fields {
 public:
  Fields(const Value& map, std::string_view what);

  std::string_view text(std::string_view key, std::size_t max_bytes);  // required, valid UTF-8
  std::string_view text_or(std::string_view key, std::string_view fallback, std::size_t max_bytes);
  std::uint64_t number(std::string_view key, std::uint64_t max = UINT64_MAX);
  std::uint64_t number_or(std::string_view key, std::uint64_t fallback);
  std::int64_t integer_or(std::string_view key, std::int64_t fallback);
  bool flag_or(std::string_view key, bool fallback);
  View binary(std::string_view key, std::size_t max_bytes);
  View binary_exact(std::string_view key, std::size_t bytes);
  View binary_or_empty(std::string_view key, std::size_t max_bytes);
  const Value* array(std::string_view key, std::size_t max_elements);  // required; nullptr on fault
  const Value* array_or_null(std::string_view key, std::size_t max_elements);
  const Value* map_or_null(std::string_view key);

  void fail(std::string_view key, std::string_view rule, std::string zh, std::string en);
  const std::optional<Error>& fault() const { return fault_; }

 private:
  const Value* get(std::string_view key, bool required);
  const Value& map_;
  std::string what_;
  std::optional<Error> fault_;
};

// Reads an array of exactly `elements` values in order; the field is named by the caller.
class Sequence {
 public:
  Sequence(const Value& array, std::string_view what, std::size_t elements);

  std::uint64_t number(std::string_view field, std::uint64_t max = UINT64_MAX);
  std::int64_t integer(std::string_view field);
  std::string_view text(std::string_view field, std::size_t max_bytes);
  View binary(std::string_view field, std::size_t max_bytes);
  View binary_exact(std::string_view field, std::size_t bytes);
  std::optional<View> binary_or_nil(std::string_view field, std::size_t max_bytes);
  const Value* array(std::string_view field, std::size_t max_elements);

  const std::optional<Error>& fault() const { return fault_; }

 private:
  const Value* next(std::string_view field);
  void fail(std::string_view field, std::string_view rule, std::string zh, std::string en);
  const Value* array_;
  std::size_t index_ = 0;
  std::string what_;
  std::optional<Error> fault_;
};

}  // namespace yishi
