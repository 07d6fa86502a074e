#include "crypto/pack.h"

#include <gtest/gtest.h>

#include <limits>

namespace yishi {
namespace {

std::string rule_of(View bytes) {
  const auto parsed = Document::parse(bytes, "thing");
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().field, "thing");
  EXPECT_FALSE(parsed.error().zh.empty());
  EXPECT_FALSE(parsed.error().en.empty());
  return parsed.error().rule;
}

Bytes nested_arrays(std::size_t depth) {
  Packer packer;
  for (std::size_t i = 1; i < depth; ++i) packer.array(1);
  return packer.array(0).take();
}

Bytes nested_maps(std::size_t depth) {
  Packer packer;
  for (std::size_t i = 1; i < depth; ++i) packer.map(1).text("k");
  return packer.map(0).take();
}

TEST(Packer, NumbersTakeTheirShortestForm) {
  EXPECT_EQ(to_hex(Packer().number(0).number(127).bytes()), "007f");
  EXPECT_EQ(to_hex(Packer().number(128).number(255).bytes()), "cc80ccff");
  EXPECT_EQ(to_hex(Packer().number(256).number(65535).bytes()), "cd0100cdffff");
  EXPECT_EQ(to_hex(Packer().number(65536).bytes()), "ce00010000");
  EXPECT_EQ(to_hex(Packer().number(4294967295).bytes()), "ceffffffff");
  EXPECT_EQ(to_hex(Packer().number(4294967296).bytes()), "cf0000000100000000");
  EXPECT_EQ(to_hex(Packer().integer(-1).integer(-32).integer(-33).bytes()), "ffe0d0df");
  EXPECT_EQ(to_hex(Packer().integer(-128).integer(-129).bytes()), "d080d1ff7f");
  EXPECT_EQ(to_hex(Packer().integer(-32769).bytes()), "d2ffff7fff");
  EXPECT_EQ(to_hex(Packer().integer(std::numeric_limits<std::int64_t>::min()).bytes()),
            "d38000000000000000");
}

TEST(Packer, PositiveIntegerHasTheFormOfTheNumber) {
  for (const std::int64_t value : {0L, 127L, 128L, 65536L, 1L << 40}) {
    EXPECT_EQ(Packer().integer(value).bytes(),
              Packer().number(static_cast<std::uint64_t>(value)).bytes());
  }
}

TEST(Packer, TextBinaryAndContainersTakeTheirShortestForm) {
  EXPECT_EQ(to_hex(Packer().nil().flag(false).flag(true).bytes()), "c0c2c3");
  EXPECT_EQ(to_hex(Packer().text("").text("ab").bytes()), "a0a26162");
  EXPECT_EQ(to_hex(Packer().text(std::string(32, 'a')).bytes()).substr(0, 4), "d920");
  EXPECT_EQ(to_hex(Packer().binary({}).binary(Bytes{1}).bytes()), "c400c40101");
  EXPECT_EQ(to_hex(Packer().binary(Bytes(256)).bytes()).substr(0, 6), "c50100");
  EXPECT_EQ(to_hex(Packer().array(15).array(16).map(15).map(16).bytes()), "9fdc00108fde0010");
}

TEST(Document, EveryKindOfValueComesBack) {
  const Bytes bytes = Packer()
                          .array(9)
                          .number(UINT64_MAX)
                          .integer(INT64_MIN)
                          .flag(true)
                          .text("议事")
                          .text("")
                          .binary(Bytes{0, 255})
                          .nil()
                          .array(0)
                          .map(2)
                          .text("b")
                          .number(1)
                          .text("a")
                          .number(2)
                          .take();
  const auto document = Document::parse(bytes, "thing");
  ASSERT_TRUE(document);
  const Value& root = document->root();
  ASSERT_TRUE(root.is_array());
  ASSERT_EQ(root.size(), 9U);
  EXPECT_EQ(root.at(0)->number(), UINT64_MAX);
  EXPECT_EQ(root.at(0)->integer(), std::nullopt);
  EXPECT_EQ(root.at(1)->integer(), INT64_MIN);
  EXPECT_EQ(root.at(1)->number(), std::nullopt);
  EXPECT_EQ(root.at(2)->flag(), true);
  EXPECT_EQ(root.at(2)->number(), std::nullopt);
  EXPECT_EQ(root.at(3)->text(), "议事");
  EXPECT_EQ(root.at(3)->binary(), std::nullopt);
  EXPECT_EQ(root.at(4)->text(), "");
  EXPECT_TRUE(equal(*root.at(5)->binary(), Bytes{0, 255}));
  EXPECT_EQ(root.at(5)->text(), std::nullopt);
  EXPECT_TRUE(root.at(6)->is_nil());
  EXPECT_EQ(root.at(6)->flag(), std::nullopt);
  EXPECT_TRUE(root.at(7)->is_array());
  EXPECT_EQ(root.at(7)->at(0), nullptr);
  EXPECT_EQ(root.at(9), nullptr);
  EXPECT_EQ(root.find("a"), nullptr);
  const Value& map = *root.at(8);
  ASSERT_TRUE(map.is_map());
  EXPECT_EQ(map.size(), 2U);
  EXPECT_EQ(map.key_at(0), "b");
  EXPECT_EQ(map.value_at(1)->number(), 2U);
  EXPECT_EQ(map.key_at(2).data(), nullptr);
  EXPECT_EQ(map.value_at(2), nullptr);
  EXPECT_EQ(map.find("a")->number(), 2U);
  EXPECT_EQ(map.find("c"), nullptr);
  EXPECT_EQ(map.at(0), nullptr);
}

TEST(Document, TextAndBinaryPointIntoTheInput) {
  const Bytes bytes = Packer().array(2).text("abc").binary(Bytes(300)).take();
  auto document = Document::parse(bytes, "thing");
  ASSERT_TRUE(document);
  const Document moved = std::move(*document);
  const View all = bytes;
  const auto within = [&](const void* at) {
    return at >= static_cast<const void*>(all.data()) &&
           at < static_cast<const void*>(all.data() + all.size());
  };
  EXPECT_TRUE(within(moved.root().at(0)->text()->data()));
  EXPECT_TRUE(within(moved.root().at(1)->binary()->data()));
}

TEST(Document, EveryPrefixOfAValueIsRefused) {
  const Bytes bytes =
      Packer().array(3).text("some text").map(1).text("k").number(70000).binary(Bytes(5)).take();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(rule_of(View(bytes).first(size)), "pack.malformed") << size;
  }
  EXPECT_EQ(rule_of(bytes), "accepted");
}

