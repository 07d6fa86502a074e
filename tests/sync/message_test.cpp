#include "sync/message.h"

#include <gtest/gtest.h>

#include "crypto/pack.h"
#include "sync/message_body.h"
#include "tests/sync/log_writer.h"

namespace yishi::sync {
namespace {

Nonce filled_nonce(std::uint8_t byte) {
  Nonce nonce;
  nonce.fill(byte);
  return nonce;
}

Greeting greeting() {
  return {filled_nonce(1), filled_nonce(2), {filled_nonce(3), 44},  5, 6,
          "yishi 0.1",     filled_nonce(7), {{filled_digest(8), 9}}};
}

// One of each type, in the order of their numbers.
std::vector<Message> one_of_each() {
  return {
      Hello{greeting()},
      Welcome{greeting()},
      Entries{filled_nonce(1), 10, 30, {{20, Bytes{0, 1}}, {25, Bytes{0, 2}}}},
      Ack{{filled_nonce(2), 30},
          true,
          {{filled_digest(3), 4, filled_digest(5)}},
          {{filled_digest(6), 7}}},
      Want{filled_digest(6), 7, "320803001001-2026-0007"},
      Supply{{{0, Bytes{0, 3}}}},
      Refuse{"log.fork", "两个版本", filled_digest(8), 9},
      Join{Bytes{1, 2, 3}},
      StatusReport{10, {{"320803001001", 11, 12, 13, "yishi 0.1"}}},
  };
}

Envelope around(Message message) {
  return {kTestNetwork, filled_digest(0x11), "320803001000", filled_nonce(9),
          77,           std::move(message)};
}

crypto::PrivateKey sender(crypto::Suite suite = crypto::Suite::kEd25519Sha256) {
  return test_key(suite, 5);
}

std::string rule_of(const Bytes& frame) {
  const auto opened = open_frame(frame);
  return opened.ok() ? "accepted" : opened.error().rule;
}

std::string body_rule(std::uint64_t type, const Bytes& body) {
  const auto message = decode_body(type, body);
  return message.ok() ? "accepted" : message.error().rule;
}

// An envelope with every field free to be wrong.
struct RawEnvelope {
  std::uint64_t version = 1;
  std::size_t network = 32;
  std::size_t sender = 32;
  std::string receiver = "320803001000";
  std::size_t session = 16;
  std::uint64_t counter = 1;
  std::uint64_t type = 8;
  Bytes body = Packer().array(1).binary(Bytes{1}).take();
  std::size_t signature = 64;
  bool trailing = false;

