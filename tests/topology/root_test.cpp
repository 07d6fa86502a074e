// The root: several keys of which some must sign; and every way that was thought of to do with
// fewer, with older, or with somebody else's.
#include "tests/topology/network.h"

namespace yishi::topology {
namespace {

// A network whose root is two of three.
class TwoOfThree : public testing::Test {
 protected:
  TwoOfThree() {
    const std::vector<Operation> operations{
        NetworkCreated{
            "淮安议事", suite_, {raw(one_), raw(two_), raw(three_)}, log_.public_key().raw(), 2},
        added(kCity, "city", {}, "淮安市"), added(kDistrictA, "district", kCity, "淮安区"),
        added(kDistrictB, "district", kCity, "淮阴区")};
    first_ = propose_change({}, now_, operations, random_);
    sign({&one_, &two_}, first_);
    EXPECT_TRUE(directory_.apply(first_, 1).ok());
  }

  static Bytes raw(const crypto::PrivateKey& key) { return key.public_key().raw(); }
  static void sign(const std::vector<const crypto::PrivateKey*>& keys, Change& change) {
    for (const auto* key : keys) ASSERT_TRUE(add_signature(*key, change).ok());
  }
  Change made(const std::vector<const crypto::PrivateKey*>& keys,
              std::vector<Operation> operations) {
    Change change = propose_change(directory_.network(), now_, std::move(operations), random_);
    sign(keys, change);
    return change;
  }
  std::string apply(const Change& change) {
    const Version next = directory_.latest() + 1;
    const Status checked = directory_.check(change, next);
    const Status applied = directory_.apply(change, next);
    EXPECT_EQ(rule_of(checked), rule_of(applied));
    return rule_of(applied);
  }
  std::string apply(const std::vector<const crypto::PrivateKey*>& keys,
                    std::vector<Operation> operations) {
    return apply(made(keys, std::move(operations)));
  }

