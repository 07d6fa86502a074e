// The body of a record about a register: one msgpack map, keys as beside RegisterBody's fields.
#include "node/deliberation/codec.h"
#include "node/deliberation/register.h"

namespace yishi::deliberation {

namespace {

constexpr std::size_t kMaxFieldIdBytes = 32;  // as the policy's ids

void read_values(const Value& value, const std::string& id, std::vector<std::string>& out,
                 Fields& in) {
  if (value.is_array()) {
    if (value.size() == 0 || value.size() > kMaxFieldValues) {
      in.fail("f", "register.values", id + " 的值过多或没有值",
              id + " has too many values or none");
      return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto text = value.at(i)->text();
      if (text) out.emplace_back(*text);
    }
  } else if (const auto text = value.text()) {
    out.emplace_back(*text);
  }
  const std::size_t wanted = value.is_array() ? value.size() : 1;
  bool sound = out.size() == wanted;
  for (const auto& one : out) sound = sound && !one.empty() && is_utf8(one);
  if (!sound)
    in.fail("f", "register.values", id + " 的值不是文字", "a value of " + id + " is not text");
}

FieldValues read_fields(Fields& in) {
  FieldValues fields;
  const Value* map = in.map_or_null("f");
  if (map == nullptr) return fields;
  if (map->size() > kMaxRegisterFields) {
    in.fail("f", "register.fields", "字段过多", "too many fields");
    return fields;
  }
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < map->size() && !in.fault(); ++i) {
    const std::string id(map->key_at(i));
    if (id.empty() || id.size() > kMaxFieldIdBytes || fields.contains(id)) {
      in.fail("f", "register.fields", "字段名有误", "a field's name is wrong");
      break;
    }
    auto& values = fields[id];
    read_values(*map->value_at(i), id, values, in);
    for (const auto& one : values) bytes += one.size();
  }
  if (bytes > kMaxEntryBytes) {
    in.fail("f", "register.long", "内容太长", "the entry is too long");
  }
  return fields;
}

}  // namespace

bool is_register_kind(std::string_view kind) {
  return kind == kRegisterPut || kind == kRegisterWithdrawn;
}

Bytes encode_register(const RegisterBody& body) {
  Packer out;
  out.map(4 + (body.by.empty() ? 0 : 1) + (body.fields.empty() ? 0 : 1) +
          (body.reason.empty() ? 0 : 1));
  out.text("unit").text(body.unit.text());
  out.text("reg").text(body.register_id).text("key").text(body.key);
  out.text("rev").number(body.revision);
  if (!body.by.empty()) out.text("by").text(body.by);
  if (!body.reason.empty()) out.text("why").text(body.reason);
  if (body.fields.empty()) return out.take();
  out.text("f").map(body.fields.size());
  for (const auto& [id, values] : body.fields) {
    YISHI_ASSERT(!values.empty());
    out.text(id);
    if (values.size() == 1) {
      out.text(values.front());
    } else {
      write_texts(out, values);
    }
  }
  return out.take();
}

Result<RegisterBody> decode_register(View bytes) {
  auto document = Document::parse(bytes, "register");
  if (!document) return document.error();
  Fields in(document->root(), "register");
  RegisterBody body;
  body.unit = read_code(in, "unit");
  body.register_id = in.text("reg", kMaxFieldIdBytes);
  body.key = in.text("key", kMaxEntryKeyBytes);
  body.revision = in.number("rev", kMaxRevision);
  body.by = in.text_or("by", "", kMaxShortBytes);
  body.reason = in.text_or("why", "", kMaxShortBytes);
  body.fields = read_fields(in);
  if (in.fault()) return *in.fault();
  return body;
}

Result<RegisterFact> read_register(const sync::Record& record, const sync::EntryHeader& header,
                                   std::size_t index) {
  YISHI_ASSERT(is_register_kind(record.kind) && index < header.records.size());
  auto subject = topology::Code::parse(record.subject);
  if (!subject) return subject.error();
  auto body = decode_register(record.body);
  if (!body) return body.error();
  RegisterFact fact;
  fact.digest = header.records[index];
  fact.author = header.log;
  fact.sequence = header.sequence;
  fact.time_ms = header.time_ms;
  fact.topology = header.topology;
  fact.withdrawn = record.kind == kRegisterWithdrawn;
  fact.subject = std::move(*subject);
  fact.body = std::move(*body);
  return fact;
}

}  // namespace yishi::deliberation
