// Two links, their stores and the bad network between them, in memory and by a seed.
//
// An end's disk (rows, cursor, what it took in) outlives a restart; its link and the
// batches it has not committed do not. Each step is one turn of each end: receive,
// commit, read the store, send.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "sync/link.h"
#include "tests/sync/seeded_random.h"

namespace yishi::sync {

struct Weather {  // per cent, ms
  int drop = 0;
  int duplicate = 0;
  std::uint64_t delay_ms = 50;
  std::uint64_t jitter_ms = 0;  // more than a step's length reorders
  int cut_per_mille = 0;        // a step: the line goes, seen or unseen
  int restart_per_mille = 0;    // a step and end: between turns, or before a commit
  int commit_fails = 0;         // of the turns that have something to commit
};

struct StoredRow {
  Row row;
  bool for_peer = true;
};

struct Disk {
  Nonce incarnation{};
  std::vector<StoredRow> rows;  // positions 1, 2, 3 …
  Cursor cursor;                // of the peer's stream
  std::vector<Row> taken_in;    // the peer's rows, in the order committed
};

class End {
 public:
  End(Role role, std::uint64_t seed) : role_(role), random_(seed) {
    random_.fill(disk_.incarnation);
    start();
  }

  void start() {
    batches_.clear();
    link_ = std::make_unique<Link>(role_, random_, disk_.cursor);
    update_self();
  }

  void append(std::size_t bytes, bool for_peer) {
    const std::uint64_t position = disk_.rows.size() + 1;
    disk_.rows.push_back(
        {.row = {.position = position, .run = Bytes(bytes, static_cast<std::uint8_t>(position))},
         .for_peer = for_peer});
    update_self();
  }

  void receive(std::uint64_t now_ms, const Outgoing& message) {
    Heard heard = link_->receive(now_ms, message.session, message.counter, message.message);
    if (heard.batch) batches_.push_back(*std::move(heard.batch));
  }

  bool has_batches() const { return !batches_.empty(); }

  void commit(std::uint64_t now_ms) {
    if (batches_.empty()) return;
    for (Entries& batch : batches_) {
      for (Row& row : batch.rows) disk_.taken_in.push_back(std::move(row));
      disk_.cursor = {.incarnation = batch.incarnation, .position = batch.upto};
    }
    batches_.clear();
    link_->committed(now_ms, disk_.cursor, {});
  }

  void fail_to_commit() {
    batches_.clear();
    link_->not_committed();
  }

  void read_store(std::uint64_t now_ms) {
    while (const auto pull = link_->pull()) {
      std::vector<Row> rows;
      std::size_t bytes = 0;
      std::uint64_t upto = pull->after;
      while (upto < disk_.rows.size() && upto < pull->after + kRowsPerRead) {
        const StoredRow& next = disk_.rows[upto];
        if (next.for_peer && !rows.empty() && bytes + next.row.run.size() > pull->max_bytes) break;
        if (next.for_peer) rows.push_back(next.row);
        if (next.for_peer) bytes += next.row.run.size();
        ++upto;
      }
      link_->push(now_ms, std::move(rows), upto);
    }
  }

  std::vector<Row> stream() const {  // what the peer must end up with
    std::vector<Row> rows;
    for (const StoredRow& each : disk_.rows) {
      if (each.for_peer) rows.push_back(each.row);
    }
    return rows;
  }

  Link& link() { return *link_; }
  const Link& link() const { return *link_; }
  const Disk& disk() const { return disk_; }

 private:
  static constexpr std::size_t kRowsPerRead = 40;

  void update_self() {
    link_->set_self({.incarnation = disk_.incarnation,
                     .last_position = disk_.rows.size(),
                     .topology = 1,
                     .clock_ms = 0,
                     .software = "test",
                     .lacks = {}});
  }

  Role role_;
  SeededRandom random_;
  Disk disk_;
  std::unique_ptr<Link> link_;
  std::vector<Entries> batches_;  // received in this turn
};

class LinkNetwork {
 public:
  LinkNetwork(std::uint64_t seed, const Weather& weather)
      : dice_(seed),
        weather_(weather),
        child_(Role::kChild, dice_()),
        parent_(Role::kParent, dice_()) {
    child_.link().line_up(now_ms_);
  }

  void step(std::uint64_t step_ms) {
    now_ms_ += step_ms;
    change_line();
    deliver();
    turn(child_, parent_);
    turn(parent_, child_);
  }

  // The network becomes good; the transport has a line again.
  void heal() {
    weather_ = Weather{};
    mend_line();
  }

  bool settled() const { return holds_all(child_, parent_) && holds_all(parent_, child_); }

  // An end believes of its peer no more than is on the peer's disk.
  static bool honest(const End& sender, const End& receiver) {
    const bool same = receiver.disk().cursor.incarnation == sender.disk().incarnation;
    return sender.link().acknowledged() <= (same ? receiver.disk().cursor.position : 0);
  }