  Bytes frame() const {
    Packer packer;
    packer.array(8).number(version).binary(Bytes(network)).binary(Bytes(sender)).text(receiver);
    packer.binary(Bytes(session)).number(counter).number(type).binary(body);
    if (trailing) packer.nil();
    return Packer().array(2).binary(packer.bytes()).binary(Bytes(signature)).take();
  }
};

TEST(Message, of_each_type_comes_back_as_it_was_sent) {
  for (const auto suite : kBothSuites) {
    const auto key = sender(suite);
    for (const auto& message : one_of_each()) {
      const Bytes frame = seal(key, around(message));
      const auto opened = open_frame(frame);
      ASSERT_TRUE(opened.ok()) << message_name(message) << ": " << opened.error().rule;
      EXPECT_TRUE(opened->signed_by(key.public_key()));
      EXPECT_FALSE(opened->signed_by(test_key(suite, 6).public_key()));
      EXPECT_EQ(opened->envelope.network, kTestNetwork);
      EXPECT_EQ(opened->envelope.sender, filled_digest(0x11));
      EXPECT_EQ(opened->envelope.receiver, "320803001000");
      EXPECT_EQ(opened->envelope.session, filled_nonce(9));
      EXPECT_EQ(opened->envelope.counter, 77U);
      EXPECT_EQ(message_name(opened->envelope.message), message_name(message));
      EXPECT_EQ(encode_body(opened->envelope.message), encode_body(message));
    }
  }
}

TEST(Message, fields_come_back_each_in_its_place) {
  const auto back = [](const Message& message) {
    auto decoded = decode_body(type_number(message), encode_body(message));
    YISHI_ASSERT(decoded.ok());
    return std::move(decoded).value();
  };
  const auto all = one_of_each();
  const auto hello = std::get<Hello>(back(all[0]));
  EXPECT_EQ(hello.nonce, filled_nonce(1));
  EXPECT_EQ(hello.incarnation, filled_nonce(2));
  EXPECT_EQ(hello.cursor, (Cursor{filled_nonce(3), 44}));
  EXPECT_EQ(hello.topology, 5U);
  EXPECT_EQ(hello.clock_ms, 6U);
  EXPECT_EQ(hello.software, "yishi 0.1");
  EXPECT_EQ(hello.echo, filled_nonce(7));
  EXPECT_EQ(hello.lacks, (std::vector<Lack>{{filled_digest(8), 9}}));
  EXPECT_EQ(std::get<Welcome>(back(all[1])).echo, filled_nonce(7));
  const auto entries = std::get<Entries>(back(all[2]));
  EXPECT_EQ(entries.incarnation, filled_nonce(1));
  EXPECT_EQ(entries.after, 10U);
  EXPECT_EQ(entries.upto, 30U);
  ASSERT_EQ(entries.rows.size(), 2U);
  EXPECT_EQ(entries.rows[1].position, 25U);
  EXPECT_EQ(entries.rows[1].run, (Bytes{0, 2}));
  const auto ack = std::get<Ack>(back(all[3]));
  EXPECT_EQ(ack.cursor, (Cursor{filled_nonce(2), 30}));
  EXPECT_TRUE(ack.resend);
  ASSERT_EQ(ack.heads.size(), 1U);
  EXPECT_EQ(ack.heads[0].log, filled_digest(3));
  EXPECT_EQ(ack.heads[0].sequence, 4U);
  EXPECT_EQ(ack.heads[0].digest, filled_digest(5));
  EXPECT_EQ(ack.lacks, (std::vector<Lack>{{filled_digest(6), 7}}));
  const auto want = std::get<Want>(back(all[4]));
  EXPECT_EQ(want.log, filled_digest(6));
  EXPECT_EQ(want.from, 7U);
  EXPECT_EQ(want.issue, "320803001001-2026-0007");
  EXPECT_EQ(std::get<Supply>(back(all[5])).rows.at(0).run, (Bytes{0, 3}));
  const auto refuse = std::get<Refuse>(back(all[6]));
  EXPECT_EQ(refuse.rule, "log.fork");
  EXPECT_EQ(refuse.detail, "两个版本");
  EXPECT_EQ(refuse.log, filled_digest(8));
  EXPECT_EQ(refuse.sequence, 9U);
  EXPECT_EQ(std::get<Join>(back(all[7])).change, (Bytes{1, 2, 3}));
  const auto status = std::get<StatusReport>(back(all[8]));
  EXPECT_EQ(status.clock_ms, 10U);
  ASSERT_EQ(status.rows.size(), 1U);
  EXPECT_EQ(status.rows[0].unit, "320803001001");
  EXPECT_EQ(status.rows[0].contact_ms, 11U);
  EXPECT_EQ(status.rows[0].head, 12U);
  EXPECT_EQ(status.rows[0].waiting, 13U);
  EXPECT_EQ(status.rows[0].software, "yishi 0.1");
}

void expect_every_flip_refused(const crypto::PrivateKey& key, const Message& message) {
  Bytes frame = seal(key, around(message));
  for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
    frame[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto opened = open_frame(frame);
    EXPECT_FALSE(opened.ok() && opened->signed_by(key.public_key()))
        << message_name(message) << ", bit " << bit;
    frame[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
}

TEST(Message, with_any_bit_of_its_frame_flipped_is_not_accepted_as_signed) {
  for (const auto& message : one_of_each()) expect_every_flip_refused(sender(), message);
}

TEST(Message, receipt_in_sm2_with_any_bit_flipped_is_not_accepted_as_signed) {
  expect_every_flip_refused(sender(crypto::Suite::kSm2Sm3), one_of_each()[3]);
}

TEST(Message, cut_short_or_prolonged_is_refused) {
  for (const auto& message : one_of_each()) {
    Bytes frame = seal(sender(), around(message));
    for (std::size_t size = 0; size < frame.size(); ++size) {
      EXPECT_EQ(rule_of(Bytes(frame.begin(), frame.begin() + static_cast<long>(size))),
                "envelope.malformed");
    }
    frame.push_back(0xC0);
    EXPECT_EQ(rule_of(frame), "envelope.trailing");

    Bytes body = encode_body(message);
    const std::uint64_t type = type_number(message);
    for (std::size_t size = 0; size < body.size(); ++size) {
      EXPECT_EQ(body_rule(type, Bytes(body.begin(), body.begin() + static_cast<long>(size))),
                "message.malformed");
    }
    body.push_back(0xC0);
    EXPECT_EQ(body_rule(type, body), "message.trailing");
  }
}

TEST(Message, with_one_element_more_or_fewer_is_refused) {
  for (const auto& message : one_of_each()) {
    const std::uint64_t type = type_number(message);
    Bytes body = encode_body(message);
    body[0] += 1;  // a short array's first byte counts its elements
    body.push_back(0xC0);
    EXPECT_EQ(body_rule(type, body), "message.count");
    EXPECT_EQ(body_rule(type, Packer().array(0).take()), "message.count");
    EXPECT_EQ(body_rule(type, Packer().nil().take()), "message.type");
  }
}

TEST(Envelope, with_any_field_beyond_its_limit_is_refused) {
  EXPECT_EQ(rule_of(RawEnvelope{}.frame()), "accepted");
  EXPECT_EQ(rule_of(RawEnvelope{.network = 31}.frame()), "envelope.length");
  EXPECT_EQ(rule_of(RawEnvelope{.sender = 33}.frame()), "envelope.length");
  EXPECT_EQ(rule_of(RawEnvelope{.receiver = std::string(kMaxUnitBytes, '3')}.frame()), "accepted");
  EXPECT_EQ(rule_of(RawEnvelope{.receiver = std::string(kMaxUnitBytes + 1, '3')}.frame()),
            "envelope.long");
  EXPECT_EQ(rule_of(RawEnvelope{.receiver = "\xC3"}.frame()), "envelope.utf8");
  EXPECT_EQ(rule_of(RawEnvelope{.session = 15}.frame()), "envelope.length");
  EXPECT_EQ(rule_of(RawEnvelope{.counter = kMaxNumber}.frame()), "accepted");
  EXPECT_EQ(rule_of(RawEnvelope{.counter = kMaxNumber + 1}.frame()), "envelope.range");
  EXPECT_EQ(rule_of(RawEnvelope{.signature = 63}.frame()), "envelope.length");
  EXPECT_EQ(rule_of(RawEnvelope{.trailing = true}.frame()), "envelope.trailing");
  EXPECT_EQ(rule_of(Bytes(kMaxMessageBytes + 1)), "envelope.size");
}

TEST(Envelope, of_an_unknown_version_or_type_is_refused_by_that_name) {
  EXPECT_EQ(rule_of(RawEnvelope{.version = 0}.frame()), "envelope.version");
  EXPECT_EQ(rule_of(RawEnvelope{.version = 2}.frame()), "envelope.version");
  const Bytes later = Packer().array(1).number(2).take();
  EXPECT_EQ(rule_of(Packer().array(2).binary(later).binary(Bytes(64)).take()), "envelope.version");
  EXPECT_EQ(rule_of(RawEnvelope{.type = 0}.frame()), "message.type");
  EXPECT_EQ(rule_of(RawEnvelope{.type = 10}.frame()), "message.type");
  EXPECT_EQ(rule_of(RawEnvelope{.type = UINT64_MAX}.frame()), "message.type");
}

TEST(MessageLimits, rows_of_entries_and_supply) {
  for (const std::size_t rows : {kMaxRowsPerMessage, kMaxRowsPerMessage + 1}) {
    Packer entries;
    entries.array(4).binary(filled_nonce(1)).number(0).number(rows).array(rows);
    Packer supply;
    supply.array(1).array(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      entries.array(2).number(i).binary(Bytes{0});
      supply.array(2).number(0).binary(Bytes{0});
    }
    const char* expected = rows > kMaxRowsPerMessage ? "message.count" : "accepted";
    EXPECT_EQ(body_rule(3, entries.bytes()), expected);
    EXPECT_EQ(body_rule(6, supply.bytes()), expected);
  }
  for (const std::size_t bytes : {kMaxPackedBytes, kMaxPackedBytes + 1}) {
    Packer supply;
    supply.array(1).array(1).array(2).number(0).binary(Bytes(bytes));
    EXPECT_EQ(body_rule(6, supply.bytes()), bytes > kMaxPackedBytes ? "message.long" : "accepted");
  }
}

TEST(MessageLimits, positions_of_rows_lie_between_after_and_upto) {
  const auto rule = [](std::uint64_t after, std::uint64_t upto,
                       const std::vector<std::uint64_t>& rows) {
    Packer packer;
    packer.array(4).binary(filled_nonce(1)).number(after).number(upto).array(rows.size());
    for (const auto position : rows) packer.array(2).number(position).binary(Bytes{0});
    return body_rule(3, packer.bytes());
  };
  EXPECT_EQ(rule(5, 9, {6, 7}), "accepted");
  EXPECT_EQ(rule(5, 5, {}), "accepted");
  EXPECT_EQ(rule(5, 9, {4}), "message.positions");
  EXPECT_EQ(rule(5, 9, {7, 6}), "message.positions");
  EXPECT_EQ(rule(5, 9, {10}), "message.positions");
  EXPECT_EQ(rule(5, 4, {}), "message.positions");
  EXPECT_EQ(rule(5, kMaxNumber + 1, {}), "message.range");
}

TEST(MessageLimits, of_an_ack) {
  const auto rule = [](std::uint64_t resend, std::size_t heads, std::size_t lacks = 0) {
    Packer packer;
    packer.array(5).binary(filled_nonce(1)).number(1).number(resend).array(heads);
    for (std::size_t i = 0; i < heads; ++i) {
      packer.array(3).binary(Bytes(32)).number(1).binary(Bytes(32));
    }
    packer.array(lacks);
    for (std::size_t i = 0; i < lacks; ++i) packer.array(2).binary(Bytes(32)).number(1);
    return body_rule(4, packer.bytes());
  };
  EXPECT_EQ(rule(1, kMaxHeadsPerAck), "accepted");
  EXPECT_EQ(rule(1, kMaxHeadsPerAck + 1), "message.count");
  EXPECT_EQ(rule(1, 0, kMaxLacks), "accepted");
  EXPECT_EQ(rule(1, 0, kMaxLacks + 1), "message.count");
  EXPECT_EQ(rule(2, 0), "message.range");
}

TEST(MessageLimits, texts_of_greeting_want_and_refuse) {
  const auto hello = [](std::size_t software) {
    Packer packer;
    packer.array(9).binary(Bytes(16)).binary(Bytes(16)).binary(Bytes(16)).number(0);
    packer.number(0).number(0).text(std::string(software, 's')).binary(Bytes(16)).array(0);
    return packer.take();
  };
  EXPECT_EQ(body_rule(1, hello(kMaxSoftwareBytes)), "accepted");
  EXPECT_EQ(body_rule(1, hello(kMaxSoftwareBytes + 1)), "message.long");
  const auto want = [](std::size_t issue) {
    Packer packer;
    packer.array(3).binary(Bytes(32)).number(0).text(std::string(issue, 'i'));
    return packer.take();
  };
  EXPECT_EQ(body_rule(5, want(kMaxIssueBytes)), "accepted");
  EXPECT_EQ(body_rule(5, want(kMaxIssueBytes + 1)), "message.long");
  EXPECT_EQ(body_rule(5, want(0)), "message.want.empty");
  const auto refuse = [](std::size_t rule, std::size_t detail) {
    Packer packer;
    packer.array(4).text(std::string(rule, 'r')).text(std::string(detail, 'd'));
    packer.binary(Bytes(32)).number(0);
    return packer.take();
  };
  EXPECT_EQ(body_rule(7, refuse(kMaxRuleBytes, kMaxDetailBytes)), "accepted");
  EXPECT_EQ(body_rule(7, refuse(kMaxRuleBytes + 1, 0)), "message.long");
  EXPECT_EQ(body_rule(7, refuse(1, kMaxDetailBytes + 1)), "message.long");
}

TEST(MessageLimits, of_join_and_status) {
  const auto join = [](std::size_t bytes) { return Packer().array(1).binary(Bytes(bytes)).take(); };
  EXPECT_EQ(body_rule(8, join(kMaxJoinBytes)), "accepted");
  EXPECT_EQ(body_rule(8, join(kMaxJoinBytes + 1)), "message.long");
  const auto status = [](std::size_t rows, std::size_t unit, std::size_t software) {
    Packer packer;
    packer.array(2).number(0).array(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      packer.array(5).text(std::string(unit, '3')).number(0).number(0).number(0);
      packer.text(std::string(software, 's'));
    }
    return packer.take();
  };
  EXPECT_EQ(body_rule(9, status(kMaxFrontierRows, 12, 9)), "accepted");
  EXPECT_EQ(body_rule(9, status(kMaxFrontierRows + 1, 12, 9)), "message.count");
  EXPECT_EQ(body_rule(9, status(1, kMaxUnitBytes + 1, 9)), "message.long");
  EXPECT_EQ(body_rule(9, status(1, 12, kMaxSoftwareBytes + 1)), "message.long");
}

TEST(Message, as_large_as_a_batch_and_one_more_run_fits_a_frame) {
  Entries entries;
  entries.upto = kMaxNumber;
  const std::size_t rows = kMaxRowsPerMessage - 1;
  entries.rows.assign(rows, {kMaxNumber, Bytes(kBatchBytes / rows)});
  entries.rows.push_back({kMaxNumber, Bytes(kMaxPackedBytes)});
  EXPECT_EQ(rule_of(seal(sender(), around(entries))), "accepted");
  StatusReport status;
  status.rows.assign(kMaxFrontierRows, {std::string(kMaxUnitBytes, '3'), kMaxNumber, kMaxNumber,
                                        kMaxNumber, std::string(kMaxSoftwareBytes, 's')});
  EXPECT_EQ(rule_of(seal(sender(), around(status))), "accepted");
}

TEST(Message, with_a_text_for_people_that_is_too_long_is_sent_with_it_cut_between_characters) {
  std::string detail;
  while (detail.size() <= kMaxDetailBytes) detail += "议";
  const auto opened = open_frame(seal(sender(), around(Refuse{"log.fork", detail, {}, 0})));
  ASSERT_TRUE(opened.ok());
  const auto& cut = std::get<Refuse>(opened->envelope.message).detail;
  EXPECT_EQ(cut, detail.substr(0, kMaxDetailBytes / 3 * 3));
}

TEST(MessageDeathTest, writer_beyond_a_limit_is_our_bug) {
  const auto send = [](Message message) { seal(sender(), around(std::move(message))); };
  EXPECT_DEATH(send(Join{Bytes(kMaxJoinBytes + 1)}), "assertion failed");
  EXPECT_DEATH(send(Supply{std::vector<Row>(kMaxRowsPerMessage + 1, Row{0, Bytes{0}})}),
               "assertion failed");
  EXPECT_DEATH(send(Want{}), "assertion failed");
}

}  // namespace
}  // namespace yishi::sync
