#include <gtest/gtest.h>

#include <functional>

#include "crypto/pack.h"

namespace yishi {
namespace {

// Reads a map that was just packed and gives the fault's rule, or "none".
std::string fields_fault(const Packer& packed, const std::function<void(Fields&)>& read) {
  const auto document = Document::parse(packed.bytes(), "thing");
  EXPECT_TRUE(document);
  Fields fields(document->root(), "thing");
  read(fields);
  return fields.fault() ? fields.fault()->rule : "none";
}

std::string sequence_fault(const Packer& packed, std::size_t elements,
                           const std::function<void(Sequence&)>& read) {
  const auto document = Document::parse(packed.bytes(), "thing");
  EXPECT_TRUE(document);
  Sequence sequence(document->root(), "thing", elements);
  read(sequence);
  return sequence.fault() ? sequence.fault()->rule : "none";
}

Packer one(const std::function<void(Packer&)>& value) {
  Packer packer;
  packer.map(1).text("k");
  value(packer);
  return packer;
}

Packer one_element(const std::function<void(Packer&)>& value) {
  Packer packer;
  packer.array(1);
  value(packer);
  return packer;
}

const auto kNothing = [](auto&) {};

TEST(Fields, EveryKindIsReadAndUnknownKeysAreLeftAlone) {
  Packer packer;
  packer.map(8).text("later").number(9);
  packer.text("t").text("议").text("n").number(7).text("i").integer(-7).text("f").flag(true);
  packer.text("b").binary(Bytes{1, 2}).text("a").array(1).nil().text("m").map(0);
  const auto document = Document::parse(packer.bytes(), "thing");
  ASSERT_TRUE(document);
  Fields fields(document->root(), "thing");
  EXPECT_EQ(fields.text("t", 3), "议");
  EXPECT_EQ(fields.text_or("t", "else", 3), "议");
  EXPECT_EQ(fields.number("n", 7), 7U);
  EXPECT_EQ(fields.number_or("n", 1), 7U);
  EXPECT_EQ(fields.integer_or("i", 1), -7);
  EXPECT_TRUE(fields.flag_or("f", false));
  EXPECT_EQ(fields.binary("b", 2).size(), 2U);
  EXPECT_EQ(fields.binary_exact("b", 2).size(), 2U);
  EXPECT_EQ(fields.binary_or_empty("b", 2).size(), 2U);
  EXPECT_EQ(fields.array("a", 1)->size(), 1U);
  EXPECT_EQ(fields.array_or_null("a", 1)->size(), 1U);
  EXPECT_TRUE(fields.map_or_null("m")->is_map());
  EXPECT_FALSE(fields.fault());
}

TEST(Fields, AbsentOrNilGivesTheFallback) {
  const Packer packed = one([](Packer& p) { p.nil(); });
  const auto document = Document::parse(packed.bytes(), "thing");
  ASSERT_TRUE(document);
  Fields fields(document->root(), "thing");
  for (const std::string_view key : {"k", "absent"}) {
    EXPECT_EQ(fields.text_or(key, "else", 3), "else");
    EXPECT_EQ(fields.number_or(key, 5), 5U);
    EXPECT_EQ(fields.integer_or(key, -5), -5);
    EXPECT_TRUE(fields.flag_or(key, true));
    EXPECT_TRUE(fields.binary_or_empty(key, 3).empty());
    EXPECT_EQ(fields.array_or_null(key, 3), nullptr);
    EXPECT_EQ(fields.map_or_null(key), nullptr);
  }
  EXPECT_FALSE(fields.fault());
}

TEST(Fields, MissingRequiredKeyIsNamed) {
  const auto document = Document::parse(Packer().map(0).bytes(), "entry header");
  ASSERT_TRUE(document);
  Fields fields(document->root(), "entry header");
  EXPECT_EQ(fields.number("sequence"), 0U);
  ASSERT_TRUE(fields.fault());
  EXPECT_EQ(fields.fault()->rule, "pack.missing");
  EXPECT_EQ(fields.fault()->field, "entry header, sequence");
}

TEST(Fields, FirstFaultStaysAndLaterReadsAreEmpty) {
  Packer packer;
  packer.map(2).text("a").number(1).text("b").text("fine");
  const auto document = Document::parse(packer.bytes(), "thing");
  ASSERT_TRUE(document);
  Fields fields(document->root(), "thing");
  EXPECT_EQ(fields.text("a", 10), "");
  EXPECT_EQ(fields.text("b", 10), "");
  EXPECT_EQ(fields.number("absent"), 0U);
  fields.fail("c", "own.rule", "中", "en");
  ASSERT_TRUE(fields.fault());
  EXPECT_EQ(fields.fault()->rule, "pack.type");
  EXPECT_EQ(fields.fault()->field, "thing, a");
}

TEST(Fields, DecodersOwnFaultIsKept) {
  const auto own = [](Fields& f) { f.fail("k", "own.rule", "中", "en"); };
  EXPECT_EQ(fields_fault(Packer().map(0), own), "own.rule");
}

TEST(Fields, DuplicateKeyIsRefusedInSmallAndLargeMaps) {
  for (const std::size_t size : {2U, 16U, 17U, 256U}) {
    for (const bool duplicate : {false, true}) {
      Packer packer;
      packer.map(size);
      for (std::size_t i = 0; i + 1 < size; ++i) packer.text("k" + std::to_string(i)).nil();
      packer.text(duplicate ? "k0" : "last").nil();
      EXPECT_EQ(fields_fault(packer, kNothing), duplicate ? "pack.key.duplicate" : "none") << size;
    }
  }
}

TEST(Fields, KeyThatIsNotTextIsRefusedButAnEmptyKeyIsText) {
  EXPECT_EQ(fields_fault(Packer().map(1).number(1).nil(), kNothing), "pack.key.type");
  EXPECT_EQ(fields_fault(Packer().map(1).binary(Bytes{'k'}).nil(), kNothing), "pack.key.type");
  EXPECT_EQ(fields_fault(Packer().map(1).text("").nil(), kNothing), "none");
  EXPECT_EQ(fields_fault(Packer().map(2).text("").nil().text("").nil(), kNothing),
            "pack.key.duplicate");
}

TEST(Fields, SomethingElseThanAMapIsRefused) {
  EXPECT_EQ(fields_fault(Packer().array(0), kNothing), "pack.type");
  EXPECT_EQ(fields_fault(Packer().nil(), [](Fields& f) { f.number("k"); }), "pack.type");
}

TEST(Fields, WrongTypeIsRefusedByEveryReader) {
  const Packer number = one([](Packer& p) { p.number(1); });
  const Packer text = one([](Packer& p) { p.text("x"); });
  const std::vector<std::pair<const Packer*, std::function<void(Fields&)>>> cases = {
      {&number, [](Fields& f) { f.text("k", 9); }},
      {&number, [](Fields& f) { f.text_or("k", "", 9); }},
      {&text, [](Fields& f) { f.number("k"); }},
      {&text, [](Fields& f) { f.number_or("k", 1); }},
      {&text, [](Fields& f) { f.integer_or("k", 1); }},
      {&number, [](Fields& f) { f.flag_or("k", true); }},
      {&text, [](Fields& f) { f.binary("k", 9); }},
      {&text, [](Fields& f) { f.binary_exact("k", 1); }},
      {&text, [](Fields& f) { f.binary_or_empty("k", 9); }},
      {&text, [](Fields& f) { f.array("k", 9); }},
      {&text, [](Fields& f) { f.array_or_null("k", 9); }},
      {&text, [](Fields& f) { f.map_or_null("k"); }},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(fields_fault(*cases[i].first, cases[i].second), "pack.type") << i;
  }
}

TEST(Fields, RequiredValueThatIsNilIsOfTheWrongType) {
  const Packer nil = one([](Packer& p) { p.nil(); });
  EXPECT_EQ(fields_fault(nil, [](Fields& f) { f.text("k", 9); }), "pack.type");
  EXPECT_EQ(fields_fault(nil, [](Fields& f) { f.array("k", 9); }), "pack.type");
}

TEST(Fields, ValueOneBeyondItsLimitIsRefused) {
  const Packer number = one([](Packer& p) { p.number(11); });
  EXPECT_EQ(fields_fault(number, [](Fields& f) { f.number("k", 11); }), "none");
  EXPECT_EQ(fields_fault(number, [](Fields& f) { f.number("k", 10); }), "pack.range");
  const Packer text = one([](Packer& p) { p.text("four"); });
  EXPECT_EQ(fields_fault(text, [](Fields& f) { f.text("k", 4); }), "none");
  EXPECT_EQ(fields_fault(text, [](Fields& f) { f.text("k", 3); }), "pack.long");
  const Packer binary = one([](Packer& p) { p.binary(Bytes(4)); });
  EXPECT_EQ(fields_fault(binary, [](Fields& f) { f.binary("k", 3); }), "pack.long");
  EXPECT_EQ(fields_fault(binary, [](Fields& f) { f.binary_exact("k", 3); }), "pack.length");
  EXPECT_EQ(fields_fault(binary, [](Fields& f) { f.binary_exact("k", 5); }), "pack.length");
  const Packer array = one([](Packer& p) { p.array(2).nil().nil(); });
  EXPECT_EQ(fields_fault(array, [](Fields& f) { f.array("k", 1); }), "pack.count");
}

TEST(Fields, TextThatIsNotUtf8IsRefused) {
  const Packer text = one([](Packer& p) { p.text("\xff"); });
  EXPECT_EQ(fields_fault(text, [](Fields& f) { f.text("k", 9); }), "pack.utf8");
}

TEST(Sequence, EveryKindIsReadInOrder) {
  Packer packer;
  packer.array(8).number(7).integer(-7).text("议").binary(Bytes{1}).binary(Bytes{2, 3});
  packer.nil().binary(Bytes{}).array(1).number(5);
  const auto document = Document::parse(packer.bytes(), "thing");
  ASSERT_TRUE(document);
  Sequence sequence(document->root(), "thing", 8);
  EXPECT_EQ(sequence.number("n"), 7U);
  EXPECT_EQ(sequence.integer("i"), -7);
  EXPECT_EQ(sequence.text("t", 9), "议");
  EXPECT_EQ(sequence.binary("b", 1).size(), 1U);
  EXPECT_EQ(sequence.binary_exact("x", 2).size(), 2U);
  EXPECT_EQ(sequence.binary_or_nil("o", 2), std::nullopt);
  EXPECT_TRUE(sequence.binary_or_nil("p", 2).has_value());
  EXPECT_EQ(sequence.array("a", 1)->at(0)->number(), 5U);
  EXPECT_FALSE(sequence.fault());
}

TEST(Sequence, OtherNumberOfElementsIsRefused) {
  for (const std::size_t expected : {0U, 1U, 3U}) {
    EXPECT_EQ(sequence_fault(Packer().array(2).nil().nil(), expected, kNothing), "pack.count");
  }
  EXPECT_EQ(sequence_fault(Packer().map(0), 0, kNothing), "pack.type");
}

TEST(Sequence, WrongTypeOrSizeIsRefusedAndNamed) {
  const Packer text = one_element([](Packer& p) { p.text("four"); });
  const std::vector<std::pair<std::string_view, std::function<void(Sequence&)>>> cases = {
      {"pack.type", [](Sequence& s) { s.number("n"); }},
      {"pack.type", [](Sequence& s) { s.integer("n"); }},
      {"pack.long", [](Sequence& s) { s.text("n", 3); }},
      {"pack.type", [](Sequence& s) { s.binary("n", 9); }},
      {"pack.type", [](Sequence& s) { s.binary_exact("n", 4); }},
      {"pack.type", [](Sequence& s) { EXPECT_EQ(s.binary_or_nil("n", 9), std::nullopt); }},
      {"pack.type", [](Sequence& s) { EXPECT_EQ(s.array("n", 9), nullptr); }},
  };
  for (const auto& [rule, read] : cases) EXPECT_EQ(sequence_fault(text, 1, read), rule);
  const auto document = Document::parse(text.bytes(), "thing");
  ASSERT_TRUE(document);
  Sequence sequence(document->root(), "thing", 1);
  sequence.number("count");
  EXPECT_EQ(sequence.fault()->field, "thing, count");
}

TEST(Sequence, ReadingOnAfterAFaultOrPastTheEndGivesEmptyValues) {
  const auto overrun = [](Sequence& s) {
    EXPECT_EQ(s.text("a", 9), "x");
    EXPECT_EQ(s.text("b", 9), "");
    EXPECT_EQ(s.number("c"), 0U);
  };
  EXPECT_EQ(sequence_fault(Packer().array(1).text("x"), 1, overrun), "pack.missing");
}

}  // namespace
}  // namespace yishi
