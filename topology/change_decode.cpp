// Reading a change: every limit before every copy, and unknown things refused by name.
#include <array>

#include "crypto/pack.h"
#include "topology/change.h"

namespace yishi::topology {

namespace {

constexpr std::size_t kOperationsField = 4;
constexpr std::size_t kMaxWordBytes = 16;  // of a level or a kind
constexpr std::size_t kMaxKeyBytes = 65;   // the longest public key of a suite

// Reads one operation's arguments; remembers the first fault, as the Sequence does.
class Arguments {
 public:
  Arguments(const Value& array, std::string_view name, std::size_t count)
      : sequence_(array, name, count + 1) {
    sequence_.text("name", kMaxOperationName);
  }

  std::string name(std::string_view field) { return text(field, kMaxNameBytes); }
  std::string word(std::string_view field) { return text(field, kMaxWordBytes); }
  std::string endpoint(std::string_view field) { return text(field, kMaxEndpointBytes); }
  std::uint64_t number(std::string_view field) { return sequence_.number(field); }
  Bytes key(std::string_view field) { return copy(sequence_.binary(field, kMaxKeyBytes)); }
  std::vector<Bytes> keys(std::string_view field) {
    std::vector<Bytes> out;
    const Value* array = sequence_.array(field, kMaxRootKeys);
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
      const std::optional<View> key = array->at(i)->binary();
      if (!key || key->size() > kMaxKeyBytes) {
        fail({"root.key", std::string(field), "根密钥应为最多 65 字节的二进制。",
              "A root key is a bin of at most 65 bytes."});
        return {};
      }
      out.push_back(copy(*key));
    }
    return out;
  }
  Bytes curve(std::string_view field) {
    return copy(sequence_.binary_exact(field, kCurveKeyBytes));
  }
  std::string bytes(std::string_view field, std::size_t max) {
    return std::string(text_of(sequence_.binary(field, max)));
  }
  crypto::Digest digest(std::string_view field) {
    const View view = sequence_.binary_exact(field, crypto::kDigestBytes);
    return sequence_.fault() ? crypto::Digest{} : crypto::Digest::from(view);
  }
  Code code(std::string_view field, bool may_be_empty = false) {
    const std::string_view text = sequence_.text(field, kMaxCodeBytes);
    if (sequence_.fault() || fault_ || (may_be_empty && text.empty())) return {};
    Result<Code> code = Code::parse(text);
    if (code.ok()) return *code;
    fault_ = code.error();
    fault_->field = std::string(field);
    return {};
  }

  void fail(Error error) {
    if (!fault_) fault_ = std::move(error);
  }
  const std::optional<Error>& fault() const {
    return sequence_.fault() ? sequence_.fault() : fault_;
  }

 private:
  static constexpr std::size_t kMaxOperationName = 32;
  std::string text(std::string_view field, std::size_t max) {
    return std::string(sequence_.text(field, max));
  }
  Sequence sequence_;
  std::optional<Error> fault_;
};

crypto::Suite read_suite(Arguments& in) {
  const std::uint64_t number = in.number("suite");
  const std::optional<crypto::Suite> suite = crypto::suite_from_number(number);
  if (!suite) {
    in.fail({"change.suite.unknown", "suite", "不认识的密码套件 " + std::to_string(number) + "。",
             "Unknown cipher suite " + std::to_string(number) + "."});
  }
  return suite.value_or(crypto::Suite::kEd25519Sha256);
}

// Members of a braced list are read from left to right, as the bytes stand.
Operation read_network_created(Arguments& in) {
  std::string name = in.name("network");
  const crypto::Suite suite = read_suite(in);
  std::vector<Bytes> root_keys = in.keys("root keys");
  Bytes log_key = in.key("log key");
  return NetworkCreated{std::move(name), suite, std::move(root_keys), std::move(log_key),
                        in.number("threshold")};
}
Operation read_root_changed(Arguments& in) {
  std::vector<Bytes> keys = in.keys("keys");
  return RootChanged{std::move(keys), in.number("threshold")};
}
Operation read_unit_retired(Arguments& in) {
  const Code code = in.code("code");
  return UnitRetired{code, in.code("successor")};
}
Operation read_unit_added(Arguments& in) {
  Unit unit;
  unit.code = in.code("code");
  unit.name = in.name("name");
  unit.level = in.word("level");
  unit.parent = in.code("parent", true);
  unit.kind = in.word("kind");
  return UnitAdded{std::move(unit)};
}
Operation read_unit_renamed(Arguments& in) { return UnitRenamed{in.code("code"), in.name("name")}; }
Operation read_unit_moved(Arguments& in) { return UnitMoved{in.code("code"), in.code("parent")}; }
Operation read_unit_suspended(Arguments& in) { return UnitSuspended{in.code("code")}; }
Operation read_unit_resumed(Arguments& in) { return UnitResumed{in.code("code")}; }
Operation read_operator_admitted(Arguments& in) {
  return OperatorAdmitted{in.key("key"), in.code("subtree"), in.number("expires"),
                          in.name("label")};
}
Operation read_operator_ended(Arguments& in) { return OperatorEnded{in.digest("key id")}; }
Operation read_ticket_issued(Arguments& in) {
  return TicketIssued{in.code("unit"), in.key("key"), in.curve("curve"), in.number("expires")};
}
Operation read_node_admitted(Arguments& in) {
  return NodeAdmitted{in.code("unit"), in.key("key"), in.curve("curve"), in.endpoint("endpoint")};
}
Operation read_node_ended(Arguments& in) {
  return NodeEnded{in.digest("key id"), in.number("last sequence")};
}
Operation read_policy_set(Arguments& in) {
  return PolicySet{in.name("id"), in.bytes("text", kMaxPolicyBytes)};
}

struct Reader {
  std::string_view name;
  std::size_t arguments;
  Operation (*read)(Arguments&);
};

constexpr std::array<Reader, 14> kReaders{{{"network.created", 5, read_network_created},
                                           {"unit.added", 5, read_unit_added},
                                           {"unit.renamed", 2, read_unit_renamed},
                                           {"unit.moved", 2, read_unit_moved},
                                           {"unit.suspended", 1, read_unit_suspended},
                                           {"unit.resumed", 1, read_unit_resumed},
                                           {"operator.admitted", 4, read_operator_admitted},
                                           {"operator.ended", 1, read_operator_ended},
                                           {"ticket.issued", 4, read_ticket_issued},
                                           {"node.admitted", 4, read_node_admitted},
                                           {"node.ended", 2, read_node_ended},
                                           {"policy.set", 2, read_policy_set},
                                           {"root.changed", 2, read_root_changed},
                                           {"unit.retired", 2, read_unit_retired}}};

Result<Operation> read_operation(const Value& value) {
  const Value* first = value.at(0);
  const std::optional<std::string_view> name = first != nullptr ? first->text() : std::nullopt;
  if (!name) {
    return Error{"change.operation", "operations", "变更中的一项没有名称。",
                 "An operation of the change has no name."};
  }
  for (const Reader& reader : kReaders) {
    if (reader.name != *name) continue;
    Arguments in(value, reader.name, reader.arguments);
    Operation operation = reader.read(in);
    if (in.fault()) return *in.fault();
    return operation;
  }
  return Error{"change.operation.unknown", "operations",
               "不认识的操作“" + excerpt(*name) + "”，可能来自更新的版本。",
               "Unknown operation \"" + excerpt(*name) + "\"; it may come from a newer version."};
}

Status read_operations(const Value& payload, Change& change) {
  const Value* operations = payload.at(kOperationsField);
  const std::size_t count = operations != nullptr ? operations->size() : 0;
  if (operations == nullptr || !operations->is_array() || count == 0 || count > kMaxOperations) {
    return Error{"change.operations.count", "operations",
                 "一次变更应有 1 至 256 项操作，这里有 " + std::to_string(count) + " 项。",
                 "A change has 1 to 256 operations, this one has " + std::to_string(count) + "."};
  }
  change.operations.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    Result<Operation> operation = read_operation(*operations->at(i));
    if (!operation) return operation.error();
    change.operations.push_back(*std::move(operation));
  }
  return {};
}

