// Registers: who may write what, one spelling, and that no order matters.
#include "node/deliberation/register.h"

#include <gtest/gtest.h>

#include "town.h"

namespace yishi::deliberation {
namespace {

RegisterBody body_of(const std::string& register_id, FieldValues fields,
                     const topology::Code& unit = {}) {
  RegisterBody body;
  body.register_id = register_id;
  body.fields = std::move(fields);
  body.unit = unit;
  return body;
}

RegisterFact sign(Town& town, const RegisterDraft& draft, const topology::Code& here) {
  RegisterFact fact;
  const Bytes bytes = encode_register(draft.body);
  fact.digest = crypto::digest(town.suite, "yishi/record/1", {bytes, town.random.bytes(16)});
  fact.author = town.keys.at(here).public_key().id();
  fact.sequence = ++town.sequences[here];
  fact.time_ms = town.now;
  fact.topology = town.directory.latest();
  fact.withdrawn = draft.kind == kRegisterWithdrawn;
  fact.subject = draft.subject;
  fact.body = *decode_register(bytes);
  return fact;
}

TEST(Register, a_put_is_brought_into_the_policys_spelling) {
  Town town;
  const auto draft = make_register_put(kVillage1,
                                       body_of("协商议事室",
                                               {{"名称", {" 一村议事室 "}},
                                                {"kind", {"村（社区）、乡镇"}},
                                                {"opened", {"2024年3月5日"}},
                                                {"uses", {"协商议事；接待群众"}}},
                                               kVillage1),
                                       town.world, kVillage1);
  ASSERT_TRUE(draft.ok()) << draft.error().en;
  EXPECT_EQ(draft->body.register_id, "rooms");
  EXPECT_EQ(draft->body.key, "一村议事室");
  const FieldValues expected{{"name", {"一村议事室"}},
                             {"kind", {"territory"}},
                             {"opened", {"2024-03-05"}},
                             {"uses", {"deliberation", "reception"}}};
  EXPECT_EQ(draft->body.fields, expected);
  EXPECT_TRUE(judge_register(sign(town, *draft, kVillage1), town.world).ok());
}

TEST(Register, a_wrong_value_is_refused_with_its_field_and_what_would_do) {
  Town town;
  const auto draft = make_register_put(
      kVillage1, body_of("rooms", {{"name", {"甲"}}, {"kind", {"车站"}}}, kVillage1), town.world,
      kVillage1);
  ASSERT_FALSE(draft.ok());
  EXPECT_EQ(draft.error().rule, "register.field");
  EXPECT_EQ(draft.error().field, "kind");
  EXPECT_NE(draft.error().zh.find("委员工作室"), std::string::npos);

  const auto missing = make_register_put(kVillage1, body_of("rooms", {{"name", {"甲"}}}, kVillage1),
                                         town.world, kVillage1);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().field, "kind");
}

TEST(Register, who_may_write_is_the_policys_to_say) {
  Town town;
  const FieldValues member{{"number", {"1"}}, {"name", {"李小明"}}, {"level", {"city"}}};
  // The city's book of members is the city's own.
  EXPECT_TRUE(make_register_put(kCity, body_of("members", member, kCity), town.world, kCity).ok());
  EXPECT_EQ(
      make_register_put(kVillage1, body_of("members", member, kVillage1), town.world, kVillage1)
          .error()
          .rule,
      "register.level");
  EXPECT_EQ(make_register_put(kDistrictA, body_of("members", member, kCity), town.world, kCity)
                .error()
                .rule,
            "register.writer");
  // A room may be entered by the township above.
  const FieldValues room{{"name", {"二村议事室"}}, {"kind", {"territory"}}};
  EXPECT_TRUE(
      make_register_put(kVillage1, body_of("rooms", room, kTown1), town.world, kTown1).ok());
  EXPECT_EQ(
      make_register_put(kVillage1, body_of("rooms", room, kTown2), town.world, kTown2).error().rule,
      "register.writer");
  EXPECT_EQ(
      make_register_put(kVillage1, body_of("rooms", room, kTown1), town.world, kTown2).error().rule,
      "act.keeper");
}

TEST(Register, a_signed_record_that_breaks_a_rule_has_no_effect) {
  Town town;
  const FieldValues room{{"name", {"议事室"}}, {"kind", {"territory"}}};
  const auto good =
      *make_register_put(kVillage1, body_of("rooms", room, kVillage1), town.world, kVillage1);
  const auto judged = [&](auto change, const topology::Code& here = kVillage1) {
    RegisterDraft draft = good;
    change(draft);
    const auto status = judge_register(sign(town, draft, here), town.world);
    return status.ok() ? std::string() : status.error().rule;
  };
  EXPECT_EQ(judged([](auto&) {}), "");
  EXPECT_EQ(judged([](auto&) {}, kVillage3), "act.keeper");
  EXPECT_EQ(judged([](auto& draft) { draft.body.key = "别的"; }), "register.key");
  EXPECT_EQ(judged([](auto& draft) { draft.body.register_id = "nothing"; }), "register.unknown");
  EXPECT_EQ(judged([](auto& draft) { draft.subject = kVillage3; }), "register.writer");
  EXPECT_EQ(judged([](auto& draft) { draft.body.fields["colour"] = {"red"}; }), "register.field");
  EXPECT_EQ(judged([](auto& draft) { draft.body.fields.erase("kind"); }), "register.field");
  EXPECT_EQ(judged([](auto& draft) { draft.body.fields["opened"] = {"2024-02-30"}; }),
            "register.field");
  EXPECT_EQ(judged([](auto& draft) {
              draft.body.fields["name"] = {"议事室", "又一"};
            }),
            "register.field");
}

TEST(Register, the_greatest_revision_counts_then_time_then_digest) {
  Town town;
  const auto fact = [&](std::uint64_t revision, std::uint64_t time) {
    RegisterFact one;
    one.body.revision = revision;
    one.time_ms = time;
    return rank_of(one);
  };
  EXPECT_LT(fact(1, 900), fact(2, 100));  // a correction counts though its clock is behind
  EXPECT_LT(fact(2, 100), fact(2, 101));
}

TEST(Register, bodies_survive_their_bytes) {
  RegisterBody body = body_of("rooms", {{"name", {"甲"}}, {"uses", {"a", "b"}}}, kVillage1);
  body.key = "甲";
  body.revision = 3;
  body.by = "村委会";
  body.reason = "更正";
  const auto read = decode_register(encode_register(body));
  ASSERT_TRUE(read.ok()) << read.error().en;
  EXPECT_EQ(*read, body);
}

TEST(Register, bodies_beyond_the_limits_are_refused) {
  RegisterBody body =
      body_of("rooms", {{"name", {std::string(kMaxEntryBytes + 1, 'a')}}}, kVillage1);
  body.key = "k";
  EXPECT_EQ(decode_register(encode_register(body)).error().rule, "register.long");
  body.fields = {{"name", std::vector<std::string>(kMaxFieldValues + 1, "a")}};
  EXPECT_EQ(decode_register(encode_register(body)).error().rule, "register.values");
  EXPECT_FALSE(decode_register(view_of("nonsense")).ok());
}

TEST(Register, personal_values_are_masked_and_come_back_unchanged) {
  EXPECT_EQ(masked("李小明"), "李**");
  EXPECT_EQ(masked("13800001234"), "138****1234");
  EXPECT_EQ(masked("0517-8390000"), "051*****0000");
  EXPECT_EQ(masked("甲"), "*");
  Town town;
  const auto policy = town.world.policy_at(town.directory.latest());
  const auto& members = *policy->find_register("members");
  const FieldValues known{{"name", {"李小明"}}, {"telephone", {"13800001234"}}, {"number", {"1"}}};
  FieldValues shown = masked_fields(members, known);
  EXPECT_EQ(shown.at("number").front(), "1");
  EXPECT_EQ(shown.at("name").front(), "李**");
  shown["telephone"] = {"13900000000"};
  unmask_fields(members, shown, known);
  EXPECT_EQ(shown.at("name").front(), "李小明");
  EXPECT_EQ(shown.at("telephone").front(), "13900000000");
}

TEST(Register, an_entry_reaches_its_unit_and_the_units_it_names) {
  Town town;
  const auto draft = make_register_put(
      kCity, body_of("hookups", {{"from", {"经济委"}}, {"unit", {kDistrictB.text()}}}, kCity),
      town.world, kCity);
  ASSERT_TRUE(draft.ok()) << draft.error().en;
  const auto fact = sign(town, *draft, kCity);
  auto reach = reach_of(fact, town.world, true);
  EXPECT_EQ(reach.units, (std::vector{kCity, kDistrictB}));
  EXPECT_FALSE(reach.below);
  reach = reach_of(fact, town.world, false);
  EXPECT_EQ(reach.units, std::vector{kCity});
}

}  // namespace
}  // namespace yishi::deliberation
