#include "topology/ticket.h"

#include <gtest/gtest.h>

#include "tests/topology/network.h"

namespace yishi::topology {
namespace {

TicketText a_ticket(crypto::Suite suite) {
  TicketText ticket;
  ticket.network.bytes.fill(3);
  ticket.suite = suite;
  ticket.unit = kVillage1;
  ticket.unit_name = "一村";
  ticket.secret = crypto::SystemRandom().bytes(crypto::kSecretBytes);
  ticket.parent_endpoint = "tcp://10.0.0.1:7000";
  ticket.parent_curve = new_curve();
  ticket.parent = kTownA;
  ticket.expires_ms = 1'700'000'000'000;
  return ticket;
}

std::string rule_of_text(std::string_view text) {
  const Result<TicketText> ticket = TicketText::parse(text);
  return ticket.ok() ? "" : ticket.error().rule;
}

class TicketOfSuite : public testing::TestWithParam<crypto::Suite> {};

TEST_P(TicketOfSuite, ComesBackFromItsText) {
  const TicketText made = a_ticket(GetParam());
  const Result<TicketText> read = TicketText::parse(made.to_text());
  ASSERT_TRUE(read.ok()) << read.error().en;
  EXPECT_EQ(read->network, made.network);
  EXPECT_EQ(read->suite, made.suite);
  EXPECT_EQ(read->unit, made.unit);
  EXPECT_EQ(read->unit_name, made.unit_name);
  EXPECT_EQ(read->secret, made.secret);
  EXPECT_EQ(read->parent_endpoint, made.parent_endpoint);
  EXPECT_EQ(read->parent_curve, made.parent_curve);
  EXPECT_EQ(read->parent, made.parent);
  EXPECT_EQ(read->expires_ms, made.expires_ms);
}

TEST_P(TicketOfSuite, GivesTheSameKeysFromTheSameSecretAndUnlikeOnesForItsTwoUses) {
  const TicketText ticket = a_ticket(GetParam());
  const Result<TicketText> read = TicketText::parse(ticket.to_text());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(ticket.signing_key().public_key(), read->signing_key().public_key());
  EXPECT_EQ(ticket.curve_secret(), read->curve_secret());
  EXPECT_EQ(ticket.curve_secret().size(), 32u);
  EXPECT_NE(ticket.curve_secret(), ticket.secret);
  EXPECT_FALSE(ticket.signing_key().public_key() ==
               a_ticket(GetParam()).signing_key().public_key());
}

TEST_P(TicketOfSuite, ItsSigningKeyAdmitsANode) {
  Network network(GetParam());
  const TicketText ticket = a_ticket(GetParam());
  EXPECT_EQ(network.by_root({network.ticket(kVillage1, ticket.signing_key())}), "");
  EXPECT_EQ(network.apply(ticket.signing_key(), {network.node(kVillage1, new_key(GetParam()))}),
            "");
}

INSTANTIATE_TEST_SUITE_P(Suites, TicketOfSuite,
                         testing::Values(crypto::Suite::kEd25519Sha256, crypto::Suite::kSm2Sm3));

TEST(TicketTest, MayBeTypedWithBlanksAndLineBreaks) {
  const std::string text = a_ticket(crypto::Suite::kEd25519Sha256).to_text();
  std::string typed = "  ";
  for (std::size_t i = 0; i < text.size(); ++i) {
    typed += text[i];
    if (i % 8 == 7) typed += i % 16 == 7 ? " " : "\r\n";
    if (i % 40 == 39) typed += "　";
  }
  EXPECT_EQ(rule_of_text(typed), "");
}

TEST(TicketTest, FindsEveryMistypedOrMissingCharacter) {
  const std::string text = a_ticket(crypto::Suite::kEd25519Sha256).to_text();
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string wrong = text;
    wrong[at] = wrong[at] == 'A' ? 'B' : 'A';
    EXPECT_NE(rule_of_text(wrong), "") << at;
    EXPECT_NE(rule_of_text(text.substr(0, at)), "") << at;
    std::string shorter = text;
    shorter.erase(at, 1);
    EXPECT_NE(rule_of_text(shorter), "") << at;
  }
}

TEST(TicketTest, RefusesWhatIsNoTicketByName) {
  EXPECT_EQ(rule_of_text(""), "ticket.prefix");
  EXPECT_EQ(rule_of_text("yishi2.AAAA"), "ticket.prefix");
  EXPECT_EQ(rule_of_text("yishi1.中文"), "ticket.characters");
  EXPECT_EQ(rule_of_text("yishi1."), "ticket.damaged");
  EXPECT_EQ(rule_of_text("yishi1.AAAA"), "ticket.damaged");
  EXPECT_EQ(rule_of_text("yishi1." + std::string(kMaxTicketText, 'A')), "ticket.size");
}

}  // namespace
}  // namespace yishi::topology
