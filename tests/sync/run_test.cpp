#include "sync/run.h"

#include <gtest/gtest.h>

#include "crypto/pack.h"
#include "tests/sync/log_writer.h"

namespace yishi::sync {
namespace {

std::string run_rule(const Bytes& bytes) {
  const auto run = Run::open(bytes);
  return run.ok() ? "accepted" : run.error().rule;
}

Bytes plain(Packer& packer) {
  Bytes bytes{0};
  bytes.insert(bytes.end(), packer.bytes().begin(), packer.bytes().end());
  return bytes;
}

// One entry with every size free to be wrong.
Bytes raw_entry(std::size_t header, std::size_t signature,
                const std::vector<std::size_t>& records) {
  Packer packer;
  packer.array(1).array(3).binary(Bytes(header)).binary(Bytes(signature)).array(records.size());
  for (const auto size : records) packer.binary(Bytes(size));
  return plain(packer);
}

Bytes zstd_frame(std::initializer_list<std::uint8_t> after_magic) {
  Bytes bytes{1, 0x28, 0xB5, 0x2F, 0xFD};
  bytes.insert(bytes.end(), after_magic);
  return bytes;
}

void expect_same(const Run& run, const std::vector<SealedEntry>& entries) {
  ASSERT_EQ(run.entries().size(), entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = run.entries()[i];
    EXPECT_TRUE(equal(entry.header, entries[i].header));
    EXPECT_TRUE(equal(entry.signature, entries[i].signature.view()));
    ASSERT_EQ(entry.records.size(), entries[i].records.size());
    for (std::size_t k = 0; k < entry.records.size(); ++k) {
      ASSERT_EQ(entry.records[k].has_value(), entries[i].records[k].has_value());
      if (entry.records[k]) {
        EXPECT_TRUE(equal(*entry.records[k], *entries[i].records[k]));
      }
    }
  }
}

TEST(Run, comes_back_as_it_was_packed_plain_or_compressed_when_moved_and_its_source_gone) {
  for (const bool compress : {false, true}) {
    LogWriter log;
    auto entries = log.write_many(5);
    entries.push_back(log.write({test_record("公开"), test_record("隐私"), test_record("公开")}));
    entries.back().records[1].reset();
    Bytes bytes = packed(entries, compress);
    EXPECT_EQ(bytes[0], compress ? 1 : 0);
    auto first = opened(bytes);
    std::fill(bytes.begin(), bytes.end(), 0xEE);
    const auto moved = std::move(first);
    expect_same(moved, entries);
  }
}

TEST(Run, of_256_entries_is_accepted_and_compression_makes_it_smaller) {
  LogWriter log;
  const auto entries = log.write_many(kMaxRunEntries);
  const Bytes plain_bytes = packed(entries);
  const Bytes compressed = packed(entries, true);
  EXPECT_LT(compressed.size(), plain_bytes.size());
  expect_same(opened(plain_bytes), entries);
  expect_same(opened(compressed), entries);
}

TEST(Run, that_compression_would_not_shrink_is_left_plain) {
  crypto::SystemRandom random;
  const Bytes noise = random.bytes(600);
  const View view = noise;
  const std::vector<Entry> entries{{view.first(200), view.subspan(200, 64), {view.subspan(264)}}};
  const Bytes bytes = pack_run(entries, true);
  EXPECT_EQ(bytes[0], 0);
  EXPECT_EQ(bytes, pack_run(entries, false));
}

TEST(Run, of_the_largest_entry_fits_the_limits) {
  LogWriter log;
  std::vector<Bytes> records(kMaxRecordsPerEntry,
                             Bytes(kMaxEntryRecordBytes / kMaxRecordsPerEntry));
  const std::vector<SealedEntry> entries{log.write(std::move(records))};
  const Bytes bytes = packed(entries);
  EXPECT_LE(bytes.size(), kMaxPackedBytes);
  expect_same(opened(bytes), entries);
}

TEST(Run, size_is_told_before_packing_and_never_too_small) {
  LogWriter log;
  auto sealed = log.write_many(20);
  sealed.push_back(log.write({Bytes(70'000, 1), Bytes(300, 2), Bytes(3, 3)}));
  sealed.back().records[0].reset();
  std::vector<Entry> entries;
  entries.reserve(sealed.size());
  for (const auto& entry : sealed) entries.push_back(entry.view());
  const std::size_t exact = pack_run(entries, false).size() - 1;
  EXPECT_GE(raw_run_size(entries), exact);
  EXPECT_LE(raw_run_size(entries), exact + entries.size() * 16);
}

TEST(Run, one_beyond_each_limit_is_refused) {
  EXPECT_EQ(run_rule(raw_entry(kMaxHeaderBytes, 64, {1})), "accepted");
  EXPECT_EQ(run_rule(raw_entry(kMaxHeaderBytes + 1, 64, {1})), "run.long");
  EXPECT_EQ(run_rule(raw_entry(10, 63, {1})), "run.length");
  EXPECT_EQ(run_rule(raw_entry(10, 65, {1})), "run.length");
  EXPECT_EQ(run_rule(raw_entry(10, 64, {})), "run.records");
  EXPECT_EQ(run_rule(raw_entry(10, 64, std::vector<std::size_t>(kMaxRecordsPerEntry, 1))),
            "accepted");
  EXPECT_EQ(run_rule(raw_entry(10, 64, std::vector<std::size_t>(kMaxRecordsPerEntry + 1, 1))),
            "run.count");
  EXPECT_EQ(run_rule(raw_entry(10, 64, {kMaxRecordBytes})), "accepted");
  EXPECT_EQ(run_rule(raw_entry(10, 64, {kMaxRecordBytes + 1})), "run.record.size");
  const std::size_t half = kMaxEntryRecordBytes / 2;
  EXPECT_EQ(run_rule(raw_entry(10, 64, {half, half})), "accepted");
  EXPECT_EQ(run_rule(raw_entry(10, 64, {half, half, 1})), "run.record.size");
  EXPECT_EQ(run_rule(Bytes(kMaxPackedBytes + 1)), "run.size");

  for (const std::size_t entries : {kMaxRunEntries, kMaxRunEntries + 1}) {
    Packer packer;
    packer.array(entries);
    for (std::size_t i = 0; i < entries; ++i) {
      packer.array(3).binary({}).binary(Bytes(64)).array(1).nil();
    }
    EXPECT_EQ(run_rule(plain(packer)), entries > kMaxRunEntries ? "run.entries" : "accepted");
  }
}

TEST(Run, that_is_not_a_run_is_refused_by_name) {
  EXPECT_EQ(run_rule({}), "run.empty");
  EXPECT_EQ(run_rule({0}), "run.malformed");
  EXPECT_EQ(run_rule({0, 0x90}), "run.empty");
  EXPECT_EQ(run_rule({0, 0xC0}), "run.type");
  EXPECT_EQ(run_rule({0, 0x91, 0xC0}), "run.type");
  EXPECT_EQ(run_rule({2, 0x90}), "run.codec");
  EXPECT_EQ(run_rule({255}), "run.codec");
  Packer packer;
  packer.array(1).array(3).binary({}).binary(Bytes(64)).array(1).text("not binary");
  EXPECT_EQ(run_rule(plain(packer)), "run.type");
  Bytes trailing = raw_entry(10, 64, {1});
  trailing.push_back(0);
  EXPECT_EQ(run_rule(trailing), "run.trailing");
}

TEST(Run, whose_compression_declares_no_size_or_too_much_is_refused_before_it_is_unpacked) {
  // RFC 8878: descriptor 0x00 (no content size), window, one last raw block of one byte.
  EXPECT_EQ(run_rule(zstd_frame({0x00, 0x58, 0x09, 0, 0, 0x90})), "run.zstd.size");
  // Descriptor 0xE0: single segment, eight bytes of content size: 2^40.
  EXPECT_EQ(run_rule(zstd_frame({0xE0, 0, 0, 0, 0, 0, 1, 0, 0, 0x01, 0, 0})), "run.size");
  // Descriptor 0xA0: single segment, four bytes: one more than allowed.
  const auto size = static_cast<std::uint32_t>(kMaxRunBytes + 1);
  EXPECT_EQ(run_rule(zstd_frame({0xA0, static_cast<std::uint8_t>(size),
                                 static_cast<std::uint8_t>(size >> 8U),
                                 static_cast<std::uint8_t>(size >> 16U), 0, 0x01, 0, 0})),
            "run.size");
  EXPECT_EQ(run_rule({1}), "run.zstd.size");
  EXPECT_EQ(run_rule({1, 1, 2, 3, 4}), "run.zstd.size");
}

TEST(Run, whose_compression_is_damaged_or_not_one_frame_is_refused) {
  // Descriptor 0x20: single segment, one byte of content size, then one last raw block.
  EXPECT_EQ(run_rule(zstd_frame({0x20, 1, 0x09, 0, 0, 0x90})), "run.empty");  // [] is well formed
  EXPECT_EQ(run_rule(zstd_frame({0x20, 2, 0x09, 0, 0, 0x90})), "run.zstd.data");
  EXPECT_EQ(run_rule(zstd_frame({0x20, 1, 0x09, 0, 0, 0x90, 0})), "run.zstd.frame");
  EXPECT_EQ(run_rule(zstd_frame({0x20, 1, 0x09, 0, 0})), "run.zstd.frame");
  LogWriter log;
  Bytes twice = packed(log.write_many(20), true);
  const Bytes frame(twice.begin() + 1, twice.end());
  twice.insert(twice.end(), frame.begin(), frame.end());
  EXPECT_EQ(run_rule(twice), "run.zstd.frame");
}

TEST(Run, cut_short_anywhere_is_refused) {
  LogWriter log;
  const auto entries = log.write_many(4);
  for (const bool compress : {false, true}) {
    const Bytes bytes = packed(entries, compress);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_NE(run_rule(Bytes(bytes.begin(), bytes.begin() + static_cast<long>(size))), "accepted")
          << size;
    }
  }
}

TEST(RunDeathTest, packer_beyond_a_limit_is_our_bug) {
  EXPECT_DEATH(packed({}), "assertion failed");
  LogWriter log;
  const auto entries = log.write_many(kMaxRunEntries + 1);
  EXPECT_DEATH(packed(entries), "assertion failed");
}

}  // namespace
}  // namespace yishi::sync
