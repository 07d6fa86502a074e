#include "tests/fuzz/logs.h"

namespace yishi::fuzz {
namespace {

using sync::SealedEntry;

constexpr crypto::Suite kSuite = crypto::Suite::kEd25519Sha256;
constexpr std::uint64_t kTopology = 3;

crypto::PrivateKey key_of(std::uint8_t seed) {
  auto key = crypto::PrivateKey::from_secret(kSuite, Bytes(crypto::kSecretBytes, seed));
  return std::move(key).value();
}

crypto::Digest filled(std::uint8_t byte) {
  crypto::Digest digest;
  digest.bytes.fill(byte);
  return digest;
}

Bytes record(std::uint64_t number) {
  sync::Record record{"issue.logged", "320803001001-2026-0007", {}, {}};
  record.body = copy(view_of("record " + std::to_string(number)));
  record.salt.fill(static_cast<std::uint8_t>(number));
  return sync::encode_record(record);
}

// Writes one entry after another; what the next one says may be changed before.
class Writer {
 public:
  Writer(const crypto::PrivateKey& key, const crypto::Digest& network) : key_(&key) {
    next = {network, {}, 1, {}, 1'767'225'600'000, kTopology, {}};
  }

  sync::EntryHeader next;

  SealedEntry write(std::size_t records) {
    std::vector<Bytes> bytes;
    for (std::size_t i = 0; i < records; ++i) bytes.push_back(record(next.sequence * 10 + i));
    SealedEntry entry = sync::seal_entry(*key_, next, std::move(bytes));
    follow(entry);
    return entry;
  }
  void follow(const SealedEntry& entry) {
    next.sequence += 1;
    next.previous = sync::entry_digest(kSuite, entry.header, entry.signature.view());
    next.time_ms += 1000;
  }

 private:
  const crypto::PrivateKey* key_;  // never null
};

}  // namespace

Logs::Logs() : key(key_of(1)), network(filled(0x4E)) {
  Writer writer(key, network);
  std::optional<Writer> fork;      // the key's other history, from sequence 3 on
  std::optional<Writer> rollback;  // an entry 5 under an older topology
  std::optional<Writer> careless;  // an entry 5 on an entry 4 with a bad signature
  for (std::size_t i = 0; i < kMainEntries; ++i) {
    if (i == 2) fork = writer;
    if (i == 3) careless = writer;
    if (i == 4) rollback = writer;
    main.push_back(writer.write(1 + i % 3));
    digests.push_back(writer.next.previous);
  }
  pool = main;
  fork->next.time_ms += 1;
  for (int i = 0; i < 3; ++i) pool.push_back(fork->write(1));
  rollback->next.topology = kTopology - 1;
  pool.push_back(rollback->write(1));
  careless->next.time_ms += 2;
  Writer chained = *careless;
  SealedEntry spoilt = careless->write(1);
  spoilt.signature.bytes[5] ^= 1;
  chained.follow(spoilt);
  pool.push_back(spoilt);
  pool.push_back(chained.write(1));
  Writer elsewhere(key, filled(0x4F));
  pool.push_back(elsewhere.write(1));
  const crypto::PrivateKey other = key_of(2);
  Writer foreign(other, network);
  pool.push_back(foreign.write(1));
}

}  // namespace yishi::fuzz
