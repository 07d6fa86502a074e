// Frames and envelopes; the bodies are in message_body.cpp.
#include "sync/message.h"

#include "crypto/pack.h"
#include "sync/decoding.h"
#include "sync/message_body.h"

namespace yishi::sync {
namespace {

constexpr std::string_view kEnvelopeDomain = "yishi/envelope/1";
constexpr std::string_view kEnvelopeFormat = "envelope";
constexpr std::uint64_t kEnvelopeVersion = 1;

Result<Envelope> decode_envelope(View bytes) {
  const auto document = Document::parse(bytes, kEnvelopeFormat);
  if (!document) return in_format(kEnvelopeFormat, document.error());
  const Status version = known_version(kEnvelopeFormat, document->root(), kEnvelopeVersion);
  if (!version) return version.error();

  Sequence fields(document->root(), kEnvelopeFormat, 8);
  fields.number("version");
  Envelope envelope;
  envelope.network = digest_from(fields.binary_exact("network", crypto::kDigestBytes));
  envelope.sender = digest_from(fields.binary_exact("sender", crypto::kDigestBytes));
  envelope.receiver = fields.text("receiver", kMaxUnitBytes);
  envelope.session = array_from<kNonceBytes>(fields.binary_exact("session", kNonceBytes));
  envelope.counter = fields.number("counter", kMaxNumber);
  const std::uint64_t type = fields.number("type");
  const View body = fields.binary("body", kMaxMessageBytes);
  if (fields.fault()) return in_format(kEnvelopeFormat, *fields.fault());

  auto message = decode_body(type, body);
  if (!message) return message.error();
  envelope.message = std::move(*message);
  return envelope;
}

}  // namespace

Bytes seal(const crypto::PrivateKey& key, const Envelope& envelope) {
  YISHI_ASSERT(envelope.receiver.size() <= kMaxUnitBytes && is_utf8(envelope.receiver));
  YISHI_ASSERT(envelope.counter <= kMaxNumber);
  Packer signed_part;
  signed_part.array(8).number(kEnvelopeVersion).binary(envelope.network.view());
  signed_part.binary(envelope.sender.view()).text(envelope.receiver).binary(envelope.session);
  signed_part.number(envelope.counter).number(type_number(envelope.message));
  signed_part.binary(encode_body(envelope.message));

  const crypto::Signature signature = key.sign(kEnvelopeDomain, signed_part.bytes());
  Packer frame;
  frame.array(2).binary(signed_part.bytes()).binary(signature.view());
  YISHI_ASSERT(frame.bytes().size() <= kMaxMessageBytes);
  return frame.take();
}

bool OpenedFrame::signed_by(const crypto::PublicKey& key) const {
  return key.verify(kEnvelopeDomain, signed_bytes, signature);
}

Result<OpenedFrame> open_frame(View frame) {
  if (frame.size() > kMaxMessageBytes) {
    return Error{"envelope.size", "frame", "消息过大", "the message is too large"};
  }
  const auto document = Document::parse(frame, "frame");
  if (!document) return in_format(kEnvelopeFormat, document.error());
  Sequence fields(document->root(), "frame", 2);
  const View signed_bytes = fields.binary("envelope", kMaxMessageBytes);
  const View signature = fields.binary_exact("signature", crypto::kSignatureBytes);
  if (fields.fault()) return in_format(kEnvelopeFormat, *fields.fault());

  auto envelope = decode_envelope(signed_bytes);
  if (!envelope) return envelope.error();
  return OpenedFrame{std::move(*envelope), copy(signed_bytes), crypto::Signature::from(signature)};
}

}  // namespace yishi::sync
