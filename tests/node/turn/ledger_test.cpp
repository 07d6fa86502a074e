// What the ledger takes and refuses, without any link around it.
#include <array>

#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

// A chain from the city to a village, all in.
class JoinedNetwork : public SimulatedNetwork {
 public:
  JoinedNetwork() {
    for (const auto& unit : {kDistrict, kTown, kVillage}) join(unit);
    settle();
  }
};

class TakingRuns : public testing::Test {
 protected:
  // The next entry of the village's log, as the village would make it.
  sync::SealedEntry entry(std::uint64_t sequence, const crypto::Digest& previous,
                          const crypto::PrivateKey& key, std::string_view line = "一行") {
    sync::EntryHeader header;
    header.network = network.id;
    header.log = network.at(kVillage).keys.node.public_key().id();
    header.sequence = sequence;
    header.previous = previous;
    header.time_ms = network.clock.wall_ms;
    header.topology = network.at(kTown).board.read()->directory->latest();
    auto bytes = sync::encode_record({std::string(kJournalKind), kVillage.text(),
                                      copy(view_of(line)), sync::make_salt(network.random)});
    header.records = {sync::record_digest(network.suite, bytes)};
    // By hand: seal_entry would name the signing key's own log.
    sync::SealedEntry sealed;
    sealed.header = sync::encode_header(header);
    sealed.signature = key.sign("yishi/entry/1", sealed.header);
    sealed.records.emplace_back(std::move(bytes));
    return sealed;
  }
  Bytes packed(const sync::SealedEntry& sealed) {
    const auto view = sealed.view();
    return sync::pack_run({&view, 1}, false);
  }
  crypto::Digest digest(const sync::SealedEntry& sealed) {
    return sync::entry_digest(network.suite, sealed.header, sealed.signature.view());
  }
  Taken take(const sync::SealedEntry& sealed) {
    EXPECT_TRUE(town.database->begin().ok());
    auto taken = ledger.take(packed(sealed), store::Source::kBelow);
    EXPECT_FALSE(ledger.fault().has_value());
    EXPECT_TRUE(town.database->commit().ok());
    ledger.committed();
    return taken;
  }
  const crypto::PrivateKey& key() { return network.at(kVillage).keys.node; }

  JoinedNetwork network;
  SimulatedNode& town = network.at(kTown);
  Ledger ledger = [this] {
    town.turn.reset();
    return Ledger(*town.database);
  }();
  void SetUp() override { ASSERT_TRUE(ledger.load().ok()); }
};

TEST_F(TakingRuns, EntryThatFollowsIsKeptAndTheSameAgainIsKnown) {
  const auto first = entry(1, {}, key());
  EXPECT_EQ(take(first).outcome, Taken::Outcome::kStored);
  EXPECT_EQ(take(first).outcome, Taken::Outcome::kKnown);
  EXPECT_EQ(ledger.logs().log(key().public_key().id()).head.sequence, 1U);
}

TEST_F(TakingRuns, ForgedEntryIsRefusedAndHarmsNothing) {
  const auto stranger = crypto::PrivateKey::generate(network.suite);
  const auto forged = take(entry(1, {}, stranger));
  EXPECT_EQ(forged.outcome, Taken::Outcome::kRefused);
  EXPECT_EQ(forged.error->rule, "log.signature");
  EXPECT_EQ(take(entry(1, {}, key())).outcome, Taken::Outcome::kStored);
}

TEST_F(TakingRuns, GapIsNotKeptAndNamesWhatIsMissing) {
  const auto first = entry(1, {}, key());
  const auto second = entry(2, digest(first), key());
  const auto taken = take(second);
  EXPECT_EQ(taken.outcome, Taken::Outcome::kMissing);
  ASSERT_TRUE(taken.want.has_value());
  EXPECT_EQ(taken.want->from, 1U);
  EXPECT_EQ(take(first).outcome, Taken::Outcome::kStored);
  EXPECT_EQ(take(second).outcome, Taken::Outcome::kStored);
}

TEST_F(TakingRuns, ForkLeavesAProofAndOnlyThatLogIsHeldUp) {
  const auto first = entry(1, {}, key(), "甲");
  const auto other = entry(1, {}, key(), "乙");
  EXPECT_EQ(take(first).outcome, Taken::Outcome::kStored);
  const auto forked = take(other);
  EXPECT_EQ(forked.outcome, Taken::Outcome::kRefused);
  EXPECT_EQ(forked.error->rule, "log.fork");
  const auto proofs = ledger.logs().forks();
  ASSERT_EQ(proofs.size(), 1U);
  const auto id = key().public_key();
  for (const auto& [header, signature] : {std::pair{proofs[0].header_a, proofs[0].signature_a},
                                          {proofs[0].header_b, proofs[0].signature_b}}) {
    EXPECT_TRUE(id.verify("yishi/entry/1", header, crypto::Signature::from(signature)));
  }
  EXPECT_NE(proofs[0].header_a, proofs[0].header_b);
  EXPECT_EQ(take(entry(2, digest(first), key())).error->rule, "log.quarantined");
}

