// What the tests of the store share: a directory that goes away, a store in it, and logs
// that sign real entries.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "crypto/random.h"
#include "node/store/database.h"
#include "node/store/logs.h"
#include "sync/entry.h"
#include "sync/run.h"

namespace yishi::store {

class SeededRandom final : public crypto::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

inline topology::Code code(std::string_view text) {
  auto parsed = topology::Code::parse(text);
  YISHI_ASSERT(parsed.ok());
  return *parsed;
}

inline crypto::Digest network_of_tests() {
  crypto::Digest network;
  network.bytes.fill(7);
  return network;
}

class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "yishi-store-XXXXXX").string();
    YISHI_ASSERT(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::string& path() const { return path_; }
  std::string data() const { return path_ + "/data"; }

 private:
  std::string path_;
};

inline Identity identity_of(std::string_view unit, crypto::Digest network = network_of_tests()) {
  Identity identity;
  identity.network = network;
  identity.unit = code(unit);
  identity.incarnation.fill(9);
  identity.created_ms = 1'790'000'000'000;
  return identity;
}

inline std::unique_ptr<Database> open_or_fail(const std::string& directory,
                                              Access access = Access::kWriter) {
  auto opened = Database::open(directory, access);
  if (!opened) {
    ADD_FAILURE() << opened.error().rule << ": " << opened.error().en;
    std::abort();
  }
  return std::move(opened).value();
}

inline std::unique_ptr<Database> make_store(const std::string& directory,
                                            std::string_view unit = "320803001000",
                                            crypto::Digest network = network_of_tests()) {
  const Status created = Database::create(directory, identity_of(unit, network));
  if (!created) {
    ADD_FAILURE() << created.error().rule << ": " << created.error().en;
    std::abort();
  }
  return open_or_fail(directory);
}

#define ASSERT_OK(expression)                                                 \
  do {                                                                        \
    const auto& outcome_ = (expression);                                      \
    ASSERT_TRUE(outcome_.ok()) << (outcome_.ok() ? "" : outcome_.error().en); \
  } while (false)

// One change in a transaction of its own.
template <class Change>
void in_transaction(Database& database, Change&& change) {
  ASSERT_OK(database.begin());
  change();
  ASSERT_OK(database.commit());
  database.tend();
}

// A log whose entries follow each other.
class TestLog {
 public:
  explicit TestLog(std::uint64_t seed, crypto::Digest network = network_of_tests())
      : random_(seed), key_(make_key(random_)), network_(network) {}
  TestLog(std::uint64_t seed, crypto::PrivateKey key, crypto::Digest network)
      : random_(seed), key_(std::move(key)), network_(network) {}

  const crypto::Digest& id() const { return key_.public_key().id(); }
  const crypto::PrivateKey& key() const { return key_; }
  crypto::Random& random() { return random_; }
  const sync::Head& head() const { return head_; }

  sync::SealedEntry entry(std::vector<Bytes> records, std::uint64_t time_ms,
                          std::uint64_t topology = 1) {
    sync::EntryHeader header;
    header.network = network_;
    header.sequence = head_.sequence + 1;
    header.previous = head_.digest;
    header.time_ms = time_ms;
    header.topology = topology;
    auto sealed = sync::seal_entry(key_, header, std::move(records));
    head_ = {header.sequence,
             sync::entry_digest(key_.suite(), sealed.header, sealed.signature.view()), time_ms};
    return sealed;
  }

  Bytes note(std::string_view text) {
    const View body = view_of(text);
    return sync::encode_record(
        {"note", "", Bytes(body.begin(), body.end()), sync::make_salt(random_)});
  }

  // A row of `entries` entries of one record each.
  StoredRow row(std::size_t entries, Source source = Source::kOwn,
                std::uint64_t time_ms = 1'790'000'000'000) {
    std::vector<sync::SealedEntry> sealed;
    const std::uint64_t first = head_.sequence + 1;
    for (std::size_t i = 0; i < entries; ++i) {
      sealed.push_back(entry({note("entry " + std::to_string(first + i))}, time_ms + i));
    }
    return row_of(sealed, source);
  }

  StoredRow row_of(const std::vector<sync::SealedEntry>& sealed, Source source) const {
    std::vector<sync::Entry> views;
    StoredRow row;
    row.log = id();
    row.source = source;
    for (const auto& one : sealed) {
      views.push_back(one.view());
      row.records += one.records.size();
      const auto header = sync::decode_header(one.header);
      if (row.first == 0) {
        row.first = header->sequence;
        row.time_ms = header->time_ms;
      }
      row.last = header->sequence;
    }
    row.run = sync::pack_run(views, true);
    return row;
  }

 private:
  static crypto::PrivateKey make_key(crypto::Random& random) {
    auto key = crypto::PrivateKey::from_secret(crypto::Suite::kEd25519Sha256,
                                               random.bytes(crypto::kSecretBytes));
    YISHI_ASSERT(key.ok());
    return *key;
  }

  SeededRandom random_;
  crypto::PrivateKey key_;
  crypto::Digest network_;
  sync::Head head_;
};

}  // namespace yishi::store
