// Bit rot: single bits of a node's store file change while it is down. Every change is found,
// entries that it touched are named and mended from a neighbour, everything else is as before.
//
// YISHI_ROT_FLIPS says how many bits (100 by default), YISHI_ROT_SEED which.
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

#include "node/turn/repair.h"
#include "node/turn/verify.h"
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

using deliberation::Act;

constexpr std::uint64_t kPageSize = 4096;
constexpr std::uint64_t kStepMs = 250;
constexpr int kMostSteps = 400;
constexpr int kQuietSteps = 3;

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// A fresh file: SQLite must not find what belonged to another.
void write_all(const std::string& path, const std::string& bytes) {
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(path + suffix);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
}

// What plain SQLite, which knows of no checksums, reads in a store file: an account of its own
// of what a flip did.
class PlainFile {
 public:
  explicit PlainFile(const std::string& path) {
    YISHI_ASSERT(sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr) ==
                 SQLITE_OK);
  }
  ~PlainFile() { sqlite3_close(handle_); }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  std::int64_t last() {
    std::int64_t position = 0;
    each("SELECT max(position) FROM entry_row NOT INDEXED",
         [&](sqlite3_stmt* row) { position = sqlite3_column_int64(row, 0); });
    return position;
  }

  // The rows of the table of entries, one by one: a text each; what cannot be read is missing.
  std::map<std::int64_t, std::string> rows(std::int64_t last_position) {
    std::map<std::int64_t, std::string> found;
    for (std::int64_t position = 1; position <= last_position; ++position) {
      each(
          "SELECT log, first, last, records, time_ms, source, hex(run) FROM entry_row "
          "NOT INDEXED WHERE position = " +
              std::to_string(position),
          [&](sqlite3_stmt* row) {
            std::string text;
            for (int i = 0; i < sqlite3_column_count(row); ++i) {
              const auto* value = sqlite3_column_text(row, i);
              text += std::string(value ? reinterpret_cast<const char*>(value) : "") + "|";
            }
            found[position] = std::move(text);
          });
    }
    return found;
  }

  // Which tree each page belongs to.
  std::map<std::uint64_t, std::string> pages() {
    std::map<std::uint64_t, std::string> found;
    each("SELECT pageno, name FROM dbstat", [&](sqlite3_stmt* row) {
      found[static_cast<std::uint64_t>(sqlite3_column_int64(row, 0))] =
          reinterpret_cast<const char*>(sqlite3_column_text(row, 1));
    });
    return found;
  }

 private:
  template <class Visit>
  void each(const std::string& sql, const Visit& visit) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) return;
    for (int most = 100'000; most > 0 && sqlite3_step(statement) == SQLITE_ROW; --most) {
      visit(statement);
    }
    sqlite3_finalize(statement);
  }
  sqlite3* handle_ = nullptr;
};

// Everything that matters of a store, to be compared with that of its twin.
struct Account {
  std::vector<std::string> entries;  // position, log, sequence, header, signature, records
  std::vector<std::string> heads;
  std::vector<std::string> projections;
  bool operator==(const Account&) const = default;
};

Account account_of(store::Database& database) {
  Account account;
  const store::Logs logs(database);
  for (std::uint64_t at = 0;;) {
    const auto rows = logs.rows_after(at, 1 << 20, false);
    if (rows.empty()) break;
    for (const auto& row : rows) {
      auto line = std::to_string(row.position) + " " + to_hex(row.log.view()) + " " +
                  std::to_string(row.first) + " " + std::to_string(row.last) + " " +
                  std::to_string(row.records) + " " + std::to_string(row.time_ms) + " " +
                  std::to_string(static_cast<int>(row.source));
      auto run = sync::Run::open(row.run);
      if (!run) line += " unreadable";
      if (run) {
        for (const auto& entry : run->entries()) {
          const auto header = sync::decode_header(entry.header);
          if (header && header->sequence < row.first) continue;
          line += " " + to_hex(entry.header) + " " + to_hex(entry.signature);
          for (const auto& record : entry.records) line += " " + (record ? to_hex(*record) : "-");
        }
      }
      account.entries.push_back(std::move(line));
      at = row.position;
    }
  }
  for (const auto& [log, state] : logs.all_logs()) {
    account.heads.push_back(to_hex(log.view()) + " " + std::to_string(state.head.sequence) + " " +
                            to_hex(state.head.digest.view()) + " " + std::to_string(state.records) +
                            " " + std::to_string(state.topology));
  }
  account.projections = store::projection_digests(database);
  return account;
}

