// Registers between nodes: up like everything, down where they concern somebody, the same
// everywhere; what an ended key wrote is void; a verification derives the same.
#include "node/store/registers.h"
#include "node/turn/verify.h"
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

using deliberation::EntryName;
using deliberation::FieldValues;

RegisterChange put(const std::string& register_id, const topology::Code& unit, FieldValues fields) {
  RegisterChange change;
  change.unit = unit;
  change.body.register_id = register_id;
  change.body.fields = std::move(fields);
  return change;
}

FieldValues room(const std::string& name, const std::string& address = "东街") {
  return {{"name", {name}}, {"kind", {"territory"}}, {"address", {address}}};
}

class RegisterNetwork : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto& unit : {kDistrict, kOtherDistrict, kTown, kVillage}) network.join(unit);
  }
  std::optional<store::RegisterEntry> entry(const topology::Code& at, const EntryName& name) {
    return store::Registers(*network.at(at).database).entry(name);
  }
  std::string address(const topology::Code& at) {
    const auto found = entry(at, {"rooms", kVillage, "一村议事室"});
    return found && !found->withdrawn ? found->body.fields.at("address").front() : "";
  }
  SimulatedNetwork network;
};

TEST_F(RegisterNetwork, a_villages_entry_is_at_the_city_and_not_at_its_neighbour) {
  ASSERT_TRUE(
      network.ask(kVillage, WriteRegisters{{put("rooms", kVillage, room("一村议事室"))}}).ok());
  EXPECT_TRUE(network.settle([&] { return address(kCity) == "东街"; }));
  network.settle();
  EXPECT_EQ(address(kOtherDistrict), "");
}

TEST_F(RegisterNetwork, the_latest_revision_counts_everywhere_whoever_wrote_it) {
  ASSERT_TRUE(
      network.ask(kVillage, WriteRegisters{{put("rooms", kVillage, room("一村议事室"))}}).ok());
  ASSERT_TRUE(network.settle([&] { return address(kTown) == "东街"; }));
  // The township corrects it, and the correction comes down.
  ASSERT_TRUE(
      network.ask(kTown, WriteRegisters{{put("rooms", kVillage, room("一村议事室", "西街"))}})
          .ok());
  for (const auto& unit : {kVillage, kDistrict, kCity}) {
    EXPECT_TRUE(network.settle([&] { return address(unit) == "西街"; })) << unit.text();
  }
}

TEST_F(RegisterNetwork, a_bulletin_goes_down_to_all_below_and_to_those_who_join_later) {
  const FieldValues bulletin{{"date", {"2026-11-01"}}, {"title", {"第一期通报"}}, {"text", {"……"}}};
  ASSERT_TRUE(network.ask(kDistrict, WriteRegisters{{put("bulletins", kDistrict, bulletin)}}).ok());
  const EntryName name{"bulletins", kDistrict, "2026-11-01 第一期通报"};
  for (const auto& unit : {kVillage, kTown, kCity}) {
    EXPECT_TRUE(network.settle([&] { return entry(unit, name).has_value(); })) << unit.text();
  }
  network.join(kOtherTown);
  EXPECT_TRUE(network.settle([&] { return entry(kOtherTown, name).has_value(); }));
  EXPECT_FALSE(entry(kOtherDistrict, name).has_value());
}

TEST_F(RegisterNetwork, an_entry_goes_to_the_unit_that_it_names) {
  const FieldValues hookup{{"from", {"经济委"}}, {"unit", {kOtherDistrict.text()}}};
  ASSERT_TRUE(network.ask(kCity, WriteRegisters{{put("hookups", kCity, hookup)}}).ok());
  const EntryName name{"hookups", kCity, "经济委 " + kOtherDistrict.text()};
  EXPECT_TRUE(network.settle([&] { return entry(kOtherDistrict, name).has_value(); }));
  network.settle();
  EXPECT_FALSE(entry(kDistrict, name).has_value());
}

TEST_F(RegisterNetwork, what_is_withdrawn_is_withdrawn_everywhere) {
  ASSERT_TRUE(
      network.ask(kVillage, WriteRegisters{{put("rooms", kVillage, room("一村议事室"))}}).ok());
  ASSERT_TRUE(network.settle([&] { return address(kCity) == "东街"; }));
  RegisterChange change = put("rooms", kVillage, {});
  change.body.key = "一村议事室";
  change.withdraw = true;
  ASSERT_TRUE(network.ask(kVillage, WriteRegisters{{change}}).ok());
  EXPECT_TRUE(network.settle([&] { return address(kCity).empty(); }));
  EXPECT_EQ(network.ask(kVillage, WriteRegisters{{change}}).error().rule, "register.entry.unknown");
}

TEST_F(RegisterNetwork, a_batch_is_written_whole_or_not_at_all) {
  const auto answer =
      network.ask(kVillage, WriteRegisters{{put("rooms", kVillage, room("一村议事室")),
                                            put("rooms", kVillage, {{"name", {"无类型"}}})}});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().field, "entries[1].kind");
  EXPECT_EQ(address(kVillage), "");
}

TEST_F(RegisterNetwork, the_same_again_writes_nothing) {
  const WriteRegisters command{{put("rooms", kVillage, room("一村议事室"))}};
  ASSERT_TRUE(network.ask(kVillage, command).ok());
  const auto again = network.ask(kVillage, command);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->unchanged, 1U);
  EXPECT_TRUE(again->kinds.empty());
}

TEST_F(RegisterNetwork, what_is_pointed_at_below_this_node_must_be_there) {
  const FieldValues link{{"member", {kDistrict.text() + "/7"}},
                         {"room", {kVillage.text() + "/一村议事室"}}};
  EXPECT_EQ(network.ask(kDistrict, WriteRegisters{{put("links", kDistrict, link)}}).error().rule,
            "register.entry.unknown");
  const FieldValues member{{"number", {"7"}}, {"name", {"李小明"}}, {"level", {"county"}}};
  ASSERT_TRUE(network
                  .ask(kDistrict, WriteRegisters{{put("members", kDistrict, member),
                                                  put("rooms", kVillage, room("一村议事室")),
                                                  put("links", kDistrict, link)}})
                  .ok());
  const auto referring =
      store::Registers(*network.at(kDistrict).database).referring({"members", kDistrict, "7"}, 10);
  ASSERT_EQ(referring.size(), 1U);
  EXPECT_EQ(referring.front().name.register_id, "links");
}

TEST_F(RegisterNetwork, verification_derives_the_same_registers) {
  ASSERT_TRUE(
      network.ask(kVillage, WriteRegisters{{put("rooms", kVillage, room("一村议事室"))}}).ok());
  ASSERT_TRUE(
      network.ask(kTown, WriteRegisters{{put("rooms", kVillage, room("一村议事室", "西街"))}})
          .ok());
  ASSERT_TRUE(network.settle([&] { return address(kCity) == "西街"; }));
  for (const auto& unit : {kCity, kTown, kVillage}) {
    const auto report = verify_store(network.at(unit).directory, {});
    ASSERT_TRUE(report.ok());
    EXPECT_TRUE(report->ok()) << (report->ok() ? "" : report->faults_en.front());
  }
}

}  // namespace
}  // namespace yishi::turn
