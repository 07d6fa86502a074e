// Pages with checksums, and what is saved of a damaged file.
#include "node/store/salvage.h"

#include <array>
#include <cstring>
#include <fstream>

#include "node/store/database_impl.h"
#include "node/store/page_check.h"
#include "tests/node/store/fixture.h"

namespace yishi::store {
namespace {

using Page = std::array<char, kPageBytes>;

Page read_page(const std::string& path, std::uint64_t number) {
  Page page{};
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>((number - 1) * kPageBytes));
  EXPECT_TRUE(file.read(page.data(), kPageBytes));
  return page;
}

void write_page(const std::string& path, std::uint64_t number, const Page& page) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>((number - 1) * kPageBytes));
  file.write(page.data(), kPageBytes);
}

std::span<std::uint8_t> bytes_of(Page& page) {
  return {reinterpret_cast<std::uint8_t*>(page.data()), page.size()};
}

std::vector<std::uint64_t> pages_of(const std::string& directory, const std::string& tree) {
  const auto database = open_or_fail(directory, Access::kReader);
  Query query(connection_of(*database), "SELECT pageno FROM dbstat WHERE name = ? ORDER BY pageno");
  query.text(tree);
  std::vector<std::uint64_t> pages;
  while (query.step()) pages.push_back(query.number_at(0));
  return pages;
}

// A row is sound when it still says what the test wrote into it.
RowJudge judge_of(const Identity&) {
  return [](const StoredRow& row) {
    RowVerdict verdict;
    const auto run = sync::Run::open(row.run);
    if (!run) {
      verdict.fault = Error{"row.test", "position " + std::to_string(row.position), "坏", "bad"};
      return verdict;
    }
    const auto& last = run->entries().back();
    const auto header = sync::check_entry(crypto::Suite::kEd25519Sha256, network_of_tests(), last);
    if (!header) {
      verdict.fault = header.error();
      return verdict;
    }
    const auto digest =
        sync::entry_digest(crypto::Suite::kEd25519Sha256, last.header, last.signature);
    verdict.head = {header->sequence, digest, header->time_ms};
    verdict.topology = header->topology;
    for (const auto& entry : run->entries()) verdict.records += entry.records.size();
    verdict.time_ms = sync::decode_header(run->entries().front().header)->time_ms;
    return verdict;
  };
}

class Salvage : public testing::Test {
 protected:
  Salvage() {
    const auto database = make_store(dir.data());
    Logs logs(*database);
    in_transaction(*database, [&] {
      for (int i = 0; i < kRows; ++i) {
        const auto row = i % 2 ? one.row(3) : other.row(2);
        ASSERT_TRUE(logs.append(row).ok());
        const auto& log = i % 2 ? one : other;
        ASSERT_OK(logs.set_head(log.id(), log.head(), 1));
      }
      ASSERT_OK(logs.set_value("bind", "tcp://0.0.0.0:7400"));
      ASSERT_OK(logs.note_refusal({1, "320803001000", "rule", "", "zh", "en"}));
    });
  }

  std::string path() const { return dir.data() + "/store.db"; }

  void damage(std::uint64_t page, std::size_t at = 0, std::size_t bytes = kPageBytes) {
    auto content = read_page(path(), page);
    for (std::size_t i = at; i < at + bytes; ++i) content[i] = static_cast<char>(content[i] ^ 0x5A);
    write_page(path(), page, content);
  }

  Salvaged salvaged() {
    EXPECT_EQ(examine(dir.data(), UINT64_MAX).error().rule, "store.corrupt");
    auto done = salvage(dir.data(), judge_of, 5'000);
    EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().en);
    EXPECT_TRUE(examine(dir.data(), UINT64_MAX).ok());
    return done.ok() ? std::move(*done) : Salvaged{};
  }

  static constexpr int kRows = 60;
  TempDir dir;
  TestLog one{1}, other{2};
};

TEST_F(Salvage, FreshStoreIsSoundAndHasRoomForItsChecksums) {
  EXPECT_TRUE(examine(dir.data(), UINT64_MAX).ok());
  constexpr std::size_t kReservedByte = 20;  // of the file's header
  EXPECT_EQ(read_page(path(), 1)[kReservedByte], kPageCheckBytes);
}

TEST_F(Salvage, EveryBitOfAPageIsCovered) {
  auto page = read_page(path(), 2);
  const auto sound = page;
  set_page_check(bytes_of(page), 2);
  EXPECT_EQ(page, sound);
  for (std::size_t bit = 0; bit < page.size() * 8; bit += 61) {
    auto flipped = sound;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    write_page(path(), 2, flipped);
    ASSERT_FALSE(examine(dir.data(), UINT64_MAX).ok()) << bit;
  }
}

TEST_F(Salvage, PageThatWasTornWhileItWasCopiedBackIsNotDamaged) {
  const auto page = pages_of(dir.data(), "named_value").front();
  const auto cut = dir.path() + "/cut";
  {
    const auto database = open_or_fail(dir.data());
    in_transaction(*database,
                   [&] { ASSERT_OK(Logs(*database).set_value("bind", "tcp://1.2.3.4:5")); });
    std::filesystem::create_directory(cut);  // the power goes: the write-ahead log has the page
    for (const auto* file : {"/store.db", "/store.db-wal"}) {
      std::filesystem::copy_file(dir.data() + file, cut + file);
    }
  }
  auto torn = read_page(cut + "/store.db", page);
  const auto copied_back = read_page(path(), page);
  std::copy(copied_back.begin() + kPageBytes / 2, copied_back.end(), torn.begin() + kPageBytes / 2);
  ASSERT_NE(torn, copied_back);
  write_page(cut + "/store.db", page, torn);
  EXPECT_TRUE(examine(cut, UINT64_MAX).ok());
  EXPECT_EQ(Logs(*open_or_fail(cut)).value("bind"), "tcp://1.2.3.4:5");
}