struct Counts {
  std::uint64_t flips = 0, found = 0;
  std::uint64_t touching = 0, named = 0, mended = 0;  // those that change stored entries
  std::uint64_t by_neighbour = 0, on_the_spot = 0;
  std::uint64_t rebuilt = 0;
  std::map<std::string, std::uint64_t> trees;  // where they fell
};

struct Sound {  // a store before anything happened to it
  std::string bytes;
  Account twin;
  std::int64_t last = 0;
  std::map<std::int64_t, std::string> rows;
  std::map<std::uint64_t, std::string> trees;
};

class Rot : public testing::Test {
 protected:
  Rot() {
    for (const auto& unit : {kDistrict, kTown, kVillage, kSecondVillage}) network.join(unit);
    live();
  }

  // Matters that stay, that climb and that come back; journals; remarks of others.
  void live() {
    std::vector<std::string> ids;
    for (int i = 0; i < 8; ++i) {
      const bool far = i % 4 == 1;
      const auto logged = network.log(i % 2 ? kVillage : kSecondVillage, "第几件事：路灯与水渠",
                                      far ? "healthcare" : "environment", far ? 2'200'000 : 900);
      ASSERT_TRUE(logged.ok()) << logged.error().en;
      ids.push_back(logged->issue);
      journal(i % 2 ? kVillage : kTown, i);
    }
    network.settle();
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto issue = network.issue(kDistrict, ids[i]);
      ASSERT_TRUE(issue.has_value());
      if (issue->holder == kDistrict) {
        ASSERT_TRUE(network.act(kDistrict, ids[i], Act::kAccept).ok());
        ASSERT_TRUE(network.act(kDistrict, ids[i], Act::kDecide).ok());
      }
      for (const auto& unit : {kTown, kDistrict, kCity}) {
        deliberation::ActBody body;
        body.text = "请按时办结，情况随时上报。" + std::to_string(i);
        ASSERT_TRUE(network.act(unit, ids[i], Act::kComment, body).ok());
      }
    }
    journal(kDistrict, 99);
    ASSERT_TRUE(network.settle([&] {
      return network.received(kVillage) && network.received(kSecondVillage) &&
             network.received(kTown) && network.received(kDistrict);
    }));
    network.settle();
  }

  void journal(const topology::Code& unit, int day) {
    NoteJournal command;
    SeededRandom noise(static_cast<std::uint64_t>(day));
    for (int i = 0; i < 40; ++i) {
      command.lines.push_back("工作日志，第 " + std::to_string(day) + " 天：" +
                              to_hex(noise.bytes(160)));
    }
    ASSERT_TRUE(network.ask(unit, std::move(command)).ok());
  }

  std::string file(const topology::Code& unit) { return network.at(unit).directory + "/store.db"; }

  // As the daemon does: looked at, repaired, served.
  RepairReport wake(const topology::Code& unit, const std::optional<Error>& known = {}) {
    auto report = repair_store(network.at(unit).directory, kExamineAtStartBytes,
                               network.clock.wall_ms, known);
    if (report.ok()) {
      for (const auto& line : report->lines_en) story_ += line + "\n";
    }
    EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().rule + report.error().en);
    if (report.ok()) network.start(unit);
    return report.ok() ? std::move(*report) : RepairReport{};
  }

  // A turn of every node; the victim may ask to be repaired again.
  void step(const topology::Code& victim) {
    for (auto& [unit, node] : network.nodes) {
      if (!node->alive()) continue;
      const auto status = node->turn->run_once(0);
      if (status.ok()) continue;
      ASSERT_EQ(unit, victim) << status.error().en;
      const Error error = status.error();
      story_ += error.rule + " " + error.en + "\n";
      network.kill(unit);
      const bool mended = error.rule == "store.mended";
      rebuilt_ = wake(unit, mended ? std::nullopt : std::optional(error)).rebuilt || rebuilt_;
    }
    network.clock.pass(kStepMs);
  }

  bool whole(const topology::Code& unit) {
    const store::Logs logs(*network.at(unit).database);
    return logs.open_damages() == 0 && logs.value(store::kProjectionsDue).value_or("") != "1";
  }

  std::string not_mended(const topology::Code& unit) {
    if (!network.at(unit).alive()) return "it does not live";
    std::string names = story_;
    for (const auto& damage : store::Logs(*network.at(unit).database).damages(true, 10)) {
      names += damage.en + "; ";
    }
    return names;
  }

  // Mended, and quiet after it.
  bool settle(const topology::Code& victim) {
    int quiet = 0;
    for (int i = 0; i < kMostSteps && quiet < kQuietSteps; ++i) {
      step(victim);
      if (HasFatalFailure() || !network.at(victim).alive()) return false;
      quiet = whole(victim) ? quiet + 1 : 0;
    }
    return quiet == kQuietSteps;
  }

  SimulatedNetwork network;
  Counts counts;
  bool rebuilt_ = false;
  std::string story_;  // of the last flip, for when it ends badly

  void flip_bits(const topology::Code& victim, std::uint64_t flips, std::uint64_t seed);
  void flip(const topology::Code& victim, const Sound& sound, std::uint64_t bit);
};

