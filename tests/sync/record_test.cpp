#include "sync/record.h"

#include <gtest/gtest.h>

#include "crypto/pack.h"
#include "tests/sync/log_writer.h"

namespace yishi::sync {
namespace {

Bytes pack_record(std::string_view kind, std::string_view subject, std::size_t body,
                  std::size_t salt) {
  Packer packer;
  packer.array(4).text(kind).text(subject).binary(Bytes(body)).binary(Bytes(salt));
  return packer.take();
}

std::string record_rule(const Bytes& bytes) {
  const auto record = decode_record(bytes);
  return record.ok() ? "accepted" : record.error().rule;
}

TEST(Record, comes_back_as_it_was_written) {
  crypto::SystemRandom random;
  const Record record{"topic.approved", "编号-1", Bytes{0, 1, 255}, make_salt(random)};
  const auto again = decode_record(encode_record(record));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->kind, record.kind);
  EXPECT_EQ(again->subject, record.subject);
  EXPECT_EQ(again->body, record.body);
  EXPECT_EQ(again->salt, record.salt);
}

TEST(Record, at_every_limit_is_accepted) {
  const std::string kind(kMaxKindBytes, 'k');
  const std::string subject(kMaxSubjectBytes, 's');
  const Bytes bytes = encode_record({kind, subject, Bytes(kMaxBodyBytes), {}});
  EXPECT_LE(bytes.size(), kMaxRecordBytes);
  EXPECT_EQ(record_rule(bytes), "accepted");
  EXPECT_EQ(record_rule(pack_record("k", "", 0, kSaltBytes)), "accepted");
}

TEST(Record, one_beyond_each_limit_is_refused) {
  EXPECT_EQ(record_rule(pack_record(std::string(kMaxKindBytes + 1, 'k'), "", 0, 16)),
            "record.long");
  EXPECT_EQ(record_rule(pack_record("k", std::string(kMaxSubjectBytes + 1, 's'), 0, 16)),
            "record.long");
  EXPECT_EQ(record_rule(pack_record("k", "", kMaxBodyBytes + 1, 16)), "record.long");
  EXPECT_EQ(record_rule(Bytes(kMaxRecordBytes + 1)), "record.size");
  EXPECT_EQ(record_rule(pack_record("k", "", 0, kSaltBytes - 1)), "record.length");
  EXPECT_EQ(record_rule(pack_record("k", "", 0, kSaltBytes + 1)), "record.length");
}

TEST(Record, that_is_not_a_record_is_refused_by_name) {
  EXPECT_EQ(record_rule(pack_record("", "", 0, 16)), "record.kind");
  EXPECT_EQ(record_rule(pack_record("\xFF", "", 0, 16)), "record.utf8");
  EXPECT_EQ(record_rule({}), "record.malformed");
  EXPECT_EQ(record_rule(Packer().array(0).take()), "record.count");
  EXPECT_EQ(record_rule(Packer().array(4).number(1).text("").binary({}).binary(Bytes(16)).take()),
            "record.type");
  Bytes trailing = pack_record("k", "", 0, 16);
  trailing.push_back(0);
  EXPECT_EQ(record_rule(trailing), "record.trailing");
}

TEST(Record, cut_short_anywhere_is_refused) {
  const Bytes bytes = test_record("道路积水");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(record_rule(Bytes(bytes.begin(), bytes.begin() + static_cast<long>(size))),
              "record.malformed");
  }
}

TEST(Record, digest_changes_with_every_bit_and_with_the_suite) {
  for (const auto suite : kBothSuites) {
    Bytes bytes = test_record("道路积水");
    const auto digest = record_digest(suite, bytes);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      EXPECT_NE(record_digest(suite, bytes), digest);
      bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    }
  }
  EXPECT_NE(record_digest(kBothSuites[0], Bytes{1}), record_digest(kBothSuites[1], Bytes{1}));
}

TEST(RecordDeathTest, writer_beyond_a_limit_is_our_bug) {
  EXPECT_DEATH(encode_record({"", "", {}, {}}), "assertion failed");
  EXPECT_DEATH(encode_record({std::string(kMaxKindBytes + 1, 'k'), "", {}, {}}),
               "assertion failed");
  EXPECT_DEATH(encode_record({"k", "", Bytes(kMaxBodyBytes + 1), {}}), "assertion failed");
}

}  // namespace
}  // namespace yishi::sync
