// Frames and message bodies: what decodes must encode to the same value, and a frame sealed
// with it must open to the same envelope, signed by its sealer and by nobody else.
#include "crypto/key.h"
#include "sync/message.h"
#include "sync/message_body.h"
#include "tests/fuzz/generic.h"
#include "tests/fuzz/target.h"

namespace yishi::fuzz {
namespace {

crypto::PrivateKey key_of(std::uint8_t seed) {
  auto key = crypto::PrivateKey::from_secret(crypto::Suite::kEd25519Sha256,
                                             Bytes(crypto::kSecretBytes, seed));
  return std::move(key).value();
}

// A row without bytes decodes, and Run::open refuses it; it is never written.
bool can_be_written(const sync::Message& message) {
  const std::vector<sync::Row>* rows = nullptr;
  if (const auto* entries = std::get_if<sync::Entries>(&message)) rows = &entries->rows;
  if (const auto* supply = std::get_if<sync::Supply>(&message)) rows = &supply->rows;
  return rows == nullptr ||
         std::none_of(rows->begin(), rows->end(), [](const auto& row) { return row.run.empty(); });
}

void hold_body(std::uint64_t type, View body) {
  const auto message = sync::decode_body(type, body);
  if (!message) {
    YISHI_ASSERT(message.error().rule.starts_with("message."));
    return;
  }
  YISHI_ASSERT(sync::type_number(*message) == type);
  if (can_be_written(*message)) YISHI_ASSERT(same_value(sync::encode_body(*message), body));
}

bool same_envelope(const sync::Envelope& a, const sync::Envelope& b) {
  return a.network == b.network && a.sender == b.sender && a.receiver == b.receiver &&
         a.session == b.session && a.counter == b.counter &&
         sync::encode_body(a.message) == sync::encode_body(b.message);
}

void hold_frame(View frame) {
  static const crypto::PrivateKey kKey = key_of(1);
  static const crypto::PrivateKey kOther = key_of(2);
  const auto opened = sync::open_frame(frame);
  if (!opened) {
    const std::string& rule = opened.error().rule;
    YISHI_ASSERT(rule.starts_with("envelope.") || rule.starts_with("message."));
    return;
  }
  // What was signed is kept as it came.
  YISHI_ASSERT(equal(value_of(frame).at(0).get_binary(), opened->signed_bytes));
  YISHI_ASSERT(!opened->signed_by(kOther.public_key()));
  if (!can_be_written(opened->envelope.message)) return;
  const Bytes sealed = sync::seal(kKey, opened->envelope);
  const auto again = sync::open_frame(sealed);
  YISHI_ASSERT(again.ok());
  YISHI_ASSERT(same_envelope(again->envelope, opened->envelope));
  YISHI_ASSERT(same_value(again->signed_bytes, opened->signed_bytes));
  YISHI_ASSERT(again->signed_by(kKey.public_key()));
}

}  // namespace

void fuzz_envelope(View input) {
  hold_frame(input);
  if (!input.empty()) hold_body(input[0], input.subspan(1));
}

}  // namespace yishi::fuzz
