#include "sync/entry.h"

#include <gtest/gtest.h>

#include "crypto/pack.h"
#include "tests/sync/log_writer.h"

namespace yishi::sync {
namespace {

// A header with every field free to be wrong.
struct RawHeader {
  std::uint64_t version = 1;
  std::size_t network = 32;
  std::uint64_t sequence = 1;
  std::uint8_t previous = 0;
  std::uint64_t time = 0;
  std::uint64_t topology = 0;
  std::size_t digests = 32;
  std::size_t elements = 8;

  Bytes pack() const {
    Packer packer;
    packer.array(elements).number(version).binary(Bytes(network)).binary(Bytes(32));
    packer.number(sequence).binary(Bytes(32, previous)).number(time).number(topology);
    packer.binary(Bytes(digests));
    for (std::size_t i = 8; i < elements; ++i) packer.nil();
    return packer.take();
  }
};

std::string header_rule(const Bytes& bytes) {
  const auto header = decode_header(bytes);
  return header.ok() ? "accepted" : header.error().rule;
}

std::string check_rule(crypto::Suite suite, const Entry& entry) {
  const auto header = check_entry(suite, kTestNetwork, entry);
  return header.ok() ? "accepted" : header.error().rule;
}

TEST(EntryHeader, comes_back_as_it_was_written) {
  EntryHeader header{filled_digest(1),
                     filled_digest(2),
                     kMaxNumber,
                     filled_digest(3),
                     kMaxNumber,
                     kMaxNumber,
                     std::vector<crypto::Digest>(kMaxRecordsPerEntry, filled_digest(4))};
  const Bytes bytes = encode_header(header);
  EXPECT_LE(bytes.size(), kMaxHeaderBytes);
  const auto again = decode_header(bytes);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->network, header.network);
  EXPECT_EQ(again->log, header.log);
  EXPECT_EQ(again->sequence, header.sequence);
  EXPECT_EQ(again->previous, header.previous);
  EXPECT_EQ(again->time_ms, header.time_ms);
  EXPECT_EQ(again->topology, header.topology);
  EXPECT_EQ(again->records, header.records);
}

TEST(EntryHeader, one_beyond_each_limit_is_refused) {
  EXPECT_EQ(header_rule(RawHeader{}.pack()), "accepted");
  EXPECT_EQ(header_rule(RawHeader{.network = 31}.pack()), "entry.length");
  EXPECT_EQ(header_rule(RawHeader{.network = 33}.pack()), "entry.length");
  EXPECT_EQ(header_rule(RawHeader{.sequence = 0}.pack()), "entry.sequence");
  EXPECT_EQ(header_rule(RawHeader{.sequence = kMaxNumber + 1, .previous = 1}.pack()),
            "entry.range");
  EXPECT_EQ(header_rule(RawHeader{.sequence = UINT64_MAX, .previous = 1}.pack()), "entry.range");
  EXPECT_EQ(header_rule(RawHeader{.time = kMaxNumber + 1}.pack()), "entry.range");
  EXPECT_EQ(header_rule(RawHeader{.topology = kMaxNumber + 1}.pack()), "entry.range");
  EXPECT_EQ(header_rule(RawHeader{.digests = 0}.pack()), "entry.records");
  EXPECT_EQ(header_rule(RawHeader{.digests = 33}.pack()), "entry.records");
  EXPECT_EQ(header_rule(RawHeader{.digests = 32 * kMaxRecordsPerEntry}.pack()), "accepted");
  EXPECT_EQ(header_rule(RawHeader{.digests = 32 * kMaxRecordsPerEntry + 32}.pack()), "entry.long");
  EXPECT_EQ(header_rule(RawHeader{.elements = 9}.pack()), "entry.count");
  EXPECT_EQ(header_rule(Bytes(kMaxHeaderBytes + 1)), "entry.size");
}

TEST(EntryHeader, with_a_previous_entry_that_does_not_fit_its_sequence_is_refused) {
  EXPECT_EQ(header_rule(RawHeader{.previous = 1}.pack()), "entry.previous");
  EXPECT_EQ(header_rule(RawHeader{.sequence = 2}.pack()), "entry.previous");
}

TEST(EntryHeader, of_an_unknown_version_is_refused_by_that_name_whatever_else_it_holds) {
  EXPECT_EQ(header_rule(RawHeader{.version = 2}.pack()), "entry.version");
  EXPECT_EQ(header_rule(RawHeader{.version = 0}.pack()), "entry.version");
  EXPECT_EQ(header_rule(Packer().array(2).number(2).text("later").take()), "entry.version");
}

TEST(EntryHeader, cut_short_or_prolonged_is_refused) {
  Bytes bytes = RawHeader{}.pack();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(header_rule(Bytes(bytes.begin(), bytes.begin() + static_cast<long>(size))),
              "entry.malformed");
  }
  bytes.push_back(0xC0);
  EXPECT_EQ(header_rule(bytes), "entry.trailing");
}

