// Fills a city's store with RECORDS records of two years, as its districts would have sent
// them: half journal lines, half acts of issues along their life, from the logs of all units
// of the divisions; runs of a week, hashed and checked by the real ledger, one real
// signature a run (the other entries of a run carry random bytes, which nobody checks).
//
//   fill_city DATA RECORDS DIVISIONS POLICY
//
// DATA is then a root's data directory that `yishi serve` opens. Prints one JSON line.
#include <chrono>
#include <iostream>
#include <map>

#include "crypto/key_file.h"
#include "node/data_directory.h"
#include "node/turn/ledger.h"
#include "tests/bench/city_texts.h"
#include "topology/divisions_csv.h"

namespace yishi::bench {
namespace {

using deliberation::Act;
using deliberation::ActBody;
using deliberation::Draft;
using topology::Code;

constexpr std::uint64_t kWeeks = 104;
constexpr std::uint64_t kWeekMs = 7ULL * 24 * 3600 * 1000;
constexpr std::uint64_t kFirstMs = 1'732'500'000'000;  // end of November 2024
constexpr std::uint64_t kCommitRecords = 20'000;
constexpr std::size_t kLinesPerEntry = 6;
constexpr std::int64_t kYuan = 100;

template <class T>
T must(Result<T> result) {
  if (result) return std::move(result).value();
  std::cerr << result.error().rule << ": " << result.error().en << '\n';
  std::exit(1);
}
void must(const Status& status) {
  if (status.ok()) return;
  std::cerr << status.error().rule << ": " << status.error().en << '\n';
  std::exit(1);
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

class SeededRandom final : public crypto::Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_{20261121};
};

// One unit's log: entries wait until they are packed into runs.
class UnitLog {
 public:
  UnitLog(Code unit, crypto::PrivateKey key) : unit_(std::move(unit)), key_(std::move(key)) {}

  const Code& unit() const { return unit_; }
  const crypto::PrivateKey& key() const { return key_; }
  std::uint64_t next_sequence() const { return sequence_ + waiting_.size() + 1; }
  std::uint64_t next_number(int year) { return ++numbers_[year]; }
  bool empty() const { return waiting_.empty(); }

  void add(std::uint64_t time_ms, std::vector<Bytes> records) {
    waiting_.push_back({time_ms, std::move(records)});
  }

  // The waiting entries as packed runs, in order.
  std::vector<Bytes> pack(const crypto::Digest& network, std::uint64_t topology,
                          crypto::Random& random) {
    std::vector<Bytes> runs;
    std::vector<sync::SealedEntry> run;
    std::size_t records = 0;
    std::size_t bytes = 0;
    for (auto& entry : std::exchange(waiting_, {})) {
      std::size_t size = 0;
      for (const auto& record : entry.records) size += record.size() + 200;
      if (records + entry.records.size() > sync::kRunRecords || bytes + size > sync::kRunBytes) {
        runs.push_back(close(run, random));
        records = bytes = 0;
      }
      records += entry.records.size();
      bytes += size;
      run.push_back(chain(std::move(entry), network, topology, random));
    }
    if (!run.empty()) runs.push_back(close(run, random));
    return runs;
  }

 private:
  struct Waiting {
    std::uint64_t time_ms = 0;
    std::vector<Bytes> records;
  };

  sync::SealedEntry chain(Waiting entry, const crypto::Digest& network, std::uint64_t topology,
                          crypto::Random& random) {
    // The digest of the entry before covers its signature: it is known by now.
    if (last_) previous_ = sync::entry_digest(key_.suite(), last_->header, last_->signature.view());
    sync::EntryHeader header;
    header.network = network;
    header.log = key_.public_key().id();
    header.sequence = ++sequence_;
    header.previous = previous_;
    header.time_ms = entry.time_ms;
    header.topology = topology;
    sync::SealedEntry sealed;
    for (auto& record : entry.records) {
      header.records.push_back(sync::record_digest(key_.suite(), record));
      sealed.records.emplace_back(std::move(record));
    }
    sealed.header = sync::encode_header(header);
    sealed.signature = crypto::Signature::from(random.bytes(crypto::kSignatureBytes));
    last_ = sync::SealedEntry{sealed.header, sealed.signature, {}};
    return sealed;
  }

