#include "tests/sim/check_proof.h"

#include "tests/sim/check_fixture.h"
#include "topology/change.h"

namespace yishi::sim {
namespace {

class ProofTest : public CheckTest {
 protected:
  Failures check() const { return check_proof(Book(witness)); }
};

TEST_F(ProofTest, TrueAccountIsRight) {
  const auto failures = check();
  EXPECT_TRUE(failures.empty()) << all(failures);
}

TEST_F(ProofTest, EntryThatItsLogsMachineNeverWrote) {
  auto row = next_entry(Story::kAtVillage, {journal_line("不是他写的")});
  row.source = store::Source::kBelow;
  row.position = rows(Story::kAtTown).back()->row.position + 1;
  witness.note(15, Story::kAtTown, Stored{row});
  EXPECT_TRUE(says(check(), "was never written by node 3"));
}

TEST_F(ProofTest, HostileEntryWithoutItsSignature) {
  witness.nodes[Story::kAtVillage].hostile = true;
  const auto last = last_entry(Story::kAtVillage);
  sync::EntryHeader header = last.header;
  header.sequence += 1;
  header.previous = last.digest;
  const auto sealed = sync::seal_entry(story().at(Story::kAtTown).keys.node, header,
                                       {sync::encode_record(journal_line("别人签的"))});
  // The village's header under the township's signature.
  header.log = witness.nodes[Story::kAtVillage].key.id();
  header.records = {crypto::digest(witness.suite, "yishi/record/1", {*sealed.records[0]})};
  const auto bytes = sync::encode_header(header);
  const sync::Entry entry{bytes, sealed.signature.view(), {*sealed.records[0]}};
  store::StoredRow row;
  row.log = header.log;
  row.first = row.last = header.sequence;
  row.records = 1;
  row.source = store::Source::kBelow;
  row.position = rows(Story::kAtTown).back()->row.position + 1;
  row.run = sync::pack_run({&entry, 1}, false);
  witness.note(15, Story::kAtTown, Stored{row});
  EXPECT_TRUE(says(check(), "was never written by node 3"));
}

TEST_F(ProofTest, HostileEntryWithItsSignatureIsItsOwn) {
  witness.nodes[Story::kAtVillage].hostile = true;
  auto row = next_entry(Story::kAtVillage, {journal_line("他签的")});
  row.source = store::Source::kBelow;
  row.position = rows(Story::kAtTown).back()->row.position + 1;
  witness.note(15, Story::kAtTown, Stored{row});
  EXPECT_TRUE(check().empty()) << all(check());
}

TEST_F(ProofTest, RecordThatIsNotTheOneThatWasSigned) {
  auto& row = last_own_row(Story::kAtVillage).row;
  const auto run = sync::Run::open(row.run);
  ASSERT_TRUE(run.ok());
  auto entry = run->entries().back();
  const auto other = sync::encode_record(journal_line("改过的"));
  entry.records[0] = other;
  row.run = sync::pack_run({&entry, 1}, false);
  EXPECT_TRUE(says(check(), "is not the one that was signed"));
}

TEST_F(ProofTest, PersonalDataInARun) {
  write(Story::kAtVillage,
        next_entry(Story::kAtVillage, {{"issue.reporter", story().lamp_issue, {0x80}, {}}}), {});
  EXPECT_TRUE(says(check(), "carries personal data"));
}

TEST_F(ProofTest, ChainWithAHole) {
  drop_rows(Story::kAtTown, [&](const store::StoredRow& row) {
    return row.log == witness.nodes[Story::kAtVillage].key.id() && row.first == 1;
  });
  EXPECT_TRUE(says(check(), "has a hole before"));
}

TEST_F(ProofTest, EntryThatDoesNotFollow) {
  const auto last = last_entry(Story::kAtVillage);
  write(Story::kAtVillage,
        story().forge(Story::kAtVillage, last.header.sequence + 1, last.header.previous,
                      {journal_line("接错了")}, last.header.topology),
        {});
  EXPECT_TRUE(says(check(), "does not follow the entry before it"));
}

TEST_F(ProofTest, OlderTopologyThanBefore) {
  const auto last = last_entry(Story::kAtVillage);
  write(Story::kAtVillage,
        story().forge(Story::kAtVillage, last.header.sequence + 1, last.digest,
                      {journal_line("旧目录")}, last.header.topology - 1),
        {});
  EXPECT_TRUE(says(check(), "names an older topology"));
}

TEST_F(ProofTest, TopologyChangeThatNobodySigned) {
  auto& network = story().network;
  auto change =
      topology::sign_change(network.root_key, network.id, network.clock.wall_ms,
                            {topology::UnitRenamed{turn::kVillage, "假村"}}, network.random);
  change.signatures.front().signature.bytes[0] ^= 1;
  sync::EntryHeader header;
  const Book book(witness);
  const HeldEntry* last = nullptr;
  for (auto* stored : rows(Story::kRoot)) {
    if (stored->row.log == witness.topology_log) last = book.read(stored->row).entries.back();
  }
  header.network = network.id;
  header.sequence = last->header.sequence + 1;
  header.previous = last->digest;
  header.time_ms = last->header.time_ms;
  header.topology = last->header.topology + 1;
  const sync::Record record{std::string(topology::kChangeKind), {}, change.encode(), {}};
  const auto sealed = sync::seal_entry(*story().at(Story::kRoot).keys.topology, header,
                                       {sync::encode_record(record)});
  const auto entry = sealed.view();
  store::StoredRow row;
  row.log = witness.topology_log;
  row.first = row.last = header.sequence;
  row.records = 1;
  row.run = sync::pack_run({&entry, 1}, false);
  write(Story::kRoot, row, {});
  EXPECT_TRUE(says(check(), "is not signed by the key it names"));
}

TEST_F(ProofTest, MisdeedThatHasEffect) {
  const Book book(witness);
  const auto shelf = shelves_at_end(book).at(Story::kAtVillage);
  for (const auto* entry : shelf.entries()) {
    Facts facts;
    add_facts(facts, *entry);
    if (facts.empty()) continue;
    witness.note(5, Story::kAtVillage, Misdeed{"no_authority", entry->header.records.front()});
    EXPECT_TRUE(says(check_proof(Book(witness)), "must have no effect"));
    return;
  }
  FAIL() << "the story has no fact";
}

class ForksTest : public CheckTest {
 protected:
  Failures check() const { return check_forks(Book(witness)); }
  store::Database& database(std::size_t node) { return *story().at(node).database; }
  // The village signs another entry for its last sequence.
  store::StoredRow other_last() {
    const auto last = last_entry(Story::kAtVillage);
    return story().forge(Story::kAtVillage, last.header.sequence, last.header.previous,
                         {journal_line("另一段历史")}, last.header.topology);
  }
  store::ForkProof proof() {
    const auto row = other_last();
    const auto last = last_entry(Story::kAtVillage);
    const auto run = sync::Run::open(row.run);
    return {row.log,
            row.first,
            last.bytes,
            copy(last.signature.view()),
            copy(run->entries()[0].header),
            copy(run->entries()[0].signature)};
  }
};

TEST_F(ForksTest, TrueAccountIsRight) {
  const auto failures = check();
  EXPECT_TRUE(failures.empty()) << all(failures);
}

TEST_F(ForksTest, ForkThatMetAndLeftNoProof) {
  witness.nodes[Story::kAtVillage].hostile = true;
  auto other = other_last();
  auto& own = last_own_row(Story::kAtVillage).row;
  other.position = own.position;
  own = other;
  EXPECT_TRUE(says(check(), "has no proof that node 3"));
}

TEST_F(ForksTest, TrueProofWithQuarantineIsRightAndWithoutItIsNot) {
  witness.nodes[Story::kAtVillage].hostile = true;
  auto& town = database(Story::kAtTown);
  store::Logs logs(town);
  ASSERT_TRUE(town.begin().ok());
  ASSERT_TRUE(logs.add_fork(proof()).ok());
  EXPECT_TRUE(says(check(), "is in no quarantine"));
  ASSERT_TRUE(logs.quarantine(proof().log, "log.fork", proof().sequence).ok());
  EXPECT_TRUE(check().empty()) << all(check());
  town.rollback();
}

TEST_F(ForksTest, QuarantineWithoutProof) {
  witness.nodes[Story::kAtVillage].hostile = true;
  auto& town = database(Story::kAtTown);
  ASSERT_TRUE(town.begin().ok());
  ASSERT_TRUE(store::Logs(town).quarantine(proof().log, "log.fork", 1).ok());
  EXPECT_TRUE(says(check(), "in quarantine without a proof"));
  town.rollback();
}

TEST_F(ForksTest, HonestLogAccused) {
  auto& town = database(Story::kAtTown);
  store::Logs logs(town);
  ASSERT_TRUE(town.begin().ok());
  ASSERT_TRUE(logs.add_fork(proof()).ok());
  ASSERT_TRUE(logs.quarantine(proof().log, "log.fork", proof().sequence).ok());
  EXPECT_TRUE(says(check(), "accuses node 3"));
  EXPECT_TRUE(says(check(), "holds the log of node 3 (320803001001) in quarantine"));
  town.rollback();
}

TEST_F(ForksTest, ProofThatProvesNothing) {
  witness.nodes[Story::kAtVillage].hostile = true;
  auto& town = database(Story::kAtTown);
  store::Logs logs(town);
  auto same = proof();
  same.header_b = same.header_a;
  same.signature_b = same.signature_a;
  ASSERT_TRUE(town.begin().ok());
  ASSERT_TRUE(logs.add_fork(same).ok());
  ASSERT_TRUE(logs.quarantine(same.log, "log.fork", same.sequence).ok());
  EXPECT_TRUE(says(check(), "a proof against node 3 (320803001001) that is none"));
  town.rollback();
}

// A story of its own: what is suspended or ended stays so.
TEST(StandingTest, RowsOfASuspendedChildOrAnEndedKey) {
  Story story;
  const auto key = story.at(Story::kAtVillage).keys.node.public_key().id();
  EXPECT_TRUE(check_standing(Book(story.tell())).empty());
  ASSERT_TRUE(story.network.change({topology::UnitSuspended{turn::kVillage}}).ok());
  story.network.settle();
  auto witness = story.tell();
  EXPECT_TRUE(check_standing(Book(witness)).empty()) << "taken before anyone knew";
  const auto newest = story.node_directory(Story::kRoot).latest();
  witness.events.insert(witness.events.begin(), {0, Story::kAtTown, TopologyHeld{newest}});
  EXPECT_TRUE(says(check_standing(Book(witness)), "which is suspended"));

  const auto early = std::find_if(witness.events.begin(), witness.events.end(), [](const Event& e) {
    return e.node == Story::kAtDistrict && std::holds_alternative<TopologyHeld>(e.what);
  });
  std::get<TopologyHeld>(early->what).version = 1;
  early->at = 0;
  EXPECT_TRUE(says(check_standing(Book(witness)), "of the topology; it has 1"));

  ASSERT_TRUE(story.network.change({topology::UnitResumed{turn::kVillage}}).ok());
  ASSERT_TRUE(story.network.change({topology::NodeEnded{key, 1}}).ok());
  story.network.settle();
  witness = story.tell();
  const auto ended = story.node_directory(Story::kRoot).latest();
  witness.events.insert(witness.events.begin(), {0, Story::kAtTown, TopologyHeld{ended}});
  EXPECT_TRUE(says(check_standing(Book(witness)), "after the end of its key"));
}

}  // namespace
}  // namespace yishi::sim
