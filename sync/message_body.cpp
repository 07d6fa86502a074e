#include "sync/message_body.h"

#include <type_traits>

#include "crypto/pack.h"
#include "sync/decoding.h"

namespace yishi::sync {
namespace {

constexpr std::string_view kMessageFormat = "message";
constexpr std::array<std::string_view, 9> kNames = {"hello",  "welcome", "entries", "ack",   "want",
                                                    "supply", "refuse",  "join",    "status"};
static_assert(std::variant_size_v<Message> == kNames.size());

Error message_error(std::string_view rule, std::string_view field, std::string_view zh,
                    std::string_view en) {
  return {std::string(rule), std::string(field), std::string(zh), std::string(en)};
}

// A text that only people read, cut between characters to fit.
std::string_view fitting(std::string_view text, std::size_t max_bytes) {
  if (!is_utf8(text)) return {};
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

bool is_text(std::string_view text, std::size_t max_bytes) {
  return text.size() <= max_bytes && is_utf8(text);
}

// The rows of an entries message lie in order between the two cursors.
bool positions_fit(const Entries& entries) {
  std::uint64_t at = entries.after;
  for (const auto& row : entries.rows) {
    if (row.position < at) return false;
    at = row.position;
  }
  return at <= entries.upto && entries.upto <= kMaxNumber;
}

bool wants_something(const Want& want) { return !want.log.is_zero() || !want.issue.empty(); }

void encode_rows(Packer& packer, const std::vector<Row>& rows) {
  YISHI_ASSERT(rows.size() <= kMaxRowsPerMessage);
  packer.array(rows.size());
  for (const auto& row : rows) {
    YISHI_ASSERT(!row.run.empty() && row.run.size() <= kMaxPackedBytes);
    YISHI_ASSERT(row.position <= kMaxNumber);
    packer.array(2).number(row.position).binary(row.run);
  }
}

void encode_lacks(Packer& packer, const std::vector<Lack>& lacks) {
  YISHI_ASSERT(lacks.size() <= kMaxLacks);
  packer.array(lacks.size());
  for (const auto& lack : lacks) {
    YISHI_ASSERT(lack.sequence <= kMaxNumber);
    packer.array(2).binary(lack.log.view()).number(lack.sequence);
  }
}

void encode(Packer& packer, const Greeting& greeting) {
  YISHI_ASSERT(greeting.cursor.position <= kMaxNumber && greeting.topology <= kMaxNumber);
  YISHI_ASSERT(greeting.clock_ms <= kMaxNumber);
  packer.array(9).binary(greeting.nonce).binary(greeting.incarnation);
  packer.binary(greeting.cursor.incarnation).number(greeting.cursor.position);
  packer.number(greeting.topology).number(greeting.clock_ms);
  packer.text(fitting(greeting.software, kMaxSoftwareBytes)).binary(greeting.echo);
  encode_lacks(packer, greeting.lacks);
}

void encode(Packer& packer, const Entries& entries) {
  YISHI_ASSERT(positions_fit(entries));
  packer.array(4).binary(entries.incarnation).number(entries.after).number(entries.upto);
  encode_rows(packer, entries.rows);
}

void encode(Packer& packer, const Ack& ack) {
  YISHI_ASSERT(ack.cursor.position <= kMaxNumber && ack.heads.size() <= kMaxHeadsPerAck);
  packer.array(5).binary(ack.cursor.incarnation).number(ack.cursor.position);
  packer.number(ack.resend ? 1 : 0).array(ack.heads.size());
  for (const auto& head : ack.heads) {
    YISHI_ASSERT(head.sequence <= kMaxNumber);
    packer.array(3).binary(head.log.view()).number(head.sequence).binary(head.digest.view());
  }
  encode_lacks(packer, ack.lacks);
}

void encode(Packer& packer, const Want& want) {
  YISHI_ASSERT(wants_something(want) && want.from <= kMaxNumber);
  YISHI_ASSERT(is_text(want.issue, kMaxIssueBytes));
  packer.array(3).binary(want.log.view()).number(want.from).text(want.issue);
}

void encode(Packer& packer, const Supply& supply) {
  packer.array(1);
  encode_rows(packer, supply.rows);
}

void encode(Packer& packer, const Refuse& refuse) {
  YISHI_ASSERT(is_text(refuse.rule, kMaxRuleBytes) && refuse.sequence <= kMaxNumber);
  packer.array(4).text(refuse.rule).text(fitting(refuse.detail, kMaxDetailBytes));
  packer.binary(refuse.log.view()).number(refuse.sequence);
}

void encode(Packer& packer, const Join& join) {
  YISHI_ASSERT(join.change.size() <= kMaxJoinBytes);
  packer.array(1).binary(join.change);
}

void encode(Packer& packer, const StatusReport& status) {
  YISHI_ASSERT(status.clock_ms <= kMaxNumber && status.rows.size() <= kMaxFrontierRows);
  packer.array(2).number(status.clock_ms).array(status.rows.size());
  for (const auto& row : status.rows) {
    YISHI_ASSERT(is_text(row.unit, kMaxUnitBytes));
    YISHI_ASSERT(row.contact_ms <= kMaxNumber && row.head <= kMaxNumber);
    YISHI_ASSERT(row.waiting <= kMaxNumber);
    packer.array(5).text(row.unit).number(row.contact_ms).number(row.head).number(row.waiting);
    packer.text(fitting(row.software, kMaxSoftwareBytes));
  }
}

crypto::Digest read_digest(Sequence& fields, std::string_view field) {
  return digest_from(fields.binary_exact(field, crypto::kDigestBytes));
}

Nonce read_nonce(Sequence& fields, std::string_view field) {
  return array_from<kNonceBytes>(fields.binary_exact(field, kNonceBytes));
}

// Each element of an array by `read`, up to the first fault.
template <class T, class Read>
std::optional<Error> read_each(const Value& array, std::string_view what, std::size_t elements,
                               std::vector<T>& out, Read read) {
  out.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    Sequence fields(*array.at(i), what, elements);
    out.push_back(read(fields));
    if (fields.fault()) return fields.fault();
  }
  return std::nullopt;
}

std::optional<Error> read_rows(const Value& array, std::vector<Row>& rows) {
  return read_each(array, "row", 2, rows, [](Sequence& fields) {
    const std::uint64_t position = fields.number("position", kMaxNumber);
    return Row{position, copy(fields.binary("run", kMaxPackedBytes))};
  });
}

std::optional<Error> read_lacks(const Value& array, std::vector<Lack>& lacks) {
  return read_each(array, "lack", 2, lacks, [](Sequence& fields) {
    Lack lack;
    lack.log = read_digest(fields, "log");
    lack.sequence = fields.number("sequence", kMaxNumber);
    return lack;
  });
}

template <class T>
Result<Message> decode_greeting(const Value& root, std::string_view what) {
  Sequence fields(root, what, 9);
  T greeting;
  greeting.nonce = read_nonce(fields, "nonce");
  greeting.incarnation = read_nonce(fields, "incarnation");
  greeting.cursor.incarnation = read_nonce(fields, "cursor incarnation");
  greeting.cursor.position = fields.number("cursor position", kMaxNumber);
  greeting.topology = fields.number("topology", kMaxNumber);
  greeting.clock_ms = fields.number("clock", kMaxNumber);
  greeting.software = fields.text("software", kMaxSoftwareBytes);
  greeting.echo = read_nonce(fields, "echo");
  const Value* lacks = fields.array("lacks", kMaxLacks);
  if (fields.fault()) return *fields.fault();
  if (auto fault = read_lacks(*lacks, greeting.lacks)) return *fault;
  return Message(std::move(greeting));
}

Result<Message> decode_entries(const Value& root) {
  Sequence fields(root, "entries", 4);
  Entries entries;
  entries.incarnation = read_nonce(fields, "incarnation");
  entries.after = fields.number("after", kMaxNumber);
  entries.upto = fields.number("upto", kMaxNumber);
  const Value* rows = fields.array("rows", kMaxRowsPerMessage);
  if (fields.fault()) return *fields.fault();
  if (auto fault = read_rows(*rows, entries.rows)) return *fault;
  if (!positions_fit(entries)) {
    return message_error("message.positions", "entries, rows", "位置顺序不对",
                         "the positions do not lie in order between after and upto");
  }
  return Message(std::move(entries));
}

Result<Message> decode_ack(const Value& root) {
  Sequence fields(root, "ack", 5);
  Ack ack;
  ack.cursor.incarnation = read_nonce(fields, "incarnation");
  ack.cursor.position = fields.number("position", kMaxNumber);
  ack.resend = fields.number("resend", 1) == 1;
  const Value* heads = fields.array("heads", kMaxHeadsPerAck);
  const Value* lacks = fields.array("lacks", kMaxLacks);
  if (fields.fault()) return *fields.fault();
  const auto fault = read_each(*heads, "head", 3, ack.heads, [](Sequence& head) {
    LogHead out;
    out.log = read_digest(head, "log");
    out.sequence = head.number("sequence", kMaxNumber);
    out.digest = read_digest(head, "digest");
    return out;
  });
  if (fault) return *fault;
  if (auto lack_fault = read_lacks(*lacks, ack.lacks)) return *lack_fault;
  return Message(std::move(ack));
}

Result<Message> decode_want(const Value& root) {
  Sequence fields(root, "want", 3);
  Want want;
  want.log = read_digest(fields, "log");
  want.from = fields.number("from", kMaxNumber);
  want.issue = fields.text("issue", kMaxIssueBytes);
  if (fields.fault()) return *fields.fault();
  if (!wants_something(want)) {
    return message_error("message.want.empty", "want", "没有说明要什么",
                         "the want names neither a log nor an issue");
  }
  return Message(std::move(want));
}

Result<Message> decode_supply(const Value& root) {
  Sequence fields(root, "supply", 1);
  Supply supply;
  const Value* rows = fields.array("rows", kMaxRowsPerMessage);
  if (fields.fault()) return *fields.fault();
  if (auto fault = read_rows(*rows, supply.rows)) return *fault;
  return Message(std::move(supply));
}

Result<Message> decode_refuse(const Value& root) {
  Sequence fields(root, "refuse", 4);
  Refuse refuse;
  refuse.rule = fields.text("rule", kMaxRuleBytes);
  refuse.detail = fields.text("detail", kMaxDetailBytes);
  refuse.log = read_digest(fields, "log");
  refuse.sequence = fields.number("sequence", kMaxNumber);
  if (fields.fault()) return *fields.fault();
  return Message(std::move(refuse));
}

Result<Message> decode_join(const Value& root) {
  Sequence fields(root, "join", 1);
  Join join;
  join.change = copy(fields.binary("change", kMaxJoinBytes));
  if (fields.fault()) return *fields.fault();
  return Message(std::move(join));
}

Result<Message> decode_status(const Value& root) {
  Sequence fields(root, "status", 2);
  StatusReport status;
  status.clock_ms = fields.number("clock", kMaxNumber);
  const Value* rows = fields.array("rows", kMaxFrontierRows);
  if (fields.fault()) return *fields.fault();
  const auto fault = read_each(*rows, "status row", 5, status.rows, [](Sequence& row) {
    FrontierRow out;
    out.unit = row.text("unit", kMaxUnitBytes);
    out.contact_ms = row.number("contact", kMaxNumber);
    out.head = row.number("head", kMaxNumber);
    out.waiting = row.number("waiting", kMaxNumber);
    out.software = row.text("software", kMaxSoftwareBytes);
    return out;
  });
  if (fault) return *fault;
  return Message(std::move(status));
}

Result<Message> decode_typed(std::uint64_t type, const Value& root) {
  switch (type) {
    case 1:
      return decode_greeting<Hello>(root, "hello");
    case 2:
      return decode_greeting<Welcome>(root, "welcome");
    case 3:
      return decode_entries(root);
    case 4:
      return decode_ack(root);
    case 5:
      return decode_want(root);
    case 6:
      return decode_supply(root);
    case 7:
      return decode_refuse(root);
    case 8:
      return decode_join(root);
    default:
      return decode_status(root);
  }
}

}  // namespace

std::string_view message_name(const Message& message) { return kNames[message.index()]; }

std::uint64_t type_number(const Message& message) { return message.index() + 1; }

Bytes encode_body(const Message& message) {
  Packer packer;
  std::visit([&](const auto& typed) { encode(packer, typed); }, message);
  return packer.take();
}

Result<Message> decode_body(std::uint64_t type, View body) {
  if (type < 1 || type > kNames.size()) {
    const std::string number = std::to_string(type);
    return message_error("message.type", "type", "不认识的消息类型 " + number,
                         "unknown message type " + number);
  }
  const auto document = Document::parse(body, kNames[type - 1]);
  if (!document) return in_format(kMessageFormat, document.error());
  auto message = decode_typed(type, document->root());
  if (!message) return in_format(kMessageFormat, message.error());
  return message;
}

}  // namespace yishi::sync
