// What the pages ask before anything is done: the desk, the policy's words, an act on trial.
#include <gtest/gtest.h>

#include <algorithm>

#include "room.h"

namespace yishi::http {
namespace {

class DeskApi : public testing::Test {
 protected:
  std::string log(const std::string& title, const std::string& yuan = "100") {
    const auto logged = room_.post("/api/v1/issues", {{"title", title},
                                                      {"category", "公共设施"},
                                                      {"budget_yuan", yuan},
                                                      {"home", kVillage},
                                                      {"unit", kVillage}});
    return logged.value("id", std::string("none"));
  }
  Input counts() { return room_.get("/api/v1/desk").at("counts"); }
  Input act(const std::string& id, const std::string& name, const Input& body) {
    return room_.post("/api/v1/issues/" + id + "/" + name, body);
  }
  Input on_trial(const std::string& id, const std::string& name, const Input& body) {
    return room_.post("/api/v1/trial/" + id + "/" + name, body);
  }
  static Input demand(const Input& trial, const std::string& guard) {
    for (const auto& one : trial.at("demands")) {
      if (one.at("guard") == guard) return one;
    }
    return {};
  }
  Room room_;
};

TEST_F(DeskApi, WhatIsHeldHereIsToDoUntilItIsDone) {
  const auto before = counts();
  const std::string id = log("路灯不亮");
  EXPECT_EQ(counts().at("todo"), before.at("todo").get<int>() + 1);
  const auto desk = room_.get("/api/v1/desk?box=todo&limit=1");
  ASSERT_EQ(desk.at("issues").size(), 1U);
  const auto& first = desk.at("issues").at(0);
  EXPECT_EQ(first.at("id"), id);
  EXPECT_EQ(first.at("standing").at("wishes").at(0).at("id"), "handle");
  EXPECT_EQ(room_.get("/api/v1/issues/" + id).at("standing"), first.at("standing"));
}

TEST_F(DeskApi, WorkThatWasAssignedIsToDoAndThenDone) {
  const std::string id = log("水渠清淤", "900000");  // beyond the village: it goes up
  ASSERT_EQ(act(id, "accept", Input::object()).at("status"), 200);
  const auto assigned = act(id, "assign", {{"to", kOtherVillage}, {"text", "清淤"}});
  ASSERT_EQ(assigned.at("status"), 200) << assigned.dump();
  const auto wishes = room_.get("/api/v1/issues/" + id).at("standing").at("wishes");
  EXPECT_TRUE(std::any_of(wishes.begin(), wishes.end(),
                          [](const Input& one) { return one.at("id") == "task"; }));
  ASSERT_EQ(act(id, "progress", {{"task", 1}, {"done", true}}).at("status"), 200);
  ASSERT_EQ(act(id, "close", {{"result", "已解决"}}).at("status"), 200);
  EXPECT_TRUE(room_.get("/api/v1/issues/" + id).at("standing").at("wishes").empty());
  const auto done = room_.get("/api/v1/desk?box=done");
  EXPECT_EQ(done.at("issues").at(0).at("id"), id);
}

TEST_F(DeskApi, PagesOfABoxFollowEachOther) {
  for (int i = 0; i < 5; ++i) log("第 " + std::to_string(i) + " 件");
  const auto whole = room_.get("/api/v1/desk?box=todo");
  const auto first = room_.get("/api/v1/desk?box=todo&limit=2");
  const auto next = first.at("next").dump();
  const auto second = room_.get("/api/v1/desk?box=todo&limit=2&before=" + next);
  ASSERT_GE(whole.at("issues").size(), 5U);
  EXPECT_EQ(first.at("issues").at(1), whole.at("issues").at(1));
  EXPECT_EQ(second.at("issues").at(0), whole.at("issues").at(2));
  EXPECT_TRUE(whole.at("next").is_null());
}

TEST_F(DeskApi, AnUnknownBoxIsRefusedByName) {
  const auto answer = room_.get("/api/v1/desk?box=spam");
  EXPECT_EQ(answer.at("status"), 400);
  EXPECT_EQ(answer.at("field"), "box");
}

TEST_F(DeskApi, ATrialSaysWhatIsWantingAndWritesNothing) {
  const std::string id = log("台阶松动");
  ASSERT_EQ(act(id, "propose", Input::object()).at("status"), 200);
  const auto records = room_.get("/api/v1/issues/" + id).at("timeline").size();
  const auto empty = on_trial(id, "return", Input::object());
  EXPECT_EQ(empty.at("ok"), false);
  EXPECT_EQ(demand(empty, "has_reason").at("met"), false);
  EXPECT_FALSE(empty.at("problem").at("zh").get<std::string>().empty());
  const auto filled = on_trial(id, "return", {{"reason", "材料不全"}});
  EXPECT_EQ(filled.at("ok"), true) << filled.dump();
  EXPECT_EQ(demand(filled, "has_reason").at("met"), true);
  EXPECT_EQ(room_.get("/api/v1/issues/" + id).at("timeline").size(), records);
  // What the trial says is what the act is told.
  const auto refused = act(id, "return", Input::object());
  EXPECT_EQ(refused.at("rule"), empty.at("problem").at("rule"));
}

TEST_F(DeskApi, ATrialNamesAFieldThatIsNotKnown) {
  const auto trial = on_trial(log("x"), "propose", {{"colour", "red"}});
  EXPECT_EQ(trial.at("ok"), false);
  EXPECT_EQ(trial.at("problem").at("field"), "colour");
}

TEST_F(DeskApi, TheVocabularyNamesWhatFormsOffer) {
  const auto words = room_.get("/api/v1/vocabulary");
  ASSERT_EQ(words.at("status"), 200);
  for (const char* list : {"categories", "sources", "forms", "results", "parties", "stages"}) {
    ASSERT_FALSE(words.at(list).empty()) << list;
    for (const auto& one : words.at(list)) {
      EXPECT_TRUE(one.contains("id") && one.contains("zh") && one.contains("en")) << one.dump();
    }
  }
  EXPECT_TRUE(words.at("authority").contains("village"));
  const auto version = room_.get("/api/v1/issues/" + log("x")).at("policy_version").dump();
  EXPECT_EQ(room_.get("/api/v1/vocabulary?version=" + version), words);
}

}  // namespace
}  // namespace yishi::http
