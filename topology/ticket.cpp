#include "topology/ticket.h"

#include <algorithm>
#include <array>

#include "crypto/pack.h"
#include "topology/change.h"
#include "topology/unit.h"

namespace yishi::topology {

namespace {

constexpr std::string_view kPrefix = "yishi1.";
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kFields = 11;
constexpr std::size_t kCheckField = 10;
constexpr std::size_t kCheckBytes = 4;
constexpr std::string_view kCheckDomain = "yishi/ticket-check/1";
constexpr std::string_view kTicketSignDomain = "yishi/ticket-sign/1";
constexpr std::string_view kCurveDomain = "yishi/ticket-curve/1";
constexpr std::string_view kIdeographicSpace = "\xE3\x80\x80";

Error unreadable(std::string_view rule, std::string_view zh, std::string_view en) {
  return {std::string(rule), "ticket", std::string(zh), std::string(en)};
}

Bytes pack_fields(const TicketText& ticket) {
  Packer packer;
  packer.array(kFields).number(kVersion).binary(ticket.network.view());
  packer.number(static_cast<std::uint64_t>(ticket.suite)).text(ticket.unit.text());
  packer.text(ticket.unit_name).binary(ticket.secret).text(ticket.parent_endpoint);
  packer.binary(ticket.parent_curve).text(ticket.parent.text()).number(ticket.expires_ms);
  return packer.take();
}

// Over everything before it: a mistyped secret would else be refused far away, as a
// stranger's. SHA-256 in both suites, for the suite too may be mistyped.
Bytes check_of(View fields) {
  const crypto::Digest digest =
      crypto::digest(crypto::Suite::kEd25519Sha256, kCheckDomain, {fields});
  return copy(digest.view().first(kCheckBytes));
}

std::string without_blanks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with(kIdeographicSpace)) {
      at += kIdeographicSpace.size();
      continue;
    }
    const char c = text[at++];
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') out += c;
  }
  return out;
}

Status read_codes(TicketText& ticket, std::string_view unit, std::string_view parent) {
  const Result<Code> unit_code = Code::parse(unit);
  if (!unit_code) return unit_code.error();
  ticket.unit = *unit_code;
  if (parent.empty()) return {};  // the root's ticket
  const Result<Code> parent_code = Code::parse(parent);
  if (!parent_code) return parent_code.error();
  ticket.parent = *parent_code;
  return {};
}

Status read_fields(const Value& root, TicketText& ticket) {
  Sequence in(root, "ticket", kFields);
  in.number("version");
  const View network = in.binary_exact("network", crypto::kDigestBytes);
  const std::optional<crypto::Suite> suite = crypto::suite_from_number(in.number("suite"));
  const std::string_view unit = in.text("unit", kMaxCodeBytes);
  ticket.unit_name = in.text("unit name", kMaxNameBytes);
  ticket.secret = copy(in.binary_exact("secret", crypto::kSecretBytes));
  ticket.parent_endpoint = in.text("parent endpoint", kMaxEndpointBytes);
  ticket.parent_curve = copy(in.binary_exact("parent curve", kCurveKeyBytes));
  const std::string_view parent = in.text("parent", kMaxCodeBytes);
  ticket.expires_ms = in.number("expires");
  in.binary_exact("check", kCheckBytes);
  if (in.fault()) return *in.fault();
  if (!suite) {
    return unreadable("ticket.suite", "入网凭证用了不认识的密码套件。",
                      "The ticket names an unknown cipher suite.");
  }
  ticket.network = crypto::Digest::from(network);
  ticket.suite = *suite;
  return read_codes(ticket, unit, parent);
}

crypto::Digest derive(const TicketText& ticket, std::string_view domain, View counter) {
  return crypto::digest(ticket.suite, domain, {View(ticket.secret), counter});
}

}  // namespace

std::string TicketText::to_text() const {
  YISHI_ASSERT(secret.size() == crypto::kSecretBytes && parent_curve.size() == kCurveKeyBytes);
  Bytes bytes = pack_fields(*this);
  const Bytes check = check_of(bytes);
  Packer last;
  last.binary(check);
  bytes.insert(bytes.end(), last.bytes().begin(), last.bytes().end());
  return std::string(kPrefix) + to_base64url(bytes);
}

Result<TicketText> TicketText::parse(std::string_view text) {
  if (text.size() > kMaxTicketText) {
    return unreadable("ticket.size", "文字太长，不是入网凭证。",
                      "The text is too long to be a ticket.");
  }
  const std::string typed = without_blanks(text);
  if (!typed.starts_with(kPrefix)) {
    return unreadable("ticket.prefix", "入网凭证应以 yishi1. 开头。",
                      "A ticket begins with yishi1.");
  }
  const std::optional<Bytes> bytes = from_base64url(std::string_view(typed).substr(kPrefix.size()));
  if (!bytes) {
    return unreadable("ticket.characters", "入网凭证中有不该有的字符，或缺了字符。",
                      "The ticket has a character that cannot stand in it, or lacks one.");
  }
  const Result<Document> document = Document::parse(*bytes, "ticket");
  const Value* root = document.ok() ? &document->root() : nullptr;
  const Value* check = root != nullptr ? root->at(kCheckField) : nullptr;
  const std::optional<View> sum = check != nullptr ? check->binary() : std::nullopt;
  constexpr std::size_t kTail = kCheckBytes + 2;  // with the two bytes msgpack puts before it
  if (!sum || bytes->size() < kTail ||
      !equal(*sum, check_of(View(*bytes).first(bytes->size() - kTail)))) {
    return unreadable("ticket.damaged", "入网凭证不完整或有错字，请重新复制。",
                      "The ticket is incomplete or has a typing error; copy it again.");
  }
  const Value* version = root->at(0);
  if (version->number() != kVersion) {
    return unreadable("ticket.version", "不认识的入网凭证版本，请更新程序。",
                      "Unknown version of a ticket; update the program.");
  }
  TicketText ticket;
  if (Status status = read_fields(*root, ticket); !status) return status.error();
  return ticket;
}

crypto::PrivateKey TicketText::signing_key() const {
  // One digest in 2^32 is no SM2 scalar: then the next counter, the same on every machine.
  Bytes counter;
  while (true) {
    const crypto::Digest digest = derive(*this, kTicketSignDomain, counter);
    Result<crypto::PrivateKey> key = crypto::PrivateKey::from_secret(suite, digest.view());
    if (key.ok()) return *std::move(key);
    YISHI_ASSERT(counter.size() < crypto::kSecretBytes);
    counter.push_back(0);
  }
}

Bytes TicketText::curve_secret() const { return copy(derive(*this, kCurveDomain, {}).view()); }

}  // namespace yishi::topology