  Bytes close(std::vector<sync::SealedEntry>& run, crypto::Random&) {
    run.back().signature = key_.sign("yishi/entry/1", run.back().header);
    last_->signature = run.back().signature;
    std::vector<sync::Entry> views;
    views.reserve(run.size());
    for (const auto& entry : run) views.push_back(entry.view());
    auto packed = sync::pack_run(views, true);
    run.clear();
    return packed;
  }

  Code unit_;
  crypto::PrivateKey key_;
  std::uint64_t sequence_ = 0;
  crypto::Digest previous_;
  std::optional<sync::SealedEntry> last_;
  std::vector<Waiting> waiting_;
  std::map<int, std::uint64_t> numbers_;
};

struct Matter {  // an issue on its way
  deliberation::Issue issue;
  std::uint64_t not_before = 0;  // week
  int comments = 0;
};

class City {
 public:
  City(const std::string& data, std::uint64_t records) : data_(data), records_(records) {}

  void make(const std::string& divisions, const std::string& policy) {
    must(node::create_network({data_, "淮安", divisions, "ed25519", policy, "tcp://127.0.0.1:*",
                               "tcp://127.0.0.1:7320", ""}));
    keys_.emplace(must(node::open_keys(data_, "")));
    database_ = must(store::Database::open(data_, store::Access::kWriter));
    ledger_ = std::make_unique<turn::Ledger>(*database_);
    must(ledger_->load());
    admit_everyone();
  }

  void fill() {
    const auto begin = std::chrono::steady_clock::now();
    for (std::uint64_t week = 0; week < kWeeks; ++week) {
      week_ = week;
      lived_this_week_ = 0;
      for (const auto& village : villages_) live(village);
      for (const auto& unit : order_) deliver(*logs_.at(unit));
      if (week % 8 == 7) std::cerr << "week " << week + 1 << ": " << taken_ << " records\n";
    }
    commit();
    const double all = seconds_since(begin);
    std::cout << R"({"records":)" << taken_ << R"(,"acts":)" << acts_ << R"(,"issues":)" << issues_
              << R"(,"runs":)" << runs_ << R"(,"logs":)" << logs_.size() << R"(,"fill_s":)" << all
              << R"(,"take_s":)" << take_s_ << R"(,"take_rps":)" << std::uint64_t(taken_ / take_s_)
              << "}\n";
  }

 private:
  void admit_everyone() {
    const auto passphrase = must(crypto::load_private_file(data_ + "/secret", 4096));
    std::string secret(text_of(passphrase));
    while (!secret.empty() && secret.back() == '\n') secret.pop_back();
    const auto root = must(crypto::load_key(data_ + "/operator.key", secret));
    const auto& city = ledger_->here();
    logs_.emplace(city, std::make_unique<UnitLog>(city, keys_->keys.node));
    std::vector<topology::Operation> operations;
    must(database_->begin());
    const auto sign = [&] {
      const auto change = topology::sign_change(root, ledger_->directory().network(), kFirstMs,
                                                std::exchange(operations, {}), random_);
      must(ledger_->write_topology(*keys_->keys.topology, {change.encode()}, kFirstMs, random_));
    };
    for (const auto& unit : ledger_->directory().all_units()) {
      if (unit == city) continue;
      auto key = crypto::PrivateKey::generate(crypto::Suite::kEd25519Sha256);
      operations.emplace_back(topology::NodeAdmitted{unit, key.public_key().raw(),
                                                     random_.bytes(32), "tcp://127.0.0.1:7320"});
      logs_.emplace(unit, std::make_unique<UnitLog>(unit, std::move(key)));
      if (operations.size() == topology::kMaxOperations) sign();
    }
    if (!operations.empty()) sign();
    must(database_->commit());
    ledger_->committed();
    YISHI_ASSERT(ledger_->directory().nodes().size() == logs_.size());
    sort_units();
  }

  // Those who write most come first, so that what they wrote is there when others act on it.
  void sort_units() {
    const auto& directory = ledger_->directory();
    order_ = directory.all_units();
    std::stable_sort(order_.begin(), order_.end(), [&](const Code& a, const Code& b) {
      return directory.path_to_root(a).size() > directory.path_to_root(b).size();
    });
    for (const auto& unit : order_) {
      if (directory.children_of(unit).empty()) villages_.push_back(unit);
    }
  }

