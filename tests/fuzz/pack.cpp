// The msgpack reader against nlohmann-json's: both must take the same bytes, save what our
// limits refuse, and read the same values from them.
#include "crypto/pack.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "tests/fuzz/target.h"

namespace yishi::fuzz {
namespace {

using Json = nlohmann::json;

// nlohmann's events as one line of text, and whether our limits allow them. Floats are left
// out: we have none, a Value only says that it is nothing else. Keys that are not text stop
// nlohmann's reader, and ours leaves them to Fields.
class Listing final : public nlohmann::json_sax<Json> {
 public:
  std::string text;
  bool in_limits = true;
  bool other_keys = false;

  bool null() override { return add("nil"); }
  bool boolean(bool value) override { return add(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return add(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(std::to_string(value)); }
  bool number_float(number_float_t, const string_t&) override { return add("other"); }
  bool string(string_t& value) override {
    in_limits = in_limits && value.size() <= kMaxPackText;
    return add("t" + to_hex(view_of(value)));
  }
  bool binary(binary_t& value) override {
    in_limits = in_limits && !value.has_subtype() && value.size() <= kMaxPackBinary;
    return add("b" + to_hex(value));
  }
  bool start_object(std::size_t pairs) override { return open("{", pairs, kMaxPackMap); }
  bool key(string_t& value) override { return string(value); }
  bool end_object() override { return close("}"); }
  bool start_array(std::size_t elements) override { return open("[", elements, kMaxPackArray); }
  bool end_array() override { return close("]"); }
  bool parse_error(std::size_t, const std::string&, const Json::exception& error) override {
    other_keys = error.id == 113;  // nlohmann: expected a string
    return false;
  }

 private:
  bool add(const std::string& word) {
    text += word + ' ';
    return true;
  }
  bool open(const char* bracket, std::size_t size, std::size_t max) {
    in_limits = in_limits && size <= max && ++depth_ <= kMaxPackDepth;
    return in_limits && add(bracket);  // stops there: its recursion has no limit
  }
  bool close(const char* bracket) {
    --depth_;
    return add(bracket);
  }
  std::size_t depth_ = 0;
};

bool all_keys_text(const Value& map) {
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (map.key_at(i).data() == nullptr) return false;
  }
  return true;
}

// The same line from our reader; false where a map has keys that are not text.
bool list(const Value& value, std::string& out) {
  if (value.is_nil()) {
    out += "nil ";
  } else if (const auto flag = value.flag()) {
    out += *flag ? "true " : "false ";
  } else if (const auto number = value.number()) {
    YISHI_ASSERT(value.integer().has_value() == (*number <= INT64_MAX));
    out += std::to_string(*number) + ' ';
  } else if (const auto integer = value.integer()) {
    YISHI_ASSERT(*integer < 0);
    out += std::to_string(*integer) + ' ';
  } else if (const auto text = value.text()) {
    out += "t" + to_hex(view_of(*text)) + ' ';
  } else if (const auto binary = value.binary()) {
    out += "b" + to_hex(*binary) + ' ';
  } else if (value.is_array()) {
    out += "[ ";
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (!list(*value.at(i), out)) return false;
    }
    YISHI_ASSERT(value.at(value.size()) == nullptr);
    out += "] ";
  } else if (value.is_map()) {
    if (!all_keys_text(value)) return false;
    out += "{ ";
    for (std::size_t i = 0; i < value.size(); ++i) {
      YISHI_ASSERT(value.find(value.key_at(i)) != nullptr);
      out += "t" + to_hex(view_of(value.key_at(i))) + ' ';
      if (!list(*value.value_at(i), out)) return false;
    }
    out += "} ";
  } else {
    out += "other ";
  }
  return true;
}

// A walk with every reader must not do more than name a fault.
void read_with_everything(const Value& value) {
  Fields fields(value, "value");
  fields.text("a", 8);
  fields.number_or("b", 1);
  fields.binary_exact("c", 4);
  fields.map_or_null("d");
  Sequence sequence(value, "value", 3);
  sequence.number("first", 100);
  sequence.text("second", 8);
  sequence.binary_or_nil("third", 8);
  YISHI_ASSERT(fields.fault() || sequence.fault());  // nothing is a map and an array
}

}  // namespace

void fuzz_pack(View input) {
  const auto document = Document::parse(input, "input");
  Listing listing;
  const bool taken =
      Json::sax_parse(input.begin(), input.end(), &listing, Json::input_format_t::msgpack);
  if (!document) {
    YISHI_ASSERT(!taken || !listing.in_limits);
    return;
  }
  read_with_everything(document->root());
  std::string ours;
  if (!list(document->root(), ours)) return;
  YISHI_ASSERT(taken && listing.in_limits);
  YISHI_ASSERT(ours == listing.text);
}

}  // namespace yishi::fuzz
