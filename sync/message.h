// The messages of a link, and the signed envelope each of them travels in.
//
//   frame    = msgpack [ envelope: bin, signature: bin 64 ]
//   envelope = msgpack [ 1, network: bin 32, sender: bin 32 (key id), receiver: text (unit code),
//                        session: bin 16, counter, type: number, body: bin ]
//   the signature is the sender's key's over domain "yishi/envelope/1" and the envelope
//
// The session is zero for hello, welcome and join, and for a refuse that answers
// one of them; else the first 16 bytes of digest("yishi/session/1", child's nonce ‖
// parent's nonce). The counter rises by at least one with each message of a
// session and direction. Nothing is acted on that does not verify.
//
//   type       body (msgpack array, in this order)
//   1 hello    nonce: bin 16, incarnation: bin 16 (of my store), cursor incarnation: bin 16,
//              cursor position (how far I hold your stream), topology version, clock ms,
//              software: text, echo: bin 16 (zeros), lacks: [ [ log: bin 32, sequence ] … ]
//   2 welcome  the same; echo is the nonce of the hello it answers
//   3 entries  incarnation: bin 16, after, upto, rows: [ [ position, packed run: bin ] … ]
//   4 ack      incarnation: bin 16, position, resend: 0|1,
//              heads: [ [ log: bin 32, sequence, entry digest: bin 32 ] … ], lacks as in hello
//   5 want     log: bin 32 (zeros: none), from sequence, issue: text (empty: none)
//   6 supply   rows as in entries, positions 0: the answer to a want
//   7 refuse   rule: text, detail: text, log: bin 32 (zeros: none), sequence
//   8 join     change: bin (a topology change node.admitted, signed by the ticket)
//   9 status   clock ms, rows: [ [ unit: text, contact ms, head sequence, waiting, software ] … ]
//
// An ack is a receipt: whoever holds its frame can prove what the sender of the
// ack had on disk.
#pragma once

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "crypto/key.h"
#include "sync/limits.h"
#include "sync/receipted.h"

namespace yishi::sync {

using Nonce = std::array<std::uint8_t, kNonceBytes>;  // also sessions and incarnations

struct Cursor {  // how far a stream is held: positions are those of its sender's store
  Nonce incarnation{};
  std::uint64_t position = 0;
  bool operator==(const Cursor&) const = default;
};

struct Greeting {
  Nonce nonce{};
  Nonce incarnation{};
  Cursor cursor;
  std::uint64_t topology = 0;
  std::uint64_t clock_ms = 0;
  std::string software;
  Nonce echo{};
  std::vector<Lack> lacks;  // in what the cursor says is held
};
struct Hello : Greeting {};
struct Welcome : Greeting {};

struct Row {
  std::uint64_t position = 0;  // of the last entry it covers
  Bytes run;                   // packed
};
struct Entries {
  Nonce incarnation{};
  std::uint64_t after = 0;
  std::uint64_t upto = 0;  // ≥ the last row's position: rows in between were not for you
  std::vector<Row> rows;
};
struct LogHead {
  crypto::Digest log;
  std::uint64_t sequence = 0;
  crypto::Digest digest;
};
struct Ack {
  Cursor cursor;
  bool resend = false;
  std::vector<LogHead> heads;
  std::vector<Lack> lacks;  // all there are, below the cursor
};
struct Want {
  crypto::Digest log;
  std::uint64_t from = 0;
  std::string issue;
};
struct Supply {
  std::vector<Row> rows;
};
struct Refuse {
  std::string rule;
  std::string detail;
  crypto::Digest log;
  std::uint64_t sequence = 0;
};
struct Join {
  Bytes change;
};
struct FrontierRow {
  std::string unit;
  std::uint64_t contact_ms = 0;  // when its parent last heard it
  std::uint64_t head = 0;        // last sequence of its log its parent holds
  std::uint64_t waiting = 0;     // records it said it still had to send
  std::string software;
};
struct StatusReport {
  std::uint64_t clock_ms = 0;
  std::vector<FrontierRow> rows;
};

using Message =
    std::variant<Hello, Welcome, Entries, Ack, Want, Supply, Refuse, Join, StatusReport>;

std::string_view message_name(const Message& message);

struct Envelope {
  crypto::Digest network;
  crypto::Digest sender;  // key id
  std::string receiver;   // unit code
  Nonce session{};
  std::uint64_t counter = 0;
  Message message;
};

// The frame to send. Asserts the limits, save for texts that only people read
// (software, a refusal's detail): those are cut to fit.
Bytes seal(const crypto::PrivateKey& key, const Envelope& envelope);

struct OpenedFrame {
  Envelope envelope;
  Bytes signed_bytes;  // the envelope's exact bytes
  crypto::Signature signature;
  bool signed_by(const crypto::PublicKey& key) const;
};
// Decodes within the limits; rules "envelope.*", "message.*". Says nothing of the
// signature: whose key it must be is the caller's knowledge.
Result<OpenedFrame> open_frame(View frame);

}  // namespace yishi::sync