Status read_payload(Change& change) {
  Result<Document> document = Document::parse(change.payload, "change payload");
  if (!document) return document.error();
  const Value& root = document->root();
  const Value* first = root.at(0);
  const std::optional<std::uint64_t> version = first != nullptr ? first->number() : std::nullopt;
  if (version && *version != kChangeFormat) {  // before the count: a later version may have more
    return Error{"change.version.unknown", "version",
                 "不认识的变更格式版本 " + std::to_string(*version) + "。",
                 "Unknown version " + std::to_string(*version) + " of a change."};
  }
  Sequence fields(root, "change payload", kPayloadFields);
  fields.number("version");
  const View network = fields.binary_exact("network", crypto::kDigestBytes);
  change.time_ms = fields.number("time");
  change.nonce = copy(fields.binary_exact("nonce", kNonceBytes));
  if (fields.fault()) return *fields.fault();
  change.network = crypto::Digest::from(network);
  return read_operations(root, change);
}

Error count_fault(std::size_t count) {
  return {"change.signature.count", "signatures",
          "一份变更应有 1 至 18 个签名，这里有 " + std::to_string(count) + " 个。",
          "A change has 1 to 18 signatures, this one has " + std::to_string(count) + "."};
}

Status read_signatures(const Value& array, Change& change) {
  if (array.size() > kMaxSignatures) return count_fault(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    Sequence fields(*array.at(i), "signature", 2);
    const View key = fields.binary_exact("key id", crypto::kDigestBytes);
    const View signature = fields.binary_exact("signature", crypto::kSignatureBytes);
    if (fields.fault()) return *fields.fault();
    const crypto::Digest id = crypto::Digest::from(key);
    for (const Signed& one : change.signatures) {
      if (one.key != id) continue;
      return Error{"change.signature.twice", "signatures", "同一把密钥签了两次名，只能算一次。",
                   "The same key signed twice; it counts once."};
    }
    change.signatures.push_back({id, crypto::Signature::from(signature)});
  }
  return {};
}

}  // namespace

Result<Change> decode_change(View body) {
  Result<Change> change = decode_proposal(body);
  if (change.ok() && change->signatures.empty()) return count_fault(0);
  return change;
}

Result<Change> decode_proposal(View body) {
  if (body.size() > kMaxChangeBytes) {
    return Error{
        "change.size", "change", "变更有 " + std::to_string(body.size()) + " 字节，最多 512 KiB。",
        "The change has " + std::to_string(body.size()) + " bytes, at most 512 KiB are allowed."};
  }
  Result<Document> document = Document::parse(body, "change");
  if (!document) return document.error();
  Sequence outer(document->root(), "change", 2);
  const View payload = outer.binary("payload", kMaxChangeBytes);
  const Value* signatures = outer.array("signatures", kMaxSignatures);
  if (outer.fault()) return *outer.fault();
  Change change;
  change.payload = copy(payload);
  if (Status status = read_signatures(*signatures, change); !status) return status.error();
  if (Status status = read_payload(change); !status) return status.error();
  return change;
}

}  // namespace yishi::topology