// The positions of which plain SQLite reads something else than before.
std::vector<std::uint64_t> changed_rows(const std::map<std::int64_t, std::string>& before,
                                        const std::map<std::int64_t, std::string>& now) {
  std::vector<std::uint64_t> changed;
  for (const auto& [position, text] : before) {
    const auto found = now.find(position);
    if (found == now.end() || found->second != text) {
      changed.push_back(static_cast<std::uint64_t>(position));
    }
  }
  return changed;
}

void Rot::flip(const topology::Code& victim, const Sound& sound, std::uint64_t bit) {
  auto bytes = sound.bytes;
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  write_all(file(victim), bytes);
  const auto page = bit / 8 / kPageSize + 1;
  const auto tree = sound.trees.find(page);
  ++counts.flips;
  ++counts.trees[tree == sound.trees.end() ? "(free)" : tree->second];
  // A page of another tree holds no entries, even if plain SQLite reads none without it.
  std::vector<std::uint64_t> changed;
  if (tree != sound.trees.end() && tree->second == "entry_row") {
    changed = changed_rows(sound.rows, PlainFile(file(victim)).rows(sound.last));
  }

  rebuilt_ = false;
  story_.clear();
  const auto report = wake(victim);
  ASSERT_TRUE(network.at(victim).alive()) << "bit " << bit << " of page " << page;
  counts.found += report.damaged ? 1 : 0;
  EXPECT_TRUE(report.damaged) << "bit " << bit << " of page " << page << " was not noticed";
  EXPECT_TRUE(report.salvaged.lost.empty());
  if (!changed.empty()) {
    ++counts.touching;
    std::map<std::uint64_t, std::string> named;
    for (const auto* list : {&report.salvaged.rows, &report.salvaged.mended}) {
      for (const auto& damage : *list) named[damage.row.position] = damage.en;
    }
    const bool all = std::all_of(changed.begin(), changed.end(), [&](std::uint64_t position) {
      return named.contains(position) &&
             named[position].find(std::to_string(position)) != std::string::npos;
    });
    counts.named += all ? 1 : 0;
    EXPECT_TRUE(all) << "bit " << bit << ", position " << changed.front() << " of "
                     << changed.size();
  }
  ASSERT_TRUE(settle(victim)) << "bit " << bit << " of page " << page << ": " << not_mended(victim);
  counts.rebuilt += report.rebuilt || rebuilt_ ? 1 : 0;
  const auto now = account_of(*network.at(victim).database);
  if (!changed.empty()) {
    counts.by_neighbour += report.salvaged.rows.empty() ? 0 : 1;
    counts.on_the_spot += report.salvaged.mended.empty() ? 0 : 1;
    counts.mended += now.entries == sound.twin.entries ? 1 : 0;
  }
  EXPECT_EQ(now.entries, sound.twin.entries) << "bit " << bit << " of page " << page;
  EXPECT_EQ(now.heads, sound.twin.heads) << "bit " << bit << " of page " << page;
  EXPECT_EQ(now.projections, sound.twin.projections) << "bit " << bit << " of page " << page;
}

void Rot::flip_bits(const topology::Code& victim, std::uint64_t flips, std::uint64_t seed) {
  Sound sound;
  sound.twin = account_of(*network.at(victim).database);
  network.kill(victim);
  sound.bytes = read_all(file(victim));
  {
    PlainFile plain(file(victim));
    sound.last = plain.last();
    sound.rows = plain.rows(sound.last);
    sound.trees = plain.pages();
  }
  std::mt19937_64 engine(seed);
  for (std::uint64_t i = 0; i < flips && !HasFatalFailure(); ++i) {
    flip(victim, sound, engine() % (sound.bytes.size() * 8));
    if (HasFatalFailure()) return;
    if (i % 20 == 0) {
      const auto verified = verify_store(network.at(victim).directory, {});
      ASSERT_TRUE(verified.ok()) << verified.error().en;
      EXPECT_TRUE(verified->ok()) << verified->faults_en.front();
    }
    network.kill(victim);
  }
  write_all(file(victim), sound.bytes);
  network.start(victim);
  for (int i = 0; i < 8; ++i) step(victim);
}