TEST_F(TakingRuns, ForkWithinOneRunFromAboveLeavesAProofWithBothSides) {
  const auto first = entry(1, {}, key(), "甲");
  const auto other = entry(1, {}, key(), "乙");
  const std::array<sync::Entry, 2> both{first.view(), other.view()};
  ASSERT_TRUE(town.database->begin().ok());
  const auto taken = ledger.take(sync::pack_run(both, false), store::Source::kAbove);
  ASSERT_TRUE(town.database->commit().ok());
  EXPECT_EQ(taken.error->rule, "log.fork");
  const auto proofs = ledger.logs().forks();
  ASSERT_EQ(proofs.size(), 1U);
  EXPECT_EQ(proofs[0].header_a, first.header);
  EXPECT_EQ(proofs[0].header_b, other.header);
}

TEST_F(TakingRuns, EntryThatCameBeforeWithHolesIsNoProofAgainstItself) {
  const auto first = entry(1, {}, key(), "甲");
  const auto other = entry(1, {}, key(), "乙");
  ASSERT_TRUE(town.database->begin().ok());
  (void)ledger.take(packed(first), store::Source::kAbove);  // says nothing of the chain's end
  ASSERT_TRUE(town.database->commit().ok());
  ledger.committed();
  EXPECT_EQ(take(other).outcome, Taken::Outcome::kStored);
  EXPECT_EQ(take(first).error->rule, "log.fork");
  const auto proofs = ledger.logs().forks();
  ASSERT_EQ(proofs.size(), 1U);
  EXPECT_EQ(proofs[0].header_a, other.header);
  EXPECT_EQ(proofs[0].header_b, first.header);
}

TEST_F(TakingRuns, EntryThatNamesATopologyNotYetHereWaits) {
  auto early = entry(1, {}, key());
  sync::EntryHeader header = *sync::decode_header(early.header);
  header.topology += 5;
  std::vector<Bytes> records{*early.records.front()};
  const auto taken = take(sync::seal_entry(key(), header, std::move(records)));
  EXPECT_EQ(taken.outcome, Taken::Outcome::kMissing);
  EXPECT_EQ(taken.want->log, ledger.directory().topology_key().id());
}

TEST_F(TakingRuns, RolledBackTransactionLeavesMemoryAsItWas) {
  ASSERT_TRUE(town.database->begin().ok());
  EXPECT_EQ(ledger.take(packed(entry(1, {}, key())), store::Source::kBelow).outcome,
            Taken::Outcome::kStored);
  town.database->rollback();
  ledger.rolled_back();
  EXPECT_EQ(ledger.logs().log(key().public_key().id()).head.sequence, 0U);
  EXPECT_EQ(take(entry(1, {}, key())).outcome, Taken::Outcome::kStored);
}

// A root's topology key that somebody else got hold of cannot make changes: neither when they
// come nor when the node starts again.
TEST_F(TakingRuns, ChangeThatNoOperatorSignedHasNoEffectAfterARestartEither) {
  auto forged = topology::sign_change(network.root_key, network.id, network.clock.wall_ms,
                                      {topology::UnitRenamed{kVillage, "假名"}}, network.random);
  forged.signatures.front().signature.bytes[0] ^= 1;
  const auto& topology_key = *network.at(kCity).keys.topology;
  const auto& log = topology_key.public_key().id();
  const auto head = ledger.logs().log(log).head;
  auto bytes = sync::encode_record({std::string(topology::kChangeKind), kCity.text(),
                                    forged.encode(), sync::make_salt(network.random)});
  sync::SealedEntry sealed;
  sealed.header = sync::encode_header({network.id,
                                       log,
                                       head.sequence + 1,
                                       head.digest,
                                       network.clock.wall_ms,
                                       head.sequence,
                                       {sync::record_digest(network.suite, bytes)}});
  sealed.signature = topology_key.sign("yishi/entry/1", sealed.header);
  sealed.records.emplace_back(std::move(bytes));
  ASSERT_EQ(take(sealed).outcome, Taken::Outcome::kStored);
  EXPECT_EQ(ledger.directory().unit(kVillage)->name, "一村");
  Ledger again(*town.database);
  ASSERT_TRUE(again.load().ok());
  EXPECT_EQ(again.directory().unit(kVillage)->name, "一村");
}

}  // namespace
}  // namespace yishi::turn