TEST(Document, OneByteAfterTheValueIsRefused) {
  for (const std::uint8_t extra : {0x00, 0xc0, 0xc1, 0xff}) {
    Bytes bytes = Packer().array(1).number(1).take();
    bytes.push_back(extra);
    EXPECT_EQ(rule_of(bytes), "pack.trailing");
  }
}

TEST(Document, ByteThatMsgpackNeverUsesIsRefused) {
  EXPECT_EQ(rule_of(Bytes{0xc1}), "pack.malformed");
  EXPECT_EQ(rule_of(Bytes{0x91, 0xc1}), "pack.malformed");
}

TEST(Document, FiveBytesThatPromiseFourThousandMillionElementsAreRefused) {
  EXPECT_EQ(rule_of(Bytes{0xdd, 0xff, 0xff, 0xff, 0xff}), "pack.limit");
  EXPECT_EQ(rule_of(Bytes{0xdf, 0xff, 0xff, 0xff, 0xff}), "pack.limit");
  EXPECT_EQ(rule_of(Bytes{0xdb, 0xff, 0xff, 0xff, 0xff}), "pack.malformed");
  EXPECT_EQ(rule_of(Bytes{0xc6, 0xff, 0xff, 0xff, 0xff}), "pack.malformed");
  EXPECT_EQ(rule_of(Bytes{0xc9, 0xff, 0xff, 0xff, 0xff, 0x01}), "pack.malformed");
}

TEST(Document, ArrayIsRefusedOneElementBeyondTheLimit) {
  for (const std::size_t size : {kMaxPackArray, kMaxPackArray + 1}) {
    Packer packer;
    packer.array(size);
    for (std::size_t i = 0; i < size; ++i) packer.nil();
    EXPECT_EQ(rule_of(packer.bytes()), size == kMaxPackArray ? "accepted" : "pack.limit");
  }
}

TEST(Document, MapIsRefusedOnePairBeyondTheLimit) {
  for (const std::size_t size : {kMaxPackMap, kMaxPackMap + 1}) {
    Packer packer;
    packer.map(size);
    for (std::size_t i = 0; i < size; ++i) packer.text(std::to_string(i)).nil();
    EXPECT_EQ(rule_of(packer.bytes()), size == kMaxPackMap ? "accepted" : "pack.limit");
  }
}

TEST(Document, TextIsRefusedOneByteBeyondTheLimit) {
  EXPECT_EQ(rule_of(Packer().text(std::string(kMaxPackText, 'a')).bytes()), "accepted");
  EXPECT_EQ(rule_of(Packer().text(std::string(kMaxPackText + 1, 'a')).bytes()), "pack.limit");
}

TEST(Document, BinaryIsRefusedOneByteBeyondTheLimit) {
  EXPECT_EQ(rule_of(Packer().binary(Bytes(kMaxPackBinary)).bytes()), "accepted");
  EXPECT_EQ(rule_of(Packer().binary(Bytes(kMaxPackBinary + 1)).bytes()), "pack.limit");
}

TEST(Document, NestingIsRefusedOneLevelBeyondTheLimit) {
  EXPECT_EQ(rule_of(nested_arrays(kMaxPackDepth)), "accepted");
  EXPECT_EQ(rule_of(nested_arrays(kMaxPackDepth + 1)), "pack.limit");
  EXPECT_EQ(rule_of(nested_maps(kMaxPackDepth)), "accepted");
  EXPECT_EQ(rule_of(nested_maps(kMaxPackDepth + 1)), "pack.limit");
  EXPECT_EQ(rule_of(Bytes(1 << 20, 0x91)), "pack.limit");  // a million levels
}

TEST(Document, ExtensionTypesAreRefused) {
  EXPECT_EQ(rule_of(Bytes{0xd4, 0x01, 0x00}), "pack.limit");
  EXPECT_EQ(rule_of(Bytes{0xc7, 0x01, 0x01, 0x00}), "pack.limit");
}

TEST(Document, EveryOneByteChangeOfAHeaderIsReadOrRefusedWithoutHarm) {
  const Bytes good = Packer()
                         .array(4)
                         .number(70000)
                         .text("village")
                         .binary(Bytes(32))
                         .map(1)
                         .text("k")
                         .flag(true)
                         .take();
  int refused = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      Bytes bytes = good;
      bytes[at] = static_cast<std::uint8_t>(value);
      const auto document = Document::parse(bytes, "thing");
      if (!document) {
        ++refused;
        continue;
      }
      Sequence read(document->root(), "thing", 4);
      read.number("a");
      read.text("b", 100);
      read.binary("c", 100);
    }
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace yishi
