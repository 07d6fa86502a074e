// JSON in and out. Input is untrusted: depth is counted before anything is built, and a
// Form reads an object by key, names the first field that is wrong, and refuses keys it
// was not asked for.
//
// Rules: "json.malformed", "json.depth", "json.type", "json.missing", "json.long",
// "json.number", "json.money", "json.time", "json.code", "json.field.unknown",
// "json.count".
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "topology/code.h"

namespace yishi::http {

using Json = nlohmann::ordered_json;  // what we write: keys in the order in which they were put
using Input = nlohmann::json;         // what we read

std::string to_text(const Json& value);  // bytes that are not UTF-8 are replaced
Result<Input> parse_object(std::string_view body);

class Form {
 public:
  // `object` must be an object and outlive the form. prefix stands before the field's name.
  explicit Form(const Input& object, std::string prefix = {});

  std::string text(const char* key, std::size_t max_bytes, bool required = false);
  std::vector<std::string> texts(const char* key, std::size_t max_count, std::size_t max_bytes);
  topology::Code code(const char* key);
  std::vector<topology::Code> codes(const char* key, std::size_t max_count);
  std::optional<std::uint64_t> number(const char* key);
  std::optional<std::int64_t> money(const char* key);  // fen
  std::uint64_t moment(const char* key);               // ms; 0: absent
  bool flag(const char* key);
  const Input* object(const char* key);
  // Of objects; nullptr when absent or wrong.
  const Input* objects(const char* key, std::size_t max_count);

  void fail(const Error& error);
  // The first fault, or a key that nobody asked for.
  Status finish() const;

 private:
  const Input* get(const char* key);
  void fault(const char* key, const char* rule, std::string zh, std::string en);

  const Input& object_;
  std::string prefix_;
  std::set<std::string, std::less<>> asked_;
  std::optional<Error> fault_;
};

}  // namespace yishi::http