TEST(Entry, is_signed_by_its_log_and_by_no_other_key) {
  for (const auto suite : kBothSuites) {
    LogWriter log(suite);
    const SealedEntry entry = log.write("一");
    EXPECT_EQ(check_rule(suite, entry.view()), "accepted");
    EXPECT_TRUE(signature_valid(log.public_key(), entry.view()));
    EXPECT_FALSE(signature_valid(test_key(suite, 9).public_key(), entry.view()));
    EXPECT_EQ(decode_header(entry.header)->log, log.public_key().id());
  }
}

TEST(Entry, with_any_bit_of_it_flipped_is_refused) {
  for (const auto suite : kBothSuites) {
    LogWriter log(suite);
    const SealedEntry good = log.write({test_record("一"), test_record("二")});
    const auto refused = [&](const SealedEntry& entry) {
      return check_rule(suite, entry.view()) != "accepted" ||
             !signature_valid(log.public_key(), entry.view());
    };
    ASSERT_FALSE(refused(good));
    const auto flip_all = [&](auto bytes_of) {
      for (std::size_t bit = 0; bit < bytes_of(good).size() * 8; ++bit) {
        SealedEntry bad = good;
        bytes_of(bad)[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        EXPECT_TRUE(refused(bad)) << "bit " << bit;
      }
    };
    flip_all([](auto& entry) -> auto& { return entry.header; });
    flip_all([](auto& entry) -> auto& { return entry.signature.bytes; });
    flip_all([](auto& entry) -> auto& { return *entry.records[1]; });
  }
}

TEST(Entry, whose_records_are_absent_still_verifies) {
  LogWriter log;
  SealedEntry entry = log.write({test_record("公开"), test_record("隐私")});
  entry.records[1].reset();
  EXPECT_EQ(check_rule(log.key().suite(), entry.view()), "accepted");
  entry.records[0].reset();
  EXPECT_EQ(check_rule(log.key().suite(), entry.view()), "accepted");
  EXPECT_TRUE(signature_valid(log.public_key(), entry.view()));
}

TEST(Entry, with_other_records_than_its_header_says_is_refused) {
  LogWriter log;
  const SealedEntry good = log.write({test_record("一"), test_record("二")});
  SealedEntry missing = good;
  missing.records.pop_back();
  EXPECT_EQ(check_rule(log.key().suite(), missing.view()), "entry.records.count");
  SealedEntry more = good;
  more.records.emplace_back(std::nullopt);
  EXPECT_EQ(check_rule(log.key().suite(), more.view()), "entry.records.count");
  SealedEntry swapped = good;
  std::swap(swapped.records[0], swapped.records[1]);
  EXPECT_EQ(check_rule(log.key().suite(), swapped.view()), "entry.record.digest");
}

TEST(Entry, of_another_network_is_refused) {
  LogWriter log;
  const SealedEntry entry = log.write("一");
  const auto header = check_entry(log.key().suite(), filled_digest(7), entry.view());
  ASSERT_FALSE(header.ok());
  EXPECT_EQ(header.error().rule, "entry.network");
}

TEST(Entry, with_a_signature_of_another_length_is_not_signed) {
  LogWriter log;
  const SealedEntry entry = log.write("一");
  Entry view = entry.view();
  view.signature = view.signature.first(crypto::kSignatureBytes - 1);
  EXPECT_FALSE(signature_valid(log.public_key(), view));
}

TEST(EntryDeathTest, writer_beyond_a_limit_is_our_bug) {
  LogWriter log;
  EXPECT_DEATH(log.write(std::vector<Bytes>{}), "assertion failed");
  EXPECT_DEATH(log.write(std::vector<Bytes>(kMaxRecordsPerEntry + 1, Bytes{1})),
               "assertion failed");
  EXPECT_DEATH(log.write(std::vector<Bytes>{Bytes(kMaxRecordBytes + 1)}), "assertion failed");
  EXPECT_DEATH(log.write(std::vector<Bytes>(2, Bytes(kMaxEntryRecordBytes / 2 + 1))),
               "assertion failed");
  log.next.sequence = 2;  // and no previous entry
  EXPECT_DEATH(log.write("一"), "assertion failed");
}

}  // namespace
}  // namespace yishi::sync
