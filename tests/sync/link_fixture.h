// A child and a parent, and between them whatever the test lets through.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sync/link.h"
#include "tests/sync/seeded_random.h"

namespace yishi::sync {

inline constexpr Nonce kChildStore{1};
inline constexpr Nonce kParentStore{2};
inline constexpr Nonce kOtherStore{3};

class LinkTest : public testing::Test {
 protected:
  LinkTest() {
    child_self_.incarnation = kChildStore;
    parent_self_.incarnation = kParentStore;
    update_self();
  }

  void update_self() {
    child_.set_self(child_self_);
    parent_.set_self(parent_self_);
  }

  void child_has(std::uint64_t last) {
    child_self_.last_position = last;
    update_self();
  }

  static Heard give(Link& to, std::uint64_t now, const Outgoing& message) {
    return to.receive(now, message.session, message.counter, message.message);
  }

  static std::vector<Heard> give_all(Link& to, std::uint64_t now,
                                     const std::vector<Outgoing>& messages) {
    std::vector<Heard> heard;
    heard.reserve(messages.size());
    for (const Outgoing& message : messages) heard.push_back(give(to, now, message));
    return heard;
  }

  // Carries until both are quiet; batches are committed.
  void carry() {
    for (int round = 0; round < 20; ++round) {
      auto up = child_.take();
      auto down = parent_.take();
      if (up.empty() && down.empty()) return;
      commit_all(parent_, give_all(parent_, now_, up));
      commit_all(child_, give_all(child_, now_, down));
    }
    FAIL() << "the ends do not come to rest";
  }

  void commit_all(Link& link, const std::vector<Heard>& heard) {
    for (const Heard& each : heard) {
      if (each.batch) link.committed(now_, end_of(*each.batch), {});
    }
  }

  static Cursor end_of(const Entries& batch) {
    return {.incarnation = batch.incarnation, .position = batch.upto};
  }

  void connect() {
    child_.line_up(now_);
    carry();
    ASSERT_EQ(child_.state(), LinkState::kOpen);
    ASSERT_EQ(parent_.state(), LinkState::kOpen);
  }

  static std::vector<Row> rows(std::uint64_t first, std::uint64_t last, std::size_t bytes = 10) {
    std::vector<Row> made;
    made.reserve(last - first + 1);
    for (std::uint64_t p = first; p <= last; ++p)
      made.push_back({.position = p, .run = Bytes(bytes)});
    return made;
  }

  // What the child sends of its stream after one push.
  std::vector<Outgoing> child_sends(std::uint64_t first, std::uint64_t last,
                                    std::size_t bytes = 10) {
    child_.push(now_, rows(first, last, bytes), last);
    return child_.take();
  }

  static std::string rule(const Heard& heard) { return heard.refusal ? heard.refusal->rule : ""; }

  template <class T>
  static std::vector<T> only(const std::vector<Outgoing>& messages) {
    std::vector<T> found;
    for (const Outgoing& each : messages) {
      if (const T* message = std::get_if<T>(&each.message)) found.push_back(*message);
    }
    return found;
  }

  // Of the session now open; whoever asks has sent nothing from the parent in it.
  Nonce session_of_child() {
    child_.send(now_, Want{});
    return child_.take().at(0).session;
  }

  // A parent that starts with what an earlier one wrote down.
  void parent_holds(const Cursor& cursor) {
    parent_place_.emplace(Role::kParent, random_, cursor);
    update_self();
  }

  std::uint64_t now_ = 1'000'000;
  SeededRandom random_{1};
  Link::Self child_self_;
  Link::Self parent_self_;
  Link child_{Role::kChild, random_, {}};
  std::optional<Link> parent_place_{std::in_place, Role::kParent, random_, Cursor{}};
  Link& parent_ = *parent_place_;
};

}  // namespace yishi::sync
