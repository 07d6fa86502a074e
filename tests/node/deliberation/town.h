// A small network with real keys and the rules of Huai'an: a city, two districts, three
// townships, villages; and an issue whose facts it keeps as a store would.
//
// Village 2 has no node of its own: the node of township 1 keeps it.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "node/deliberation/react.h"

namespace yishi::deliberation {

inline topology::Code code(std::string_view text) {
  auto parsed = topology::Code::parse(text);
  YISHI_ASSERT(parsed.ok());
  return *parsed;
}

inline const topology::Code kCity = code("320800000000");
inline const topology::Code kDistrictA = code("320803000000");
inline const topology::Code kDistrictB = code("320804000000");
inline const topology::Code kTown1 = code("320803001000");
inline const topology::Code kTown2 = code("320803002000");
inline const topology::Code kTown3 = code("320804001000");
inline const topology::Code kVillage1 = code("320803001001");
inline const topology::Code kVillage2 = code("320803001002");  // without a node
inline const topology::Code kVillage3 = code("320803002001");
inline const topology::Code kVillage4 = code("320804001001");

inline constexpr std::int64_t kYuan = 100;  // fen

inline std::string read_source(const std::string& path) {
  std::ifstream in(std::string(YISHI_SOURCE_DIR) + "/" + path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}
inline std::string huaian() { return read_source("node/deliberation/policies/huaian.toml"); }

class Town {
 public:
  explicit Town(crypto::Suite chosen = crypto::Suite::kEd25519Sha256,
                const std::string& policy = huaian())
      : suite(chosen), root(crypto::PrivateKey::generate(chosen)), world(directory) {
    using topology::UnitAdded;
    const auto unit = [](const topology::Code& one, const char* name, const char* level,
                         const topology::Code& parent) {
      return topology::Operation{UnitAdded{{one, name, level, parent, "division"}}};
    };
    std::vector<topology::Operation> operations{
        topology::NetworkCreated{"淮安",
                                 suite,
                                 {root.public_key().raw()},
                                 crypto::PrivateKey::generate(suite).public_key().raw()},
        unit(kCity, "淮安市", "city", {}),
        unit(kDistrictA, "淮安区", "district", kCity),
        unit(kDistrictB, "淮阴区", "district", kCity),
        unit(kTown1, "甲镇", "township", kDistrictA),
        unit(kTown2, "乙镇", "township", kDistrictA),
        unit(kTown3, "丙镇", "township", kDistrictB),
        unit(kVillage1, "一村", "village", kTown1),
        unit(kVillage2, "二村", "village", kTown1),
        unit(kVillage3, "三村", "village", kTown2),
        unit(kVillage4, "四村", "village", kTown3)};
    for (const topology::Code& one :
         {kCity, kDistrictA, kDistrictB, kTown1, kTown2, kTown3, kVillage1, kVillage3, kVillage4}) {
      operations.push_back(admission(one));
    }
    operations.push_back(topology::PolicySet{"huaian", policy});
    change(std::move(operations));
  }

  void change(std::vector<topology::Operation> operations) {
    const auto signed_change =
        topology::sign_change(root, directory.empty() ? crypto::Digest{} : directory.network(), now,
                              std::move(operations), random);
    const Status status = directory.apply(signed_change, directory.latest() + 1);
    ASSERT_TRUE(status.ok()) << status.error().en;
  }

  topology::Operation admission(const topology::Code& unit) {
    keys.insert_or_assign(unit, crypto::PrivateKey::generate(suite));
    return topology::NodeAdmitted{unit, keys.at(unit).public_key().raw(), random.bytes(32),
                                  "tcp://127.0.0.1:7000"};
  }

  // The record of a draft, in an entry of the node of `here`.
  Fact sign(const Draft& draft, const topology::Code& here) {
    const Bytes bytes = encode_body(draft.body);
    auto body = decode_body(bytes);
    EXPECT_TRUE(body.ok());
    Fact fact;
    fact.digest = crypto::digest(suite, "yishi/record/1", {bytes, random.bytes(16)});
    fact.author = keys.at(here).public_key().id();
    fact.sequence = ++sequences[here];
    fact.time_ms = now;
    fact.topology = directory.latest();
    fact.kind = draft.kind;
    fact.issue = draft.issue;
    fact.body = body.ok() ? *body : ActBody{};
    return fact;
  }

  std::map<topology::Code, crypto::PrivateKey> keys;
  std::map<topology::Code, std::uint64_t> sequences;
  crypto::Suite suite;
  crypto::SystemRandom random;
  crypto::PrivateKey root;
  std::uint64_t now = 1'793'750'400'000;  // Wednesday 2026-11-04 08:00 in China
  topology::Directory directory;
  World world;
};

// One issue, as the store of a node that hears of everything keeps it.
class Case {
 public:
  explicit Case(Town& the_town, const topology::Code& home = kVillage1)
      : town(the_town),
        id(make_issue_id(the_town.directory.keeper_of(home), 2026, 1)),
        home_(home) {}

  // Takes in a fact the way the README says the store does.
  Effect take(const Fact& fact) {
    facts.push_back(fact);
    Folded folded;
    if (!waiting) folded = fold(issue, fact, town.world);
    if (waiting || folded.effect == Effect::kRefold) {
      Refolded all = refold(id, facts, town.world);
      issue = std::move(all.issue);
      folded = all.effects.back();
      effects = std::move(all.effects);
    } else {
      effects.push_back(folded);
    }
    waiting = false;
    for (const Folded& one : effects) waiting = waiting || one.effect == Effect::kWaits;
    last = folded;
    return folded.effect;
  }

  // A person's act at the node of `here`; then every node does what it owes. The rule that
  // refused it, or "".
  std::string act(Act act, const topology::Code& here, ActBody body = {}) {
    town.now += kMinute;
    auto draft = act == Act::kLog
                     ? make_log(id, std::move(body), town.world, here, town.now)
                     : make_act(act, issue, std::move(body), town.world, here, town.now);
    if (!draft) {
      error = draft.error();
      EXPECT_FALSE(error.zh.empty());
      EXPECT_FALSE(error.en.empty());
      return error.rule;
    }
    EXPECT_EQ(take(town.sign(*draft, here)), Effect::kApplied)
        << (last.error ? last.error->en : "");
    settle();
    return "";
  }

  void settle() {
    for (std::size_t i = 0; i < kMaxReactions; ++i) {
      bool quiet = true;
      for (const auto& [here, key] : town.keys) {
        const auto draft = react(issue, town.world, here);
        if (!draft) continue;
        quiet = false;
        EXPECT_EQ(take(town.sign(*draft, here)), Effect::kApplied)
            << (last.error ? last.error->en : "");
      }
      if (quiet) return;
    }
    ADD_FAILURE() << "the nodes never come to rest";
  }

  std::string log(ActBody body = {}) {
    if (body.title.empty()) body.title = "村口道路积水";
    if (body.category.empty()) body.category = "environment";
    body.home = home_;
    return act(Act::kLog, town.directory.keeper_of(home_), std::move(body));
  }

  // The issue as a draft of this act would find it, for records no honest node would write.
  Draft forge(Act act, ActBody body) const {
    body.n = issue.n + 1;
    body.prev = issue.last;
    return {std::string(info(act).kind), id, std::move(body)};
  }

  static constexpr std::uint64_t kMinute = 60'000;
  Town& town;
  std::string id;
  Issue issue;
  std::vector<Fact> facts;
  std::vector<Folded> effects;
  bool waiting = false;
  Folded last;
  Error error;

 private:
  topology::Code home_;
};

inline ActBody with_text(std::string text) {
  ActBody body;
  body.text = std::move(text);
  return body;
}
inline ActBody with_reason(std::string reason) {
  ActBody body;
  body.reason = std::move(reason);
  return body;
}
inline ActBody with_budget(std::int64_t yuan) {
  ActBody body;
  body.budget_fen = yuan * kYuan;
  return body;
}
inline ActBody with_result(std::string result, std::string reason = {}) {
  ActBody body;
  body.result = std::move(result);
  body.reason = std::move(reason);
  return body;
}
// As Huai'an asks for it, in a village and in a township; ten of fifteen are from the public.
inline ActBody session(const Town& town, std::uint64_t mass = 10, std::uint64_t others = 4) {
  ActBody body;
  body.held_ms = town.now;
  body.place = "村协商议事室";
  body.form = "会议";
  body.text = "商定先清淤，再修路";
  body.parties = {{"群众代表", mass}, {"stakeholder", 1}, {"member", others - 2}};
  body.parties.insert(body.parties.end(), {{"leader", 1}, {"department", 1}});
  body.session.conveners = {{"甲", "party_head", "", "", ""}};
  body.session.host = {"乙", "deputy_secretary", "", "", ""};
  body.session.staff = {{"丙", "liaison", "", "", ""}};
  body.signed_by = "党组织";
  return body;
}
inline ActBody assignment(const topology::Code& to, std::string text = "清理沟渠") {
  ActBody body;
  body.to = to;
  body.text = std::move(text);
  return body;
}
inline ActBody progress(std::uint64_t number, std::uint64_t percent, bool done = false) {
  ActBody body;
  body.assignment = number;
  body.percent = percent;
  body.done = done;
  body.text = "进展";
  return body;
}
inline ActBody evaluation(std::string party, std::uint64_t score) {
  ActBody body;
  body.party = std::move(party);
  body.score = score;
  return body;
}

}  // namespace yishi::deliberation
