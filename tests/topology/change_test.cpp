#include "topology/change.h"

#include <algorithm>
#include <set>
#include <span>

#include "crypto/pack.h"
#include "tests/topology/network.h"

namespace yishi::topology {
namespace {

std::vector<Operation> one_of_each() {
  const Bytes key = new_key().public_key().raw();
  crypto::Digest id;
  id.bytes.fill(7);
  return {NetworkCreated{"网络", crypto::Suite::kSm2Sm3, {key}, key},
          added(kVillage1, "village", kTownA, "一村"),
          added(kCity, "city", {}, "淮安市"),
          UnitRenamed{kVillage1, "新村"},
          UnitMoved{kVillage1, kTownB},
          UnitSuspended{kVillage1},
          UnitResumed{kVillage1},
          OperatorAdmitted{key, kDistrictA, 5, "管理员"},
          OperatorEnded{id},
          TicketIssued{kVillage1, key, new_curve(), UINT64_MAX},
          NodeAdmitted{kVillage1, key, new_curve(), ""},
          NodeEnded{id, 12},
          PolicySet{"huaian-1", std::string(kMaxPolicyBytes, 'x')},
          RootChanged{{key, new_key().public_key().raw()}, 2},
          UnitRetired{kVillage1, kVillage2}};
}

// A body as an old or hostile program would make it, well signed.
Bytes body_of(View payload) {
  Packer packer;
  packer.array(2).binary(payload).array(1).array(2).binary(Bytes(crypto::kDigestBytes, 1));
  return packer.binary(Bytes(crypto::kSignatureBytes, 1)).take();
}

// A payload whose operations part is written by `write`.
template <class Write>
Bytes payload_with(std::uint64_t version, Write write) {
  Packer packer;
  packer.array(kPayloadFields).number(version).binary(Bytes(32, 0));
  packer.number(1).binary(Bytes(16, 2));
  write(packer);
  return packer.take();
}

std::string rule_of_body(View body) {
  const Result<Change> change = decode_change(body);
  return change.ok() ? "" : change.error().rule;
}

class ChangeOfSuite : public testing::TestWithParam<crypto::Suite> {};

TEST_P(ChangeOfSuite, ComesBackFromItsBytesAndItsSignatureHolds) {
  crypto::SystemRandom random;
  const crypto::PrivateKey key = new_key(GetParam());
  const Change made = sign_change(key, {}, 1234, one_of_each(), random);
  const Bytes body = made.encode();
  const Result<Change> read = decode_change(body);
  ASSERT_TRUE(read.ok()) << read.error().en;
  EXPECT_EQ(read->payload, made.payload);
  EXPECT_EQ(read->time_ms, 1234u);
  EXPECT_EQ(read->nonce, made.nonce);
  EXPECT_EQ(read->signer(), key.public_key().id());
  EXPECT_TRUE(signed_by(*read, key.public_key()));
  EXPECT_FALSE(signed_by(*read, new_key(GetParam()).public_key()));
  ASSERT_EQ(read->operations.size(), made.operations.size());
  EXPECT_EQ(read->encode(), body);
  EXPECT_EQ(std::get<UnitAdded>(read->operations[1]).unit,
            std::get<UnitAdded>(made.operations[1]).unit);
  EXPECT_TRUE(std::get<UnitAdded>(read->operations[2]).unit.parent.empty());
  EXPECT_EQ(std::get<TicketIssued>(read->operations[9]).expires_ms, UINT64_MAX);
  EXPECT_EQ(std::get<NodeEnded>(read->operations[11]).last_sequence, 12u);
  EXPECT_EQ(std::get<PolicySet>(read->operations[12]).text.size(), kMaxPolicyBytes);
}

TEST_P(ChangeOfSuite, AnyFlippedBitOfThePayloadBreaksItsSignature) {
  crypto::SystemRandom random;
  const crypto::PrivateKey key = new_key(GetParam());
  Change change = sign_change(key, {}, 1, {UnitRenamed{kVillage1, "新村"}}, random);
  for (std::size_t at = 0; at < change.payload.size(); at += 7) {
    change.payload[at] ^= 1;
    EXPECT_FALSE(signed_by(change, key.public_key())) << at;
    change.payload[at] ^= 1;
  }
  EXPECT_TRUE(signed_by(change, key.public_key()));
}

INSTANTIATE_TEST_SUITE_P(Suites, ChangeOfSuite,
                         testing::Values(crypto::Suite::kEd25519Sha256, crypto::Suite::kSm2Sm3));

TEST(ChangeTest, RefusesUnknownVersionAndUnknownOperationByName) {
  const auto none = [](Packer& packer) { packer.array(0); };
  EXPECT_EQ(rule_of_body(body_of(payload_with(3, none))), "change.version.unknown");
  EXPECT_EQ(rule_of_body(body_of(payload_with(1, none))), "change.version.unknown");
  const auto foreign = [](Packer& packer) { packer.array(1).array(1).text("unit.destroyed"); };
  EXPECT_EQ(rule_of_body(body_of(payload_with(2, foreign))), "change.operation.unknown");
  const auto nameless = [](Packer& packer) { packer.array(1).array(1).number(3); };
  EXPECT_EQ(rule_of_body(body_of(payload_with(2, nameless))), "change.operation");
}

TEST(ChangeTest, RefusesNoneAnd257Operations) {
  const auto many = [](std::size_t count) {
    return [count](Packer& packer) {
      packer.array(count);
      for (std::size_t i = 0; i < count; ++i) {
        packer.array(2).text("unit.resumed").text(kVillage1.text());
      }
    };
  };
  EXPECT_EQ(rule_of_body(body_of(payload_with(2, many(0)))), "change.operations.count");
  EXPECT_EQ(rule_of_body(body_of(payload_with(2, many(kMaxOperations)))), "");
  EXPECT_EQ(rule_of_body(body_of(payload_with(2, many(kMaxOperations + 1)))),
            "change.operations.count");
}

TEST(ChangeTest, RefusesWhatIsTooLargeBeforeReadingIt) {
  EXPECT_EQ(rule_of_body(Bytes(kMaxChangeBytes + 1, 0xC0)), "change.size");
  const auto policy = [](Packer& packer) {
    packer.array(1).array(3).text("policy.set").text("p").binary(Bytes(kMaxPolicyBytes + 1, 'x'));
  };
  EXPECT_EQ(rule_of_body(body_of(payload_with(2, policy))), "pack.long");
  const auto name = [](Packer& packer) {
    packer.array(1).array(3).text("unit.renamed").text(kVillage1.text());
    packer.text(std::string(kMaxNameBytes + 1, 'x'));
  };
  EXPECT_EQ(rule_of_body(body_of(payload_with(2, name))), "pack.long");
}

TEST(ChangeTest, RefusesArgumentsThatDoNotFit) {
  const auto operation = [](auto write) {
    return rule_of_body(body_of(payload_with(2, [&](Packer& packer) { write(packer.array(1)); })));
  };
  EXPECT_EQ(operation([](Packer& p) { p.array(2).text("unit.suspended").text("12"); }),
            "code.digits");
  EXPECT_EQ(operation([](Packer& p) { p.array(2).text("unit.suspended").text(""); }),
            "code.digits");
  EXPECT_EQ(operation([](Packer& p) { p.array(1).text("unit.suspended"); }), "pack.count");
  EXPECT_EQ(operation([](Packer& p) { p.array(2).text("operator.ended").binary(Bytes(31, 1)); }),
            "pack.length");
  EXPECT_EQ(operation([](Packer& p) {
              p.array(5).text("node.admitted").text(kVillage1.text()).binary(Bytes(32, 1));
              p.binary(Bytes(33, 1)).text("");
            }),
            "pack.length");
  EXPECT_EQ(operation([](Packer& p) {
              p.array(6).text("network.created").text("n").number(9);
              p.array(1).binary(Bytes(32, 1)).binary(Bytes(32, 2)).number(1);
            }),
            "change.suite.unknown");
}

TEST(ChangeTest, RefusesEveryTruncationAndTrailingBytes) {
  crypto::SystemRandom random;
  const Bytes body =
      sign_change(new_key(), {}, 1, {added(kVillage1, "village", kTownA)}, random).encode();
  for (std::size_t length = 0; length < body.size(); ++length) {
    EXPECT_NE(rule_of_body(View(body).first(length)), "") << length;
  }
  Bytes longer = body;
  longer.push_back(0xC0);
  EXPECT_EQ(rule_of_body(longer), "pack.trailing");
}

TEST(ChangeTest, EveryOperationHasItsNameAndOneLineInBothLanguages) {
  std::set<std::string_view> names;
  for (const Operation& operation : one_of_each()) {
    names.insert(operation_name(operation));
    for (const bool chinese : {true, false}) {
      const std::string line = describe(operation, chinese);
      EXPECT_GT(line.size(), 8u);
      EXPECT_EQ(line.find('\n'), std::string::npos);
    }
  }
  EXPECT_EQ(names.size(), std::variant_size_v<Operation>);
  EXPECT_EQ(describe(UnitMoved{kVillage1, kTownB}, true),
            "单位 320803001001 及其下属划归 320804001000");
  EXPECT_EQ(describe(UnitRenamed{kVillage1, "a\nb"}, false),
            "unit 320803001001 renamed to \"a?b\"");
}

// The bytes as README.md draws them, written out by hand.
TEST(ChangeTest, HasTheBytesOfTheFormat) {
  class Twos final : public crypto::Random {
    void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), 0x22); }
  } twos;
  crypto::Digest network;
  network.bytes.fill(0x11);
  const auto key =
      crypto::PrivateKey::from_secret(crypto::Suite::kEd25519Sha256, Bytes(32, 0x33)).value();
  const Change change =
      sign_change(key, network, 1234, {UnitRenamed{code("320803001001"), "新村"}}, twos);
  std::string ones, nonce;
  for (int i = 0; i < 32; ++i) ones += "11";
  for (int i = 0; i < 16; ++i) nonce += "22";
  const std::string payload = "9502c420" + ones + "cd04d2c410" + nonce +
                              "9193ac756e69742e72656e616d6564"  // unit.renamed
                              "ac333230383033303031303031"      // 320803001001
                              "a6e696b0e69d91";
  EXPECT_EQ(to_hex(change.payload), payload);
  const Signed& one = change.signatures.front();
  EXPECT_EQ(to_hex(change.encode()), "92c45c" + payload + "9192c420" + to_hex(one.key.view()) +
                                         "c440" + to_hex(one.signature.view()));
  EXPECT_EQ(one.key, key.public_key().id());
  EXPECT_TRUE(key.public_key().verify("yishi/change/2", change.payload, one.signature));
}

}  // namespace
}  // namespace yishi::topology
