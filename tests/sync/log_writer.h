// A log being written, for tests: a key from a fixed seed and the entries it signs.
// Nothing here is random, save SM2's signatures.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "crypto/key.h"
#include "sync/log_check.h"

namespace yishi::sync {

inline constexpr crypto::Suite kBothSuites[] = {crypto::Suite::kEd25519Sha256,
                                                crypto::Suite::kSm2Sm3};

inline crypto::Digest filled_digest(std::uint8_t byte) {
  crypto::Digest digest;
  digest.bytes.fill(byte);
  return digest;
}

inline const crypto::Digest kTestNetwork = filled_digest(0x4E);

inline crypto::PrivateKey test_key(crypto::Suite suite, std::uint8_t seed) {
  auto key = crypto::PrivateKey::from_secret(suite, Bytes(crypto::kSecretBytes, seed));
  YISHI_ASSERT(key.ok());
  return std::move(key).value();
}

inline Bytes test_record(std::string_view body) {
  Record record;
  record.kind = "issue.logged";
  record.subject = "320803001001-2026-0007";
  record.body = copy(view_of(body));
  record.salt.fill(0x5A);
  return encode_record(record);
}

class LogWriter {
 public:
  explicit LogWriter(crypto::Suite suite = crypto::Suite::kEd25519Sha256, std::uint8_t seed = 1)
      : key_(test_key(suite, seed)) {}

  // What the next entry will say; a test may spoil it before write().
  EntryHeader next{kTestNetwork, {}, 1, {}, 1'767'225'600'000, 3, {}};

  SealedEntry write(std::vector<Bytes> records) {
    SealedEntry entry = seal_entry(key_, next, std::move(records));
    head_ = {next.sequence, entry_digest(key_.suite(), entry.header, entry.signature.view()),
             next.time_ms};
    next.sequence += 1;
    next.previous = head_.digest;
    next.time_ms += 1000;
    return entry;
  }
  SealedEntry write(std::string_view body) { return write(std::vector<Bytes>{test_record(body)}); }
  std::vector<SealedEntry> write_many(std::size_t count) {
    std::vector<SealedEntry> entries;
    while (entries.size() < count) {
      entries.push_back(write("record " + std::to_string(next.sequence)));
    }
    return entries;
  }

  const Head& head() const { return head_; }
  const crypto::PrivateKey& key() const { return key_; }
  const crypto::PublicKey& public_key() const { return key_.public_key(); }

 private:
  crypto::PrivateKey key_;
  Head head_;
};

inline Bytes packed(const std::vector<SealedEntry>& entries, bool compress = false) {
  std::vector<Entry> views;
  views.reserve(entries.size());
  for (const auto& entry : entries) views.push_back(entry.view());
  return pack_run(views, compress);
}

inline Run opened(View bytes) {
  auto run = Run::open(bytes);
  YISHI_ASSERT(run.ok());
  return std::move(run).value();
}

inline Run run_of(const std::vector<SealedEntry>& entries) { return opened(packed(entries)); }

inline std::optional<crypto::Digest> holds_only_head(std::uint64_t) { return std::nullopt; }

}  // namespace yishi::sync
