// An entry: what one local transaction wrote, 1 to 256 records, signed by its log.
//
//   header = msgpack [ 1, network: bin 32, log: bin 32, sequence ≥ 1,
//                      previous: bin 32, time: ms since 1970 UTC,
//                      topology version its author knew,
//                      digests of its records: bin 32·n, n 1..256 ]
//   signature: 64 bytes by the log's key over domain "yishi/entry/1" and the header
//   entry digest: domain "yishi/link/1" over header, signature
//   previous: the entry digest of the sequence before; 32 zero bytes when sequence is 1
//
// Stored and sent as made, never encoded again. A record's bytes may be absent
// (withheld, erased, or not for this receiver): the header still verifies.
//
// An Entry is views on bytes that someone else owns (a Run, a SealedEntry).
#pragma once

#include <optional>
#include <vector>

#include "crypto/key.h"
#include "sync/record.h"

namespace yishi::sync {

struct EntryHeader {
  crypto::Digest network;
  crypto::Digest log;
  std::uint64_t sequence = 0;
  crypto::Digest previous;
  std::uint64_t time_ms = 0;
  std::uint64_t topology = 0;
  std::vector<crypto::Digest> records;
};

struct Entry {
  View header;
  View signature;                            // 64 bytes
  std::vector<std::optional<View>> records;  // nullopt: bytes absent
};

struct SealedEntry {  // an entry that owns its bytes
  Bytes header;
  crypto::Signature signature;
  std::vector<std::optional<Bytes>> records;
  Entry view() const;
};

Bytes encode_header(const EntryHeader& header);
Result<EntryHeader> decode_header(View bytes);  // rules "entry.*"; unknown version: "entry.version"
crypto::Digest entry_digest(crypto::Suite suite, View header, View signature);

// Makes and signs the next entry of a log. `records` are encoded records. Fills in
// header.log and header.records; the caller gives the rest. Asserts the limits, and
// that previous is zero for sequence 1 and for no other.
SealedEntry seal_entry(const crypto::PrivateKey& key, EntryHeader header,
                       std::vector<Bytes> records);

bool signature_valid(const crypto::PublicKey& key, const Entry& entry);
// The name of the first thing wrong with an entry on its own, apart from its
// signature and place in the log: malformed header, wrong network ("entry.network"),
// number of records ("entry.records.count"), a record that does not have the digest
// the header says ("entry.record.digest"). Absent records are not an error. What a
// record says is not looked at: a record that does not decode stays evidence of
// what its log signed.
Result<EntryHeader> check_entry(crypto::Suite suite, const crypto::Digest& network,
                                const Entry& entry);

}  // namespace yishi::sync