  std::uint64_t roll(std::uint64_t below) { return dice_() % below; }
  std::uint64_t now_ms() const { return now_ms_; }
  End& child() { return child_; }
  End& parent() { return parent_; }

  struct Counts {
    std::size_t dropped = 0, duplicated = 0, cuts = 0, restarts = 0, failed_commits = 0, sent = 0;
    std::size_t hellos = 0, entries = 0;
  };
  const Counts& counts() const { return counts_; }

 private:
  struct Flying {
    std::uint64_t arrives_ms = 0;
    bool to_child = false;
    Outgoing message;
  };

  bool chance(int per, std::uint64_t of) { return roll(of) < static_cast<std::uint64_t>(per); }

  static bool holds_all(const End& receiver, const End& sender) {
    // All that are for the receiver; of those that are not it may have yet to be told.
    const auto& rows = sender.disk().rows;
    const auto last = std::find_if(rows.rbegin(), rows.rend(),
                                   [](const StoredRow& stored) { return stored.for_peer; });
    if (last == rows.rend() && rows.size() < kSkipPositions) return true;
    const auto& cursor = receiver.disk().cursor;
    return cursor.incarnation == sender.disk().incarnation &&
           (last == rows.rend() || cursor.position >= last->row.position) &&
           cursor.position + kSkipPositions > rows.size() &&
           sender.link().acknowledged() == cursor.position;
  }

  void change_line() {
    if (cut_until_ms_ != 0 && now_ms_ >= cut_until_ms_) mend_line();
    if (cut_until_ms_ != 0 || !chance(weather_.cut_per_mille, 1000)) return;
    ++counts_.cuts;
    cut_until_ms_ = now_ms_ + 100 + roll(2 * kSilenceMs);
    seen_ = roll(2) == 0;
    if (seen_) child_.link().line_down(now_ms_);
  }

  void mend_line() {
    if (cut_until_ms_ != 0 && seen_) child_.link().line_up(now_ms_);
    cut_until_ms_ = 0;
  }

  void deliver() {
    const auto due = std::stable_partition(flying_.begin(), flying_.end(), [&](const Flying& each) {
      return each.arrives_ms > now_ms_;
    });
    std::vector<Flying> arrived(std::make_move_iterator(due),
                                std::make_move_iterator(flying_.end()));
    flying_.erase(due, flying_.end());
    std::stable_sort(arrived.begin(), arrived.end(),
                     [](const Flying& a, const Flying& b) { return a.arrives_ms < b.arrives_ms; });
    for (const Flying& each : arrived)
      (each.to_child ? child_ : parent_).receive(now_ms_, each.message);
  }

  void restart(End& end) {
    ++counts_.restarts;
    end.start();
    const bool connected = cut_until_ms_ == 0 || !seen_;
    if (connected) end.link().line_up(now_ms_);
  }

  void turn(End& end, End& other) {
    const bool crashes = chance(weather_.restart_per_mille, 1000);
    if (crashes && roll(2) == 0) return restart(end);  // received, never committed
    if (end.has_batches() && chance(weather_.commit_fails, 100)) {
      ++counts_.failed_commits;
      end.fail_to_commit();
    }
    end.commit(now_ms_);
    if (crashes) return restart(end);  // committed, its ack never sent
    end.link().tick(now_ms_);
    end.read_store(now_ms_);
    for (Outgoing& message : end.link().take()) send(std::move(message), &other == &child_);
  }

  void send(Outgoing message, bool to_child) {
    ++counts_.sent;
    if (std::holds_alternative<Hello>(message.message)) ++counts_.hellos;
    if (std::holds_alternative<Entries>(message.message)) ++counts_.entries;
    if (cut_until_ms_ != 0) return;
    if (chance(weather_.duplicate, 100)) {
      ++counts_.duplicated;
      fly(message, to_child);
    }
    if (chance(weather_.drop, 100)) {
      ++counts_.dropped;
      return;
    }
    fly(std::move(message), to_child);
  }

  void fly(Outgoing message, bool to_child) {
    const std::uint64_t jitter = weather_.jitter_ms == 0 ? 0 : roll(weather_.jitter_ms);
    flying_.push_back({.arrives_ms = now_ms_ + weather_.delay_ms + jitter,
                       .to_child = to_child,
                       .message = std::move(message)});
  }

  std::mt19937_64 dice_;
  Weather weather_;
  std::uint64_t now_ms_ = 1'000;
  End child_;
  End parent_;
  std::vector<Flying> flying_;
  std::uint64_t cut_until_ms_ = 0;  // 0: the line is whole
  bool seen_ = false;               // the child's transport noticed the cut
  Counts counts_;
};

}  // namespace yishi::sync