  crypto::Suite suite_ = crypto::Suite::kEd25519Sha256;
  crypto::SystemRandom random_;
  crypto::PrivateKey one_ = new_key(), two_ = new_key(), three_ = new_key(), log_ = new_key();
  std::uint64_t now_ = 1'700'000'000'000;
  Directory directory_;
  Change first_;
};

TEST_F(TwoOfThree, AnyTwoSignAndOneIsTooFew) {
  EXPECT_EQ(apply({&one_}, {UnitRenamed{kCity, "甲"}}), "root.threshold");
  EXPECT_EQ(apply({&one_, &two_}, {UnitRenamed{kCity, "乙"}}), "");
  EXPECT_EQ(apply({&three_, &one_}, {UnitRenamed{kCity, "丙"}}), "");
  EXPECT_EQ(apply({&one_, &two_, &three_}, {UnitRenamed{kCity, "丁"}}), "");
  EXPECT_EQ(directory_.root_keys().threshold, 2U);
  EXPECT_EQ(directory_.root_keys().keys.size(), 3U);
}

TEST_F(TwoOfThree, FirstChangeNeedsThemToo) {
  Change alone = first_;
  alone.signatures.pop_back();
  Directory other(directory_.network());  // the network's id does not depend on who signed
  EXPECT_EQ(rule_of(other.apply(alone, 1)), "root.threshold");
  EXPECT_TRUE(other.apply(first_, 1).ok());
}

TEST_F(TwoOfThree, OneKeyTwiceIsOneSignature) {
  Change change = made({&one_}, {UnitRenamed{kCity, "甲"}});
  EXPECT_EQ(rule_of(add_signature(one_, change)), "change.signature.twice");
  change.signatures.push_back(change.signatures.front());
  const auto read = decode_change(change.encode());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().rule, "change.signature.twice");
}

TEST_F(TwoOfThree, KeyListedTwiceIsNoRoot) {
  EXPECT_EQ(apply({&one_, &two_}, {RootChanged{{raw(one_), raw(one_)}, 2}}), "root.key.twice");
  for (const std::uint64_t threshold : {std::uint64_t{0}, std::uint64_t{4}}) {
    EXPECT_EQ(apply({&one_, &two_}, {RootChanged{{raw(one_), raw(two_), raw(three_)}, threshold}}),
              "root.count");
  }
  EXPECT_EQ(apply({&one_, &two_}, {RootChanged{{}, 1}}), "root.count");
}

TEST_F(TwoOfThree, ForgedSecondSignatureOfAnotherKeyIsFound) {
  Change change = made({&one_, &two_}, {UnitRenamed{kCity, "甲"}});
  change.signatures[1].key = three_.public_key().id();
  EXPECT_EQ(apply(change), "change.signature");
  Change borrowed = made({&one_}, {UnitRenamed{kCity, "甲"}});
  borrowed.signatures.push_back(made({&two_}, {UnitRenamed{kCity, "甲"}}).signatures.front());
  EXPECT_EQ(apply(borrowed), "change.signature");
}

TEST_F(TwoOfThree, StrangerBesideARootKeyDoesNotCount) {
  const auto stranger = new_key();
  EXPECT_EQ(apply({&one_, &stranger}, {UnitRenamed{kCity, "甲"}}), "change.signer.mixed");
  const auto clerk = new_key();
  ASSERT_EQ(apply({&one_, &two_}, {OperatorAdmitted{raw(clerk), kDistrictA, 0, "区"}}), "");
  EXPECT_EQ(apply({&one_, &clerk}, {UnitRenamed{kCity, "甲"}}), "change.signer.mixed");
  EXPECT_EQ(apply({&clerk, &one_}, {UnitRenamed{kDistrictA, "甲"}}), "change.signer.mixed");
  EXPECT_EQ(apply({&clerk, &stranger}, {UnitRenamed{kDistrictA, "甲"}}), "change.signer.mixed");
}

TEST_F(TwoOfThree, ChangeOfRootNeedsOldAndNew) {
  const auto four = new_key();
  const auto five = new_key();
  const std::vector<Operation> next{RootChanged{{raw(three_), raw(four), raw(five)}, 2}};
  EXPECT_EQ(apply({&one_, &two_}, next), "root.threshold.new");
  EXPECT_EQ(apply({&one_, &two_, &four}, next), "root.threshold.new");
  EXPECT_EQ(apply({&four, &five}, next), "root.threshold");
  EXPECT_EQ(apply({&one_, &four, &five}, next), "root.threshold");
  EXPECT_EQ(apply({&four, &two_, &one_, &five}, next), "");
  EXPECT_EQ(directory_.root_keys().since, directory_.latest());
  EXPECT_EQ(apply({&one_, &two_}, {UnitRenamed{kCity, "旧"}}), "change.signer.unknown");
  EXPECT_EQ(apply({&one_, &three_}, {UnitRenamed{kCity, "旧"}}), "change.signer.unknown");
  EXPECT_EQ(apply({&three_, &one_}, {UnitRenamed{kCity, "旧"}}), "change.signer.mixed");
  EXPECT_EQ(apply({&three_, &four}, {UnitRenamed{kCity, "新"}}), "");
}

TEST_F(TwoOfThree, KeyInBothRootsCountsForBoth) {
  const auto four = new_key();
  EXPECT_EQ(apply({&one_, &two_}, {RootChanged{{raw(one_), raw(two_), raw(four)}, 2}}), "");
}

TEST_F(TwoOfThree, ChangeOfRootStandsAloneAndIsTheRootsOnly) {
  const auto four = new_key();
  const RootChanged next{{raw(one_), raw(four)}, 1};
  EXPECT_EQ(apply({&one_, &two_}, {next, UnitRenamed{kCity, "甲"}}), "root.alone");
  EXPECT_EQ(apply({&one_, &two_}, {UnitRenamed{kCity, "甲"}, next}), "root.alone");
  const auto clerk = new_key();
  ASSERT_EQ(apply({&one_, &two_}, {OperatorAdmitted{raw(clerk), kCity, 0, "市"}}), "");
  EXPECT_EQ(apply({&clerk}, {RootChanged{{raw(clerk)}, 1}}), "root.threshold");
  EXPECT_EQ(apply({&clerk}, {UnitRenamed{kCity, "甲"}, RootChanged{{raw(clerk)}, 1}}),
            "operator.scope.root");
}

TEST_F(TwoOfThree, RollbackToAFormerRootIsRefused) {
  const auto four = new_key();
  const Change away = made({&one_, &two_, &four}, {RootChanged{{raw(two_), raw(four)}, 2}});
  ASSERT_EQ(apply(away), "");
  EXPECT_EQ(apply(away), "change.replayed");
  // Even with the present root's consent: a key that was given up is out of trust for good.
  EXPECT_EQ(apply({&two_, &four, &one_}, {RootChanged{{raw(one_), raw(two_)}, 2}}), "key.used");
}

TEST_F(TwoOfThree, RootKeyPlaysNoOtherPart) {
  EXPECT_EQ(apply({&one_, &two_}, {OperatorAdmitted{raw(three_), kCity, 0, "市"}}), "key.used");
  const auto clerk = new_key();
  ASSERT_EQ(apply({&one_, &two_}, {OperatorAdmitted{raw(clerk), kCity, 0, "市"}}), "");
  EXPECT_EQ(apply({&one_, &two_, &clerk}, {RootChanged{{raw(one_), raw(clerk)}, 1}}), "key.used");
}

TEST_F(TwoOfThree, ProposalGoesFromHandToHandInAFile) {
  Change change = propose_change(directory_.network(), now_, {UnitRenamed{kCity, "新市"}}, random_);
  EXPECT_EQ(decode_change(change.encode()).error().rule, "change.signature.count");
  auto at_two = decode_proposal(change.encode());
  ASSERT_TRUE(at_two.ok());
  ASSERT_TRUE(add_signature(two_, *at_two).ok());
  auto at_three = decode_proposal(at_two->encode());
  ASSERT_TRUE(at_three.ok());
  ASSERT_TRUE(add_signature(three_, *at_three).ok());
  EXPECT_EQ(at_three->payload, change.payload);
  const auto whole = decode_change(at_three->encode());
  ASSERT_TRUE(whole.ok());
  EXPECT_EQ(apply(*whole), "");
}

// Expiry: by what the log's entries state.

TEST_F(TwoOfThree, OperatorExpiresByTheTimeOfTheEntryWhateverTheChangeClaims) {
  const auto clerk = new_key();
  ASSERT_EQ(apply({&one_, &two_}, {OperatorAdmitted{raw(clerk), kDistrictA, now_ + 100, "区"}}),
            "");
  const Change change = made({&clerk}, {UnitRenamed{kDistrictA, "甲"}});
  EXPECT_EQ(change.time_ms, now_);  // dated before its expiry
  EXPECT_EQ(rule_of(directory_.apply(change, Stamp{3, now_ + 100})), "operator.expired");
  EXPECT_EQ(rule_of(directory_.apply(change, Stamp{3, now_ + 99})), "");
}

TEST_F(TwoOfThree, LogThatIsDatedBackRevivesNobody) {
  const auto clerk = new_key();
  ASSERT_EQ(apply({&one_, &two_}, {OperatorAdmitted{raw(clerk), kDistrictA, now_ + 100, "区"}}),
            "");
  const Change later = made({&one_, &two_}, {UnitRenamed{kCity, "新市"}});
  ASSERT_TRUE(directory_.apply(later, Stamp{3, now_ + 500}).ok());
  const Change change = made({&clerk}, {UnitRenamed{kDistrictA, "甲"}});
  EXPECT_EQ(rule_of(directory_.apply(change, Stamp{4, now_})), "operator.expired");
  EXPECT_EQ(rule_of(directory_.apply(change, Stamp{3, now_})), "operator.expired");
  EXPECT_EQ(directory_.time_ms(), now_ + 500);
  EXPECT_EQ(directory_.time_of(2), now_);
  EXPECT_EQ(directory_.time_of(3), now_ + 500);
  EXPECT_EQ(directory_.time_of(4), 0U);
}

TEST_F(TwoOfThree, LogThatIsHeldBackStaysAtItsVersionAndSkipsNone) {
  const Change second = made({&one_, &two_}, {UnitRenamed{kCity, "二"}});
  const Change third = made({&one_, &two_}, {UnitRenamed{kCity, "三"}});
  EXPECT_EQ(rule_of(directory_.apply(third, 3)), "change.version.order");
  ASSERT_TRUE(directory_.apply(second, 2).ok());
  ASSERT_TRUE(directory_.apply(third, 3).ok());
  EXPECT_EQ(rule_of(directory_.apply(second, 2)), "change.version.order");
  EXPECT_EQ(rule_of(directory_.apply(second, 3)), "change.replayed");
}

TEST_F(TwoOfThree, ExpiredOperatorsVillagesGoOnSaving) {
  const auto clerk = new_key();
  ASSERT_EQ(apply({&one_, &two_}, {OperatorAdmitted{raw(clerk), kDistrictA, now_ + 100, "区"}}),
            "");
  const auto node = new_key();
  ASSERT_EQ(apply({&clerk}, {NodeAdmitted{kDistrictA, raw(node), new_curve(), ""}}), "");
  const Change later = made({&one_, &two_}, {UnitRenamed{kCity, "新市"}});
  ASSERT_TRUE(directory_.apply(later, Stamp{4, now_ + 1000}).ok());
  EXPECT_TRUE(directory_.may_write(node.public_key().id(), kDistrictA, 4));
}

TEST_F(TwoOfThree, EndedOperatorIsShownWithWhen) {
  const auto clerk = new_key();
  ASSERT_EQ(apply({&one_, &two_}, {OperatorAdmitted{raw(clerk), kDistrictA, 0, "区管理员"}}), "");
  ASSERT_EQ(apply({&one_, &three_}, {OperatorEnded{clerk.public_key().id()}}), "");
  const Operator* found = directory_.operator_of_key(clerk.public_key().id());
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->label, "区管理员");
  EXPECT_EQ(found->subtree, kDistrictA);
  EXPECT_EQ(found->admitted, 2U);
  EXPECT_EQ(found->ended, 3U);
  EXPECT_EQ(apply({&clerk}, {UnitRenamed{kDistrictA, "甲"}}), "operator.ended");
}

}  // namespace
}  // namespace yishi::topology
