// A small network to put changes to: a city, two districts, a township in each, villages.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "topology/directory.h"

namespace yishi::topology {

inline Code code(std::string_view text) {
  Result<Code> parsed = Code::parse(text);
  YISHI_ASSERT(parsed.ok());
  return *parsed;
}

inline const Code kCity = code("320800000000");
inline const Code kDistrictA = code("320803000000");
inline const Code kDistrictB = code("320804000000");
inline const Code kTownA = code("320803001000");
inline const Code kTownB = code("320804001000");
inline const Code kVillage1 = code("320803001001");
inline const Code kVillage2 = code("320803001002");
inline const Code kVillage3 = code("320804001201");

inline Operation added(const Code& unit, std::string_view level, const Code& parent,
                       std::string_view name = "某地", std::string_view kind = "division") {
  return UnitAdded{{unit, std::string(name), std::string(level), parent, std::string(kind)}};
}

inline crypto::PrivateKey new_key(crypto::Suite suite = crypto::Suite::kEd25519Sha256) {
  return crypto::PrivateKey::generate(suite);
}

inline Bytes new_curve() { return crypto::SystemRandom().bytes(kCurveKeyBytes); }

inline std::string rule_of(const Status& status) { return status.ok() ? "" : status.error().rule; }

class Network {
 public:
  explicit Network(crypto::Suite chosen = crypto::Suite::kEd25519Sha256)
      : suite(chosen), root(new_key(chosen)), log(new_key(chosen)), city_key(new_key(chosen)) {
    const std::vector<Operation> operations{
        NetworkCreated{"淮安议事", suite, {root.public_key().raw()}, log.public_key().raw()},
        added(kCity, "city", {}, "淮安市"),
        added(kDistrictA, "district", kCity, "淮安区"),
        added(kDistrictB, "district", kCity, "淮阴区"),
        added(kTownA, "township", kDistrictA, "甲镇"),
        added(kTownB, "township", kDistrictB, "乙镇"),
        added(kVillage1, "village", kTownA, "一村"),
        added(kVillage2, "village", kTownA, "二村"),
        added(kVillage3, "village", kTownB, "三村"),
        node(kCity, city_key)};
    first = sign_change(root, {}, now, operations, random);
    const Status status = directory.apply(first, 1);
    EXPECT_TRUE(status.ok()) << rule_of(status);
  }

  Operation node(const Code& unit, const crypto::PrivateKey& key) {
    return NodeAdmitted{unit, key.public_key().raw(), new_curve(), "tcp://127.0.0.1:7000"};
  }
  Operation ticket(const Code& unit, const crypto::PrivateKey& key) {
    return TicketIssued{unit, key.public_key().raw(), new_curve(), now + kDay};
  }
  Operation operator_for(const Code& subtree, const crypto::PrivateKey& key,
                         std::uint64_t expires_ms = 0) {
    return OperatorAdmitted{key.public_key().raw(), subtree, expires_ms, "测试管理员"};
  }

  Change signed_by_key(const crypto::PrivateKey& key, std::vector<Operation> operations) {
    return sign_change(key, directory.network(), now, std::move(operations), random);
  }
  // As the next version; the rule that refused it, or "".
  std::string apply(const crypto::PrivateKey& key, std::vector<Operation> operations) {
    const Change change = signed_by_key(key, std::move(operations));
    const Status checked = directory.check(change, directory.latest() + 1);
    const Status applied = directory.apply(change, directory.latest() + 1);
    EXPECT_EQ(rule_of(checked), rule_of(applied)) << "check and apply disagree";
    if (!applied.ok()) {
      EXPECT_FALSE(applied.error().zh.empty());
      EXPECT_FALSE(applied.error().en.empty());
    }
    return rule_of(applied);
  }
  std::string by_root(std::vector<Operation> operations) {
    return apply(root, std::move(operations));
  }
  crypto::PrivateKey admit(const Code& unit) {
    crypto::PrivateKey key = new_key(suite);
    EXPECT_EQ(by_root({node(unit, key)}), "");
    return key;
  }
  crypto::PrivateKey make_operator(const Code& subtree, std::uint64_t expires_ms = 0) {
    crypto::PrivateKey key = new_key(suite);
    EXPECT_EQ(by_root({operator_for(subtree, key, expires_ms)}), "");
    return key;
  }

  static constexpr std::uint64_t kDay = 86'400'000;
  crypto::Suite suite;
  crypto::SystemRandom random;
  crypto::PrivateKey root;
  crypto::PrivateKey log;
  crypto::PrivateKey city_key;
  std::uint64_t now = 1'700'000'000'000;
  Directory directory;
  Change first;
};

}  // namespace yishi::topology
