// Each rule of the directory, with an attempt to get round it.
#include "tests/topology/network.h"

namespace yishi::topology {
namespace {

class NetworkOfSuite : public testing::TestWithParam<crypto::Suite> {};

TEST_P(NetworkOfSuite, IsMadeAndGrowsAndRefusesATamperedChange) {
  Network network(GetParam());
  EXPECT_EQ(network.directory.latest(), 1u);
  EXPECT_EQ(network.directory.suite(), GetParam());
  EXPECT_EQ(network.directory.network(), network_id(GetParam(), network.first));
  EXPECT_EQ(network.directory.topology_key().id(), network.log.public_key().id());
  EXPECT_EQ(network.by_root({UnitRenamed{kVillage1, "新村"}}), "");

  Change change = network.signed_by_key(network.root, {UnitRenamed{kVillage1, "好村"}});
  Bytes payload = change.payload;
  const std::string_view text = text_of(payload);
  payload[text.find("好村")] ^= 1;  // another first character
  change.payload = payload;
  const Result<Change> read = decode_change(change.encode());
  ASSERT_FALSE(read.ok() && network.directory.apply(*read, 3).ok());
  EXPECT_EQ(network.directory.unit(kVillage1)->name, "新村");
}

INSTANTIATE_TEST_SUITE_P(Suites, NetworkOfSuite,
                         testing::Values(crypto::Suite::kEd25519Sha256, crypto::Suite::kSm2Sm3));

TEST(DirectoryFirstTest, AnswersNothingWhileEmpty) {
  const Directory empty;
  EXPECT_TRUE(empty.empty());
  EXPECT_TRUE(empty.root().empty());
  EXPECT_FALSE(empty.unit(kCity).has_value());
  EXPECT_TRUE(empty.keeper_of(kCity).empty());
  EXPECT_FALSE(empty.policy_at().has_value());
  EXPECT_FALSE(empty.may_write({}, kCity, 0));
}

TEST(DirectoryFirstTest, TakesOnlyAFirstChangeThatCreatesANetwork) {
  Network network;
  Directory directory;
  const Change second = network.signed_by_key(network.root, {UnitRenamed{kCity, "市"}});
  EXPECT_EQ(rule_of(directory.apply(second, 1)), "change.network.first");
  EXPECT_EQ(rule_of(directory.apply(network.first, 2)), "change.version.order");
  EXPECT_EQ(rule_of(directory.apply(network.first, 0)), "change.version.order");
  EXPECT_TRUE(directory.empty());
}

TEST(DirectoryFirstTest, HoldsTheFirstChangeToThePinnedNetwork) {
  Network mine;
  Network other;
  Directory directory(mine.directory.network());
  EXPECT_EQ(rule_of(directory.apply(other.first, 1)), "change.network.pinned");
  EXPECT_TRUE(directory.apply(mine.first, 1).ok());
}

TEST(DirectoryFirstTest, MustBeSignedByTheRootKeyItNames) {
  Network network;
  const crypto::PrivateKey thief = new_key();
  const Change by_thief = sign_change(thief, {}, 1, network.first.operations, network.random);
  Directory directory;
  EXPECT_EQ(rule_of(directory.apply(by_thief, 1)), "change.signer.unknown");
  Change forged = network.first;
  forged.signatures.front().signature = by_thief.signatures.front().signature;
  EXPECT_EQ(rule_of(directory.apply(forged, 1)), "change.signature");
  EXPECT_TRUE(directory.apply(forged, 1, true).ok());  // trusted: its own store's
}

TEST(DirectoryFirstTest, LeavesNothingBehindWhenALaterOperationIsRefused) {
  Network network;
  std::vector<Operation> operations = network.first.operations;
  operations.emplace_back(UnitSuspended{kCity});
  const Change bad = sign_change(network.root, {}, 1, operations, network.random);
  Directory directory(network_id(network.suite, bad));
  EXPECT_EQ(rule_of(directory.apply(bad, 1)), "unit.root");
  EXPECT_TRUE(directory.empty());
  EXPECT_EQ(directory.unit_count(), 0u);
  EXPECT_TRUE(directory.nodes().empty());
  EXPECT_EQ(rule_of(directory.apply(network.first, 1)), "change.network.pinned");
}

TEST(DirectoryChangeTest, RefusesAReplayedChange) {
  Network network;
  const Change change = network.signed_by_key(network.root, {UnitRenamed{kVillage1, "新村"}});
  EXPECT_TRUE(network.directory.apply(change, 2).ok());
  EXPECT_EQ(network.by_root({UnitRenamed{kVillage1, "旧村"}}), "");
  EXPECT_EQ(rule_of(network.directory.apply(change, 4)), "change.replayed");
  EXPECT_EQ(rule_of(network.directory.apply(change, 4, true)), "change.replayed");
  EXPECT_EQ(rule_of(network.directory.apply(network.first, 4)), "change.network");
  EXPECT_EQ(network.directory.unit(kVillage1)->name, "旧村");
}

TEST(DirectoryChangeTest, ARefusedChangeMayBeTriedAgain) {
  Network network;
  const Change change = network.signed_by_key(network.root, {UnitResumed{kVillage1}});
  EXPECT_EQ(rule_of(network.directory.apply(change, 2)), "unit.resumed");
  EXPECT_EQ(network.by_root({UnitSuspended{kVillage1}}), "");
  EXPECT_TRUE(network.directory.apply(change, 3).ok());
}

TEST(DirectoryChangeTest, RefusesAChangeOfAnotherNetworkBySameRootKey) {
  Network network;
  crypto::Digest other;
  other.bytes.fill(9);
  const Change change = sign_change(network.root, other, network.now,
                                    {UnitRenamed{kVillage1, "新村"}}, network.random);
  EXPECT_EQ(rule_of(network.directory.apply(change, 2)), "change.network");
}

TEST(DirectoryChangeTest, RefusesASecondNetwork) {
  Network network;
  const Bytes key = new_key().public_key().raw();
  EXPECT_EQ(network.by_root({NetworkCreated{"二", network.suite, {key}, key}}),
            "change.network.again");
}

TEST(DirectoryChangeTest, VersionsStandStillOrGoOnByOne) {
  Network network;
  const auto change = [&](std::string_view name) {
    return network.signed_by_key(network.root, {UnitRenamed{kVillage1, std::string(name)}});
  };
  EXPECT_TRUE(network.directory.apply(change("二"), 2).ok());
  EXPECT_TRUE(network.directory.apply(change("二乙"), 2).ok());
  EXPECT_EQ(rule_of(network.directory.apply(change("四"), 4)), "change.version.order");
  EXPECT_EQ(rule_of(network.directory.apply(change("一"), 1)), "change.version.order");
  EXPECT_EQ(network.directory.unit(kVillage1, 1)->name, "一村");
  EXPECT_EQ(network.directory.unit(kVillage1, 2)->name, "二乙");
}

TEST(DirectoryChangeTest, RefusesAStranger) {
  Network network;
  EXPECT_EQ(network.apply(new_key(), {UnitRenamed{kVillage1, "x"}}), "change.signer.unknown");
  EXPECT_EQ(network.apply(network.city_key, {UnitRenamed{kVillage1, "x"}}),
            "change.signer.unknown");
  EXPECT_EQ(network.apply(network.log, {UnitRenamed{kVillage1, "x"}}), "change.signer.unknown");
}

TEST(DirectoryChangeTest, RefusesAForgedSignatureOfEverySigner) {
  Network network;
  const crypto::PrivateKey clerk = network.make_operator(kDistrictA);
  const crypto::PrivateKey ticket = new_key();
  ASSERT_EQ(network.by_root({network.ticket(kVillage1, ticket)}), "");
  const Version next = network.directory.latest() + 1;
  for (const crypto::PrivateKey* key :
       std::vector<const crypto::PrivateKey*>{&network.root, &clerk, &ticket}) {
    Change change = network.signed_by_key(*key, {network.node(kVillage1, new_key())});
    change.signatures.front().signature.bytes[3] ^= 1;
    EXPECT_EQ(rule_of(network.directory.apply(change, next)), "change.signature");
    EXPECT_EQ(rule_of(network.directory.check(change, next)), "change.signature");
  }
}

TEST(DirectoryChangeTest, TakesAllOperationsOrNone) {
  Network network;
  const crypto::PrivateKey key = new_key();
  const crypto::PrivateKey ticket = new_key();
  const crypto::PrivateKey clerk = new_key();
  const crypto::PrivateKey before = network.admit(kVillage1);
  const Version latest = network.directory.latest();
  const Code fresh = code("320803001003");
  std::vector<Operation> operations{added(fresh, "village", kTownA),
                                    UnitRenamed{kVillage1, "新村"},
                                    UnitMoved{kTownB, kDistrictA},
                                    UnitSuspended{kVillage2},
                                    network.node(fresh, key),
                                    network.node(kVillage1, new_key()),
                                    network.ticket(kVillage3, ticket),
                                    network.operator_for(kTownA, clerk),
                                    PolicySet{"p", "text"},
                                    OperatorEnded{clerk.public_key().id()},
                                    NodeEnded{network.city_key.public_key().id(), 4}};
  std::vector<Operation> bad = operations;
  bad.emplace_back(UnitSuspended{kCity});
  EXPECT_EQ(network.by_root(bad), "unit.root");
  const Directory& directory = network.directory;
  EXPECT_EQ(directory.latest(), latest);
  EXPECT_FALSE(directory.unit(fresh).has_value());
  EXPECT_EQ(directory.unit(kVillage1)->name, "一村");
  EXPECT_EQ(directory.parent_of(kTownB), kDistrictB);
  EXPECT_EQ(directory.children_of(kDistrictA), std::vector<Code>{kTownA});
  EXPECT_EQ(directory.units_inside(kDistrictA, "township"), std::vector<Code>{kTownA});
  EXPECT_EQ(directory.units_inside(kTownA, "township"), std::vector<Code>{kTownA});
  EXPECT_TRUE(directory.units_inside(kTownA, "district").empty());
  EXPECT_TRUE(directory.units_inside(kDistrictA, "planet").empty());
  EXPECT_EQ(directory.children_of(kDistrictB), std::vector<Code>{kTownB});
  EXPECT_FALSE(directory.suspended(kVillage2));
  EXPECT_EQ(directory.node_of_key(key.public_key().id()), nullptr);
  EXPECT_EQ(directory.node_of_unit(kVillage1)->key.id(), before.public_key().id());
  EXPECT_EQ(directory.node_of_unit(kVillage1)->last_sequence, 0u);
  EXPECT_NE(directory.node_of_curve(directory.node_of_unit(kVillage1)->curve), nullptr);
  EXPECT_EQ(directory.ticket_of_key(ticket.public_key().id()), nullptr);
  EXPECT_FALSE(directory.policy_at().has_value());
  EXPECT_NE(directory.node_of_unit(kCity), nullptr);
  EXPECT_EQ(network.by_root(operations), "");  // nothing of the refused try is in the way
  EXPECT_EQ(directory.parent_of(kTownB), kDistrictA);
}

TEST(DirectoryOperatorTest, ReachesHisSubtreeAndNothingElse) {
  Network network;
  const crypto::PrivateKey clerk = network.make_operator(kDistrictA);
  EXPECT_EQ(network.apply(clerk, {added(code("320803001003"), "village", kTownA)}), "");
  EXPECT_EQ(network.apply(clerk, {UnitRenamed{kDistrictA, "新区"}}), "");
  EXPECT_EQ(network.apply(clerk, {network.node(kVillage1, new_key())}), "");
  EXPECT_EQ(network.apply(clerk, {added(code("320804001003"), "village", kTownB)}),
            "operator.scope");
  EXPECT_EQ(network.apply(clerk, {UnitRenamed{kCity, "x"}}), "operator.scope");
  EXPECT_EQ(network.apply(clerk, {UnitSuspended{kVillage3}}), "operator.scope");
  EXPECT_EQ(network.apply(clerk, {network.node(kVillage3, new_key())}), "operator.scope");
  EXPECT_EQ(network.apply(clerk, {network.ticket(kVillage3, new_key())}), "operator.scope");
  EXPECT_EQ(network.apply(clerk, {NodeEnded{network.city_key.public_key().id(), 1}}),
            "operator.scope");
  EXPECT_EQ(network.apply(clerk, {UnitMoved{kVillage1, kTownB}}), "operator.scope");
  EXPECT_EQ(network.apply(clerk, {UnitMoved{kVillage3, kTownA}}), "operator.scope");
  EXPECT_EQ(network.apply(clerk, {UnitMoved{kDistrictA, kCity}}), "operator.scope");
  EXPECT_EQ(network.apply(clerk, {UnitRenamed{kVillage1, "好"}, UnitRenamed{kVillage3, "x"}}),
            "operator.scope");
  EXPECT_EQ(network.directory.unit(kVillage1)->name, "一村");
}

TEST(DirectoryOperatorTest, LosesWhatIsMovedOutOfHisSubtree) {
  Network network;
  const crypto::PrivateKey clerk = network.make_operator(kDistrictA);
  EXPECT_EQ(network.by_root({UnitMoved{kVillage1, kTownB}}), "");
  EXPECT_EQ(network.apply(clerk, {UnitRenamed{kVillage1, "x"}}), "operator.scope");
}

TEST(DirectoryOperatorTest, CannotTouchOperatorsOrPolicy) {
  Network network;
  const crypto::PrivateKey clerk = network.make_operator(kCity);
  EXPECT_EQ(network.apply(clerk, {network.operator_for(kCity, new_key())}), "operator.scope.root");
  EXPECT_EQ(network.apply(clerk, {OperatorEnded{clerk.public_key().id()}}), "operator.scope.root");
  EXPECT_EQ(network.apply(clerk, {PolicySet{"p", "text"}}), "operator.scope.root");
  const Bytes key = new_key().public_key().raw();
  EXPECT_EQ(network.apply(clerk, {NetworkCreated{"n", network.suite, {key}, key}}),
            "change.network.again");
}

TEST(DirectoryOperatorTest, IsNobodyOnceExpiredOrEnded) {
  Network network;
  const crypto::PrivateKey brief = network.make_operator(kCity, network.now + 10);
  const crypto::PrivateKey ended = network.make_operator(kCity);
  EXPECT_EQ(network.by_root({network.operator_for(kCity, new_key(), network.now)}),
            "operator.expires");
  network.now += 9;
  EXPECT_EQ(network.apply(brief, {UnitRenamed{kVillage1, "a"}}), "");
  network.now += 1;
  EXPECT_EQ(network.apply(brief, {UnitRenamed{kVillage1, "b"}}), "operator.expired");
  EXPECT_EQ(network.by_root({OperatorEnded{ended.public_key().id()}}), "");
  EXPECT_EQ(network.apply(ended, {UnitRenamed{kVillage1, "c"}}), "operator.ended");
  EXPECT_EQ(network.by_root({OperatorEnded{ended.public_key().id()}}), "operator.ended");
  EXPECT_EQ(network.by_root({OperatorEnded{new_key().public_key().id()}}), "operator.unknown");
  EXPECT_EQ(network.by_root({network.operator_for(kCity, ended)}), "key.used");
}

TEST(DirectoryTicketTest, AdmitsOneNodeForItsUnitOnce) {
  Network network;
  const crypto::PrivateKey ticket = new_key();
  EXPECT_EQ(network.by_root({network.ticket(kVillage1, ticket)}), "");
  const Ticket* issued = network.directory.ticket_of_key(ticket.public_key().id());
  ASSERT_NE(issued, nullptr);
  EXPECT_EQ(network.directory.ticket_of_curve(issued->curve), issued);
  EXPECT_EQ(issued->used, 0u);
  EXPECT_EQ(network.apply(ticket, {network.node(kVillage2, new_key())}), "ticket.scope");
  EXPECT_EQ(network.apply(ticket, {UnitRenamed{kVillage1, "x"}}), "ticket.scope");
  EXPECT_EQ(
      network.apply(ticket, {network.node(kVillage1, new_key()), UnitRenamed{kVillage1, "x"}}),
      "ticket.scope");
  EXPECT_EQ(network.apply(ticket,
                          {network.node(kVillage1, new_key()), network.node(kVillage1, new_key())}),
            "ticket.scope");
  EXPECT_EQ(network.apply(ticket, {network.node(kVillage1, ticket)}), "key.used");
  EXPECT_EQ(network.apply(ticket, {network.node(kVillage1, new_key())}), "");
  EXPECT_EQ(network.directory.ticket_of_key(ticket.public_key().id())->used, 3u);
  EXPECT_EQ(network.apply(ticket, {network.node(kVillage1, new_key())}), "ticket.used");
}

TEST(DirectoryTicketTest, ExpiresAndMustExpire) {
  Network network;
  const crypto::PrivateKey ticket = new_key();
  EXPECT_EQ(network.by_root({network.ticket(kVillage1, ticket)}), "");
  network.now += Network::kDay;
  EXPECT_EQ(network.apply(ticket, {network.node(kVillage1, new_key())}), "ticket.expired");
  const Bytes key = new_key().public_key().raw();
  EXPECT_EQ(network.by_root({TicketIssued{kVillage1, key, new_curve(), 0}}), "ticket.expires");
  EXPECT_EQ(
      network.by_root({TicketIssued{code("320803001009"), key, new_curve(), network.now + 1}}),
      "unit.unknown");
}

TEST(DirectoryTicketTest, AForgottenTicketCannotPutAYoungerNodeOut) {
  Network network;
  const crypto::PrivateKey old_ticket = new_key();
  EXPECT_EQ(network.by_root({network.ticket(kVillage1, old_ticket)}), "");
  const crypto::PrivateKey present = network.admit(kVillage1);
  EXPECT_EQ(network.apply(old_ticket, {network.node(kVillage1, new_key())}), "ticket.stale");
  const crypto::PrivateKey new_ticket = new_key();
  EXPECT_EQ(network.by_root({network.ticket(kVillage1, new_ticket)}), "");
  EXPECT_EQ(network.apply(new_ticket, {network.node(kVillage1, new_key())}), "");
  const Node* replaced = network.directory.node_of_key(present.public_key().id());
  EXPECT_EQ(replaced->ended, network.directory.latest());
  EXPECT_EQ(replaced->last_sequence, kAllItWrote);
  EXPECT_EQ(network.directory.node_of_curve(replaced->curve), nullptr);
  EXPECT_EQ(network.directory.node_of_unit(kVillage1)->incarnation, 1u);
  EXPECT_EQ(network.directory.incarnations_of(kVillage1), 2u);
}

TEST(DirectoryKeyTest, NoKeyPlaysTwoParts) {
  Network network;
  const crypto::PrivateKey clerk = network.make_operator(kCity);
  const crypto::PrivateKey ticket = new_key();
  EXPECT_EQ(network.by_root({network.ticket(kVillage2, ticket)}), "");
  const crypto::PrivateKey ended = network.admit(kVillage2);
  EXPECT_EQ(network.by_root({NodeEnded{ended.public_key().id(), 3}}), "");
  for (const crypto::PrivateKey* used : std::vector<const crypto::PrivateKey*>{
           &network.root, &network.log, &network.city_key, &clerk, &ticket, &ended}) {
    EXPECT_EQ(network.by_root({network.node(kVillage1, *used)}), "key.used");
    EXPECT_EQ(network.by_root({network.ticket(kVillage1, *used)}), "key.used");
    EXPECT_EQ(network.by_root({network.operator_for(kVillage1, *used)}), "key.used");
  }
  const crypto::PrivateKey twice = new_key();
  EXPECT_EQ(network.by_root({network.node(kVillage1, twice), network.node(kVillage3, twice)}),
            "key.used");
}

TEST(DirectoryKeyTest, RefusesKeysThatAreNone) {
  Network network;
  const Bytes small_order = [] {
    Bytes identity(32, 0);
    identity[0] = 1;
    return identity;
  }();
  for (const Bytes& raw : {small_order, Bytes(31, 5), Bytes{}}) {
    const std::string rule = network.by_root({NodeAdmitted{kVillage1, raw, new_curve(), ""}});
    EXPECT_EQ(rule.substr(0, 10), "key.public") << rule;
  }
  const Bytes sm2 = new_key(crypto::Suite::kSm2Sm3).public_key().raw();
  EXPECT_NE(network.by_root({NodeAdmitted{kVillage1, sm2, new_curve(), ""}}), "");
}

TEST(DirectoryKeyTest, RefusesACurveKeyInUseUnlessItsOwnNodeIsReplaced) {
  Network network;
  const auto node = [](const Code& unit, const Bytes& curve) {
    return NodeAdmitted{unit, new_key().public_key().raw(), curve, ""};
  };
  const Bytes curve = new_curve();
  EXPECT_EQ(network.by_root({node(kVillage1, curve)}), "");
  EXPECT_EQ(network.by_root({node(kVillage2, curve)}), "curve.used");
  EXPECT_EQ(network.by_root({node(kVillage1, curve)}), "");
  EXPECT_EQ(network.directory.node_of_curve(curve)->incarnation, 1u);
  const Bytes of_ticket = new_curve();
  const auto ticket = [&](const Bytes& key_of_hop) {
    return TicketIssued{kVillage3, new_key().public_key().raw(), key_of_hop, network.now + 1};
  };
  EXPECT_EQ(network.by_root({ticket(of_ticket)}), "");
  EXPECT_EQ(network.by_root({ticket(of_ticket)}), "curve.used");
  EXPECT_EQ(network.by_root({ticket(curve)}), "curve.used");
  EXPECT_EQ(network.by_root({node(kVillage3, of_ticket)}), "curve.used");
  EXPECT_EQ(network.by_root({node(kVillage3, Bytes(32, 0))}), "curve.format");
  EXPECT_EQ(network.by_root({node(kVillage3, Bytes(31, 1))}), "curve.format");
}

TEST(DirectoryNodeTest, RefusesUnknownEndedAndSuspended) {
  Network network;
  EXPECT_EQ(network.by_root({network.node(code("320803001009"), new_key())}), "unit.unknown");
  EXPECT_EQ(network.by_root({NodeEnded{new_key().public_key().id(), 1}}), "node.unknown");
  const crypto::PrivateKey key = network.admit(kVillage1);
  EXPECT_EQ(network.by_root({NodeEnded{key.public_key().id(), 7}}), "");
  EXPECT_EQ(network.by_root({NodeEnded{key.public_key().id(), 9}}), "node.ended");
  EXPECT_EQ(network.directory.node_of_key(key.public_key().id())->last_sequence, 7u);
  EXPECT_EQ(network.by_root({UnitSuspended{kDistrictA}}), "");
  EXPECT_EQ(network.by_root({network.node(kVillage2, new_key())}), "unit.suspended");
  const Bytes raw = new_key().public_key().raw();
  EXPECT_EQ(network.by_root({NodeAdmitted{kVillage3, raw, new_curve(), "tcp://a b:1"}}),
            "node.endpoint");
  EXPECT_EQ(network.by_root({NodeAdmitted{kVillage3, raw, new_curve(), std::string(257, 'a')}}),
            "node.endpoint");
}

TEST(DirectoryPolicyTest, RefusesNoTextAndForeignBytes) {
  Network network;
  EXPECT_EQ(network.by_root({PolicySet{"p", ""}}), "policy.text");
  EXPECT_EQ(network.by_root({PolicySet{"p", "\xFF"}}), "policy.text");
  EXPECT_EQ(network.by_root({PolicySet{"p\n", "x"}}), "policy.id");
  EXPECT_EQ(network.by_root({PolicySet{"p", "x"}}), "");
}

}  // namespace
}  // namespace yishi::topology