  // A week of one village: its journal, the matters on their way, new matters.
  void live(const Code& village) {
    const std::uint64_t lived = week_ * villages_.size() + ++lived_this_week_;
    const std::uint64_t until = records_ / 2 * lived / (kWeeks * villages_.size());
    auto& log = *logs_.at(village);
    time_ms_ = kFirstMs + week_ * kWeekMs + texts_.below(3'600'000);
    auto& matters = matters_[village];
    for (std::size_t i = 0; i < matters.size() && acts_ < until;) {
      if (advance(matters[i])) {
        matters.erase(matters.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
    while (acts_ < until) begin(village, matters);
    while (written_ < 2 * acts_) note(log, kLinesPerEntry);
  }

  void note(UnitLog& log, std::uint64_t lines) {
    std::vector<Bytes> records;
    for (std::uint64_t i = 0; i < lines; ++i) {
      const auto line = texts_.line();
      records.push_back(sync::encode_record({std::string(turn::kJournalKind), log.unit().text(),
                                             copy(view_of(line)), sync::make_salt(random_)}));
    }
    written_ += lines;
    log.add(time_ms_ += 60'000, std::move(records));
  }

  void begin(const Code& village, std::vector<Matter>& matters) {
    static constexpr std::string_view kCategories[] = {
        "environment", "environment", "environment", "traffic",   "traffic",    "facilities",
        "facilities",  "dispute",     "land",        "education", "healthcare", "other"};
    ActBody body;
    body.title = texts_.title();
    body.text = texts_.text();
    body.category = kCategories[texts_.below(std::size(kCategories))];
    body.source = "raised";
    const auto kind = texts_.below(1000);
    const std::int64_t yuan = kind < 800   ? 500 + std::int64_t(texts_.below(15'000))
                              : kind < 880 ? 21'000 + std::int64_t(texts_.below(25'000))
                              : kind < 980 ? 60'000 + std::int64_t(texts_.below(300'000))
                              : kind < 998 ? 600'000 + std::int64_t(texts_.below(3'000'000))
                                           : 6'000'000 + std::int64_t(texts_.below(9'000'000));
    body.budget_fen = yuan * kYuan;
    const int year = deliberation::china_year(time_ms_);
    const auto id =
        deliberation::make_issue_id(village, year, logs_.at(village)->next_number(year));
    Matter& matter = matters.emplace_back();
    matter.issue.id = id;
    apply(matter,
          must(deliberation::make_log(id, std::move(body), ledger_->world(), village, time_ms_)),
          village);
    ++issues_;
    settle(matter);
  }

  // One or two acts of its life; true when it is over.
  bool advance(Matter& matter) {
    for (int steps = 0; steps < 2; ++steps) {
      if (matter.not_before > week_) return false;
      if (matter.issue.stage == "closed") {
        remark(matter, Act::kEvaluate);
        return true;
      }
      if (matter.comments < 2 && texts_.chance(4)) {
        ++matter.comments;
        remark(matter, Act::kComment);
      }
      step(matter);
    }
    return false;
  }

  void step(Matter& matter) {
    const auto& issue = matter.issue;
    const bool at_home = issue.holder == issue.home;
    if (issue.stage == "logged" || issue.stage == "returned") return act(matter, Act::kPropose);
    if (issue.stage == "proposed") return act(matter, Act::kApprove);
    if (issue.stage == "approved") return act(matter, Act::kResearch);
    if (issue.stage == "researched") return act(matter, Act::kHoldSession);
    if (issue.stage == "held") return act(matter, Act::kOutcome);
    if (issue.stage == "escalated") return act(matter, Act::kAccept);
    if (issue.stage == "accepted") return act(matter, Act::kDecide);
    if (issue.stage == "decided") return act(matter, Act::kAssign);
    if (issue.stage == "carrying_out") {
      if (!issue.assignments.back().done) return remark(matter, Act::kProgress);
      return act(matter, at_home ? Act::kClose : Act::kFeedBack);
    }
    act(matter, Act::kClose);
  }

  ActBody body_of(const deliberation::Issue& issue, Act act) {
    ActBody body;
    body.text = texts_.opinion();
    if (act == Act::kApprove) body.by = "党组织";
    if (act == Act::kOutcome) body.became = "project";
    if (act == Act::kAssign) body.to = issue.home;
    if (act == Act::kClose) body.result = "solved";
    if (act == Act::kHoldSession) {
      body.held_ms = time_ms_;
      body.place = "村协商议事室";
      body.form = "meeting";
      body.parties = {{"mass", 8}, {"stakeholder", 1}, {"member", 2}};
    }
    if (act == Act::kProgress) {
      body.assignment = issue.assignments.size();
      body.percent = 100;
      body.done = true;
    }
    if (act == Act::kEvaluate) {
      body.party = "mass";
      body.score = 60 + texts_.below(41);
    }
    return body;
  }

  void act(Matter& matter, Act what) {
    const auto unit = matter.issue.holder;
    apply(matter,
          must(deliberation::make_act(what, matter.issue, body_of(matter.issue, what),
                                      ledger_->world(), unit, time_ms_)),
          unit);
    settle(matter);
  }
  void remark(Matter& matter, Act what) {
    const auto unit = matter.issue.home;
    apply(matter,
          must(deliberation::make_act(what, matter.issue, body_of(matter.issue, what),
                                      ledger_->world(), unit, time_ms_)),
          unit);
  }

  void settle(Matter& matter) {
    for (const auto& unit : ledger_->directory().path_to_root(matter.issue.home)) {
      while (const auto draft = deliberation::react(matter.issue, ledger_->world(), unit)) {
        apply(matter, *draft, unit);
      }
    }
  }

  void apply(Matter& matter, const Draft& draft, const Code& unit) {
    auto& log = *logs_.at(unit);
    auto record = sync::encode_record(
        {draft.kind, draft.issue, deliberation::encode_body(draft.body), sync::make_salt(random_)});
    deliberation::Fact fact;
    fact.digest = sync::record_digest(crypto::Suite::kEd25519Sha256, record);
    fact.author = log.key().public_key().id();
    fact.sequence = log.next_sequence();
    fact.time_ms = time_ms_ += 30'000;
    fact.topology = ledger_->directory().latest();
    fact.kind = draft.kind;
    fact.issue = draft.issue;
    fact.body = draft.body;
    const auto folded = deliberation::fold(matter.issue, fact, ledger_->world());
    YISHI_ASSERT(folded.effect == deliberation::Effect::kApplied);
    // What a unit above did comes in after this week's runs of the village.
    if (unit != matter.issue.home) matter.not_before = week_ + 1;
    ++acts_;
    ++written_;
    log.add(time_ms_, {std::move(record)});
  }

  void deliver(UnitLog& log) {
    if (log.empty()) return;
    for (const auto& run :
         log.pack(ledger_->directory().network(), ledger_->directory().latest(), random_)) {
      const auto begin = std::chrono::steady_clock::now();
      if (!database_->in_transaction()) must(database_->begin());
      const auto taken = ledger_->take(run, store::Source::kBelow);
      YISHI_ASSERT(taken.outcome == turn::Taken::Outcome::kStored && !ledger_->fault());
      ++runs_;
      take_s_ += seconds_since(begin);
    }
    if (written_ - taken_ >= kCommitRecords) commit();
  }

  void commit() {
    const auto begin = std::chrono::steady_clock::now();
    if (database_->in_transaction()) must(database_->commit());
    ledger_->committed();
    (void)ledger_->take_changed();
    take_s_ += seconds_since(begin);
    taken_ = written_;
  }

  std::string data_;
  std::uint64_t records_;
  SeededRandom random_;
  Texts texts_{7};
  std::optional<node::OpenedKeys> keys_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<turn::Ledger> ledger_;
  std::map<Code, std::unique_ptr<UnitLog>> logs_;
  std::vector<Code> order_, villages_;
  std::map<Code, std::vector<Matter>> matters_;
  std::uint64_t week_ = 0, lived_this_week_ = 0, time_ms_ = 0;
  std::uint64_t written_ = 0, taken_ = 0, acts_ = 0, issues_ = 0, runs_ = 0;
  double take_s_ = 0;
};

}  // namespace
}  // namespace yishi::bench

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: fill_city DATA RECORDS DIVISIONS POLICY\n";
    return 2;
  }
  yishi::bench::City city(argv[1], std::stoull(argv[2]));
  city.make(argv[3], argv[4]);
  city.fill();
  return 0;
}
