#include "sync/log_check.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/sync/log_writer.h"

namespace yishi::sync {
namespace {

// A receiver of one log: its head and, if it keeps them, the digests below it.
struct Receiver {
  explicit Receiver(const LogWriter& log) : key(log.public_key()) {}

  crypto::PublicKey key;
  Head head;
  std::map<std::uint64_t, crypto::Digest> held;

  std::function<std::optional<crypto::Digest>(std::uint64_t)> digest_at() const {
    return [this](std::uint64_t sequence) -> std::optional<crypto::Digest> {
      const auto found = held.find(sequence);
      return found == held.end() ? std::nullopt : std::optional(found->second);
    };
  }
  Verdict check(const std::vector<SealedEntry>& entries) const {
    return check_run(key, kTestNetwork, head, run_of(entries), digest_at());
  }
  Verdict check_one_by_one(const std::vector<SealedEntry>& entries) const {
    return check_singly(key, kTestNetwork, run_of(entries), digest_at());
  }
  void take(const std::vector<SealedEntry>& entries) {
    const Verdict verdict = check(entries);
    ASSERT_EQ(verdict.standing, Standing::kFollows);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      held[verdict.headers[i].sequence] = verdict.digests[i];
    }
    head = verdict.head;
  }
};

void expect(const Verdict& verdict, Standing standing, std::string_view rule, std::size_t at = 0) {
  EXPECT_EQ(verdict.standing, standing);
  ASSERT_TRUE(verdict.error.has_value());
  EXPECT_EQ(verdict.error->rule, rule);
  EXPECT_FALSE(verdict.error->zh.empty());
  EXPECT_FALSE(verdict.error->en.empty());
  EXPECT_EQ(verdict.at, at);
}

std::vector<SealedEntry> part(const std::vector<SealedEntry>& entries, std::size_t from,
                              std::size_t count) {
  const auto begin = entries.begin() + static_cast<long>(from);
  return {begin, begin + static_cast<long>(count)};
}

class CheckRun : public testing::TestWithParam<crypto::Suite> {};
INSTANTIATE_TEST_SUITE_P(both_suites, CheckRun, testing::ValuesIn(kBothSuites),
                         [](const auto& suite) {
                           return std::string(crypto::suite_name(suite.param));
                         });

TEST_P(CheckRun, from_an_empty_log_follows_to_its_end) {
  LogWriter log(GetParam());
  const Receiver receiver(log);
  const Verdict verdict = receiver.check(log.write_many(7));
  EXPECT_EQ(verdict.standing, Standing::kFollows);
  EXPECT_EQ(verdict.first_new, 0U);
  EXPECT_EQ(verdict.headers.size(), 7U);
  EXPECT_EQ(verdict.digests.size(), 7U);
  EXPECT_EQ(verdict.head.sequence, 7U);
  EXPECT_EQ(verdict.head.digest, log.head().digest);
  EXPECT_EQ(verdict.head.time_ms, log.head().time_ms);
  EXPECT_FALSE(verdict.error.has_value());
}

TEST_P(CheckRun, with_any_bit_flipped_is_not_accepted) {
  LogWriter log(GetParam());
  const Receiver receiver(log);
  Bytes bytes = packed({log.write({test_record("一"), test_record("二")}), log.write("三")});
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto run = Run::open(bytes);
    if (run.ok()) {
      EXPECT_EQ(check_run(receiver.key, kTestNetwork, {}, *run, holds_only_head).standing,
                Standing::kInvalid)
          << "bit " << bit;
    }
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
}

TEST_P(CheckRun, compressed_with_any_bit_flipped_brings_nothing_but_what_was_signed) {
  LogWriter log(GetParam());
  const Receiver receiver(log);
  const auto entries = log.write_many(2);
  const Bytes plain = packed(entries);
  Bytes bytes = packed(entries, true);
  ASSERT_EQ(bytes[0], 1);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto run = Run::open(bytes);
    if (run.ok() && check_run(receiver.key, kTestNetwork, {}, *run, holds_only_head).standing !=
                        Standing::kInvalid) {
      // zstd ignores a bit of its frame header: the same content then.
      EXPECT_EQ(pack_run(run->entries(), false), plain) << "bit " << bit;
    }
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
}

TEST_P(CheckRun, with_another_entry_for_a_sequence_we_hold_is_a_fork) {
  LogWriter log(GetParam());
  Receiver receiver(log);
  const auto history = log.write_many(2);
  LogWriter twin = log;  // the same key goes on twice
  receiver.take(history);
  receiver.take({log.write("说法一")});
  const SealedEntry other = twin.write("说法二");
  const Verdict verdict = receiver.check({other});
  expect(verdict, Standing::kForked, "log.fork", 0);
  EXPECT_EQ(verdict.error->field, "sequence");
  EXPECT_EQ(verdict.headers.at(0).sequence, receiver.head.sequence);
  EXPECT_NE(verdict.digests.at(0), receiver.head.digest);
  EXPECT_TRUE(signature_valid(receiver.key, other.view()));  // anyone can check the proof
}

TEST(CheckRunFollows, with_256_entries) {
  LogWriter log;
  const Receiver receiver(log);
  const Verdict verdict = receiver.check(log.write_many(kMaxRunEntries));
  EXPECT_EQ(verdict.standing, Standing::kFollows);
  EXPECT_EQ(verdict.head.sequence, kMaxRunEntries);
}

TEST(CheckRunFollows, with_records_absent) {
  LogWriter log;
  const Receiver receiver(log);
  auto entries = log.write_many(3);
  entries[0].records[0].reset();
  entries[2].records[0].reset();
  EXPECT_EQ(receiver.check(entries).standing, Standing::kFollows);
}

TEST(CheckRunFollows, when_the_clock_went_back) {
  LogWriter log;
  const Receiver receiver(log);
  std::vector<SealedEntry> entries{log.write("一")};
  log.next.time_ms = 5;
  entries.push_back(log.write("二"));
  const Verdict verdict = receiver.check(entries);
  EXPECT_EQ(verdict.standing, Standing::kFollows);
  EXPECT_EQ(verdict.head.time_ms, 5U);
}

TEST(CheckRunFollows, from_the_first_new_entry_when_it_overlaps_what_we_hold) {
  LogWriter log;
  Receiver receiver(log);
  const auto entries = log.write_many(6);
  receiver.take(part(entries, 0, 4));
  for (const bool keeps_old : {true, false}) {
    if (!keeps_old) receiver.held.clear();
    const Verdict verdict = receiver.check(part(entries, 2, 4));
    EXPECT_EQ(verdict.standing, Standing::kFollows);
    EXPECT_EQ(verdict.first_new, 2U);
    EXPECT_EQ(verdict.headers.size(), 4U);
    EXPECT_EQ(verdict.head.sequence, 6U);
  }
}

TEST(CheckRunKnown, when_it_comes_again) {
  LogWriter log;
  Receiver receiver(log);
  const auto entries = log.write_many(5);
  receiver.take(entries);
  for (const auto& again : {entries, part(entries, 1, 3), part(entries, 4, 1)}) {
    const Verdict verdict = receiver.check(again);
    EXPECT_EQ(verdict.standing, Standing::kKnown);
    EXPECT_EQ(verdict.first_new, again.size());
    EXPECT_EQ(verdict.headers.size(), again.size());
  }
}

TEST(CheckRunKnown, below_the_head_where_nothing_is_held_needs_a_signature) {
  LogWriter log;
  Receiver receiver(log);
  auto entries = log.write_many(5);
  receiver.take(entries);
  receiver.held.clear();
  EXPECT_EQ(receiver.check(part(entries, 1, 2)).standing, Standing::kKnown);
  entries[2].signature.bytes[0] ^= 1;
  expect(receiver.check(part(entries, 1, 2)), Standing::kInvalid, "log.signature", 1);
}

TEST(CheckRunGap, is_said_of_a_signed_run_beyond_the_next_entry) {
  LogWriter log;
  Receiver receiver(log);
  auto entries = log.write_many(6);
  expect(receiver.check(part(entries, 1, 3)), Standing::kGap, "log.gap");
  receiver.take(part(entries, 0, 2));
  const Verdict verdict = receiver.check(part(entries, 3, 3));
  expect(verdict, Standing::kGap, "log.gap");
  EXPECT_EQ(verdict.headers.size(), 3U);
}

TEST(CheckRunGap, is_not_said_of_junk) {
  LogWriter log;
  Receiver receiver(log);
  auto entries = log.write_many(6);
  entries[5].signature.bytes[10] ^= 1;
  expect(receiver.check(part(entries, 3, 3)), Standing::kInvalid, "log.signature", 2);
}

TEST(CheckRunForked, below_the_head_as_far_as_digests_are_held) {
  LogWriter log;
  Receiver receiver(log);
  const auto history = log.write_many(2);
  LogWriter twin = log;
  receiver.take(history);
  receiver.take(log.write_many(3));
  const SealedEntry other = twin.write("另一说法");
  expect(receiver.check({history[1], other}), Standing::kForked, "log.fork", 1);
}

TEST(CheckRunForked, when_the_next_entry_follows_another_than_our_head) {
  LogWriter log;
  Receiver receiver(log);
  const auto history = log.write_many(2);
  LogWriter twin = log;
  receiver.take(history);
  receiver.take({log.write("说法一")});
  twin.write("说法二");
  const Verdict verdict = receiver.check({twin.write("接着说法二")});
  expect(verdict, Standing::kForked, "log.fork", 0);
  EXPECT_EQ(verdict.error->field, "previous");
}

TEST(CheckRunForked, even_when_the_run_is_damaged_further_on) {
  LogWriter log;
  Receiver receiver(log);
  LogWriter twin = log;
  receiver.take(log.write_many(2));
  auto others = std::vector<SealedEntry>{twin.write("甲"), twin.write("乙")};
  others[1].signature.bytes[3] ^= 1;
  expect(receiver.check(others), Standing::kForked, "log.fork", 0);
}

TEST(CheckRunForked, is_not_said_of_an_entry_that_its_key_did_not_sign) {
  LogWriter log;
  Receiver receiver(log);
  LogWriter twin = log;
  const auto history = log.write_many(3);
  receiver.take(history);

  SealedEntry unsigned_other = twin.write("伪造");
  unsigned_other.signature.bytes[0] ^= 1;
  expect(receiver.check({unsigned_other}), Standing::kInvalid, "log.signature", 0);

  SealedEntry resigned = history[2];  // the entry we hold under a junk signature
  resigned.signature.bytes[0] ^= 1;
  expect(receiver.check({resigned}), Standing::kInvalid, "log.signature", 0);

  log.next.previous = filled_digest(9);
  SealedEntry unsigned_next = log.write("伪造的后续");
  unsigned_next.signature.bytes[0] ^= 1;
  expect(receiver.check({unsigned_next}), Standing::kInvalid, "log.signature", 0);
}

TEST(CheckRunInvalid, of_another_log) {
  LogWriter log;
  LogWriter stranger(log.key().suite(), 2);
  const Receiver receiver(log);
  expect(receiver.check({stranger.write("一")}), Standing::kInvalid, "log.foreign");
  const SealedEntry ours = log.write("一");
  stranger.next.previous = log.head().digest;
  expect(receiver.check({ours, stranger.write("二")}), Standing::kInvalid, "log.foreign", 1);
}

TEST(CheckRunInvalid, of_another_network) {
  LogWriter log;
  const Receiver receiver(log);
  log.next.network = filled_digest(8);
  expect(receiver.check({log.write("一")}), Standing::kInvalid, "entry.network");
}

TEST(CheckRunInvalid, with_a_record_that_was_changed) {
  LogWriter log;
  const Receiver receiver(log);
  auto entries = log.write_many(3);
  entries[1].records[0]->back() ^= 1;
  expect(receiver.check(entries), Standing::kInvalid, "entry.record.digest", 1);
}

TEST(CheckRunInvalid, when_sequences_do_not_rise_by_one) {
  LogWriter log;
  const Receiver receiver(log);
  const auto entries = log.write_many(3);
  expect(receiver.check({entries[0], entries[2]}), Standing::kInvalid, "log.sequence", 1);
  expect(receiver.check({entries[1], entries[0]}), Standing::kInvalid, "log.sequence", 1);
  expect(receiver.check({entries[0], entries[0]}), Standing::kInvalid, "log.sequence", 1);
}

TEST(CheckRunInvalid, when_an_entry_does_not_name_the_one_before_it) {
  LogWriter log;
  const Receiver receiver(log);
  std::vector<SealedEntry> entries{log.write("一")};
  log.next.previous = filled_digest(9);
  entries.push_back(log.write("二"));
  expect(receiver.check(entries), Standing::kInvalid, "log.previous", 1);
}

TEST(CheckRunInvalid, when_a_signature_inside_or_at_the_end_was_changed) {
  LogWriter log;
  const Receiver receiver(log);
  const auto good = log.write_many(3);
  auto inside = good;
  inside[0].signature.bytes[0] ^= 1;
  expect(receiver.check(inside), Standing::kInvalid, "log.previous", 1);
  auto end = good;
  end[2].signature.bytes[0] ^= 1;
  expect(receiver.check(end), Standing::kInvalid, "log.signature", 2);
}

TEST(CheckRunInvalid, when_the_topology_version_goes_back) {
  LogWriter log;
  const Receiver receiver(log);
  std::vector<SealedEntry> entries{log.write("一")};
  log.next.topology -= 1;
  entries.push_back(log.write("二"));
  expect(receiver.check(entries), Standing::kInvalid, "log.topology.rollback", 1);
}

TEST(CheckRun256, at_the_largest_sequence_there_is_nothing_after_it) {
  LogWriter log;
  log.next.sequence = kMaxNumber;
  log.next.previous = filled_digest(3);
  Receiver receiver(log);
  receiver.head = {kMaxNumber - 1, filled_digest(3), 0};
  receiver.take({log.write("最后")});
  EXPECT_EQ(receiver.head.sequence, kMaxNumber);
}

TEST(CheckSingly, takes_entries_in_any_order_and_with_holes) {
  LogWriter log;
  const Receiver receiver(log);
  const auto entries = log.write_many(9);
  const Verdict verdict = receiver.check_one_by_one({entries[7], entries[2], entries[4]});
  EXPECT_EQ(verdict.standing, Standing::kFollows);
  EXPECT_EQ(verdict.first_new, 0U);
  EXPECT_EQ(verdict.headers.size(), 3U);
  EXPECT_EQ(verdict.digests.size(), 3U);
  EXPECT_EQ(verdict.head.sequence, 0U);
}

TEST(CheckSingly, passes_over_what_we_hold) {
  LogWriter log;
  Receiver receiver(log);
  const auto entries = log.write_many(4);
  receiver.take(part(entries, 0, 2));
  const Verdict some = receiver.check_one_by_one({entries[1], entries[3], entries[3]});
  EXPECT_EQ(some.standing, Standing::kFollows);
  EXPECT_EQ(some.first_new, 1U);
  const Verdict none = receiver.check_one_by_one({entries[1], entries[0]});
  EXPECT_EQ(none.standing, Standing::kKnown);
  EXPECT_EQ(none.first_new, 2U);
}

TEST(CheckSingly, checks_every_signature) {
  LogWriter log;
  const Receiver receiver(log);
  auto entries = log.write_many(4);
  entries[1].signature.bytes[0] ^= 1;
  expect(receiver.check_one_by_one({entries[3], entries[1], entries[0]}), Standing::kInvalid,
         "log.signature", 1);
}

TEST(CheckSingly, refuses_another_log_and_another_network) {
  LogWriter log;
  LogWriter stranger(log.key().suite(), 2);
  const Receiver receiver(log);
  expect(receiver.check_one_by_one({log.write("一"), stranger.write("一")}), Standing::kInvalid,
         "log.foreign", 1);
  log.next.network = filled_digest(8);
  expect(receiver.check_one_by_one({log.write("二")}), Standing::kInvalid, "entry.network");
}

TEST(CheckSingly, finds_a_fork_against_what_we_hold_and_within_the_run) {
  LogWriter log;
  Receiver receiver(log);
  const auto history = log.write_many(2);
  LogWriter twin = log;
  receiver.take(history);
  const SealedEntry one = log.write("说法一");
  const SealedEntry other = twin.write("说法二");
  expect(receiver.check_one_by_one({one, other}), Standing::kForked, "log.fork", 1);
  receiver.take({one});
  expect(receiver.check_one_by_one({other}), Standing::kForked, "log.fork", 0);
  const Verdict next = receiver.check_one_by_one({twin.write("接着说法二")});
  expect(next, Standing::kForked, "log.fork", 0);
  EXPECT_EQ(next.error->field, "previous");
  SealedEntry junk = other;
  junk.signature.bytes[0] ^= 1;
  expect(receiver.check_one_by_one({junk}), Standing::kInvalid, "log.signature", 0);
}

}  // namespace
}  // namespace yishi::sync