TEST_F(Salvage, PageInAnothersPlaceIsNotSound) {
  write_page(path(), 3, read_page(path(), 2));
  EXPECT_EQ(examine(dir.data(), UINT64_MAX).error().rule, "store.corrupt");
}

TEST_F(Salvage, PageThatWasReadOnTrustIsNotServedFromTheCacheAfterwards) {
  damage(pages_of(dir.data(), "named_value").front(), 2'000, 1);  // between its cells
  const auto reader = open_or_fail(dir.data(), Access::kReader);
  trust_pages(connection_of(*reader).handle(), true);
  EXPECT_EQ(Logs(*reader).value("bind"), "tcp://0.0.0.0:7400");
  trust_pages(connection_of(*reader).handle(), false);
  EXPECT_EQ(Logs(*reader).value("bind"), std::nullopt);
  const auto fault = reader->take_fault();
  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->rule, "store.corrupt");
}

TEST_F(Salvage, DamagedPageOfRowsLeavesTheirPlacesEmptyAndNamed) {
  const auto pages = pages_of(dir.data(), "entry_row");
  ASSERT_GT(pages.size(), 2U);
  damage(pages.back());
  const auto done = salvaged();
  ASSERT_FALSE(done.rows.empty());
  EXPECT_TRUE(done.lost.empty());
  EXPECT_TRUE(done.heads);
  EXPECT_TRUE(done.projections);
  const auto database = open_or_fail(dir.data());
  const Logs logs(*database);
  EXPECT_EQ(logs.last_position(), static_cast<std::uint64_t>(kRows));
  EXPECT_EQ(logs.open_damages(), done.rows.size());
  const auto damages = logs.damages(true, 100);
  ASSERT_EQ(damages.size(), done.rows.size());
  for (const auto& damage : damages) {
    EXPECT_TRUE(logs.row(damage.row.position)->run.empty());
    EXPECT_EQ(damage.row.log, damage.row.position % 2 ? other.id() : one.id());
    EXPECT_EQ(damage.row.last - damage.row.first + 1, damage.row.position % 2 ? 2U : 3U);
  }
  EXPECT_EQ(logs.log(one.id()).head.digest, one.head().digest);
  EXPECT_TRUE(std::filesystem::exists(done.kept));
}

TEST_F(Salvage, DamagedIndexIsMadeAnewAndLosesNothing) {
  for (const char* index : {"entry_row_log", "entry_row_upward"}) {
    damage(pages_of(dir.data(), index).front());
    const auto done = salvaged();
    EXPECT_TRUE(done.rows.empty());
    EXPECT_TRUE(done.tables.empty());
  }
  const auto database = open_or_fail(dir.data());
  EXPECT_EQ(Logs(*database).rows_of_log(one.id(), 1, SIZE_MAX).size(), 30U);
}

TEST_F(Salvage, DamagedHeadsAreDerivedFromTheRows) {
  damage(pages_of(dir.data(), "log").front());
  const auto done = salvaged();
  EXPECT_FALSE(done.heads);
  EXPECT_TRUE(done.rows.empty());
  const auto database = open_or_fail(dir.data());
  const auto state = Logs(*database).log(one.id());
  EXPECT_EQ(state.head.sequence, one.head().sequence);
  EXPECT_EQ(state.head.digest, one.head().digest);
  EXPECT_EQ(state.records, 90U);
}

TEST_F(Salvage, DamagedHeaderAndSchemaAreThoseOfAFreshStore) {
  for (const auto page : pages_of(dir.data(), "sqlite_schema")) damage(page);
  const auto done = salvaged();
  EXPECT_TRUE(done.rows.empty());
  const auto database = open_or_fail(dir.data());
  EXPECT_EQ(database->identity().unit, code("320803001000"));
  EXPECT_EQ(Logs(*database).last_position(), static_cast<std::uint64_t>(kRows));
  EXPECT_EQ(Logs(*database).value("bind"), "tcp://0.0.0.0:7400");
}

TEST_F(Salvage, DamagedIdentityIsReadFromItsCopy) {
  damage(pages_of(dir.data(), "identity").front());
  EXPECT_TRUE(salvaged().rows.empty());
  const auto database = open_or_fail(dir.data());
  EXPECT_EQ(database->identity().unit, code("320803001000"));
  EXPECT_EQ(database->identity().incarnation, identity_of("320803001000").incarnation);
}

TEST_F(Salvage, WhatNeighboursTellAgainIsLeftOut) {
  damage(pages_of(dir.data(), "refusal").front());
  const auto done = salvaged();
  EXPECT_EQ(done.tables, std::vector<std::string>{"refusal"});
  const auto database = open_or_fail(dir.data());
  EXPECT_TRUE(Logs(*database).refusals(10).empty());
}

TEST_F(Salvage, DamagedProjectionIsToBeDerivedAgain) {
  damage(pages_of(dir.data(), "figure_cell").front());
  EXPECT_FALSE(salvaged().projections);
}

TEST_F(Salvage, FileThatIsNoStoreIsLeftAsItIs) {
  std::ofstream(path(), std::ios::trunc) << std::string(8192, 'x');
  const auto done = salvage(dir.data(), judge_of, 5'000);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().rule, "store.lost");
  EXPECT_EQ(std::filesystem::file_size(path()), 8192U);
}

}  // namespace
}  // namespace yishi::store
