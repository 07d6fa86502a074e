// A record: one fact.
//
//   record = msgpack [ kind: text ≤64, subject: text ≤64, body: bin ≤512 KiB, salt: bin 16 ]
//
// Its digest is over domain "yishi/record/1" and these exact bytes. The salt makes
// the digest say nothing about a body that was withheld or erased. What the body
// means is the kind's business (node/deliberation, topology/change.h); a node that
// does not know a kind keeps and relays it.
#pragma once

#include <array>
#include <string>

#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/result.h"
#include "sync/limits.h"

namespace yishi::sync {

using Salt = std::array<std::uint8_t, kSaltBytes>;

struct Record {
  std::string kind;     // "issue.logged"
  std::string subject;  // an issue's id, a unit's code; may be empty
  Bytes body;
  Salt salt{};
};

Salt make_salt(crypto::Random& random);
Bytes encode_record(const Record& record);  // asserts the limits
Result<Record> decode_record(View bytes);   // rules "record.*"
crypto::Digest record_digest(crypto::Suite suite, View bytes);

}  // namespace yishi::sync