TEST_F(Rot, EveryFlippedBitIsFoundAndWhatItTouchedIsMendedFromANeighbour) {
  const auto flips = number_of("YISHI_ROT_FLIPS", 100);
  const auto seed = number_of("YISHI_ROT_SEED", 1);
  const std::vector<topology::Code> victims = {kTown, kVillage, kDistrict, kCity};
  for (std::size_t i = 0; i < victims.size() && !HasFatalFailure(); ++i) {
    const auto share = flips / victims.size() + (i < flips % victims.size() ? 1 : 0);
    flip_bits(victims[i], share, seed * 100 + i);
  }
  std::printf(
      "flips %llu, found %llu; touching entries %llu, named %llu, mended %llu "
      "(by a neighbour %llu, on the spot %llu); projections derived again "
      "%llu\n",
      static_cast<unsigned long long>(counts.flips), static_cast<unsigned long long>(counts.found),
      static_cast<unsigned long long>(counts.touching),
      static_cast<unsigned long long>(counts.named), static_cast<unsigned long long>(counts.mended),
      static_cast<unsigned long long>(counts.by_neighbour),
      static_cast<unsigned long long>(counts.on_the_spot),
      static_cast<unsigned long long>(counts.rebuilt));
  for (const auto& [tree, count] : counts.trees) {
    std::printf("  %-24s %llu\n", tree.c_str(), static_cast<unsigned long long>(count));
  }
}

TEST_F(Rot, FlipInAStoreThatIsBeingServedIsFoundByTheNextPassAndMended) {
  const auto before = account_of(*network.at(kTown).database);
  std::uint64_t page = 0;
  network.kill(kTown);  // so that all of it is in the file
  for (const auto& [number, tree] : PlainFile(file(kTown)).pages()) {
    if (tree == "entry_row") page = number;  // the last: what came last
  }
  network.start(kTown);
  for (int i = 0; i < 100; ++i) step(kTown);  // the pass that began at start ends
  {
    std::fstream store(file(kTown), std::ios::in | std::ios::out | std::ios::binary);
    const auto at = static_cast<std::streamoff>(page * kPageSize - 2000);
    store.seekg(at);
    const char byte = static_cast<char>(store.get() ^ 4);
    store.seekp(at);
    store.put(byte);
  }
  const auto finished = network.at(kTown).board.read()->scrubbed_ms;
  EXPECT_GT(finished, 0U);
  EXPECT_LT(finished, network.clock.wall_ms);
  network.clock.pass(kScrubEveryMs);
  Error found;
  for (int i = 0; i < 200 && found.rule.empty(); ++i) {
    for (auto& [unit, node] : network.nodes) {
      const auto status = node->turn->run_once(0);
      if (!status.ok()) found = status.error();
    }
    network.clock.pass(kStepMs);
  }
  EXPECT_EQ(found.rule, "store.damaged") << found.en;
  network.kill(kTown);
  const auto report = wake(kTown, found);
  EXPECT_FALSE(report.salvaged.pages.empty());
  ASSERT_TRUE(settle(kTown)) << not_mended(kTown);
  const auto after = account_of(*network.at(kTown).database);
  EXPECT_EQ(after.entries, before.entries);
  EXPECT_EQ(after.heads, before.heads);
}

TEST_F(Rot, StoreThatLostItsEndWritesNothingOnceItsParentSaysSo) {
  network.kill(kVillage);
  const auto older = read_all(file(kVillage));
  network.start(kVillage);
  network.settle();
  const auto logged = network.log(kVillage, "将随磁盘丢失", "environment", 900);
  ASSERT_TRUE(logged.ok());
  ASSERT_TRUE(network.settle([&] { return network.received(kVillage); }));
  network.kill(kVillage);
  write_all(file(kVillage), older);
  network.start(kVillage);
  network.settle();
  const auto refused = network.log(kVillage, "不能续写", "environment", 900);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().rule, "node.own_log");
  EXPECT_TRUE(store::Logs(*network.at(kTown).database).forks().empty());
}

}  // namespace
}  // namespace yishi::turn
