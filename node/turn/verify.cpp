#include "node/turn/verify.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "node/store/salvage.h"
#include "node/turn/ledger.h"
#include "node/turn/row_check.h"

namespace yishi::turn {

namespace {

void add_fault(VerifyReport& report, std::string zh, std::string en) {
  if (report.faults_en.size() >= kMaxVerifyFaults) return;
  report.faults_zh.push_back(std::move(zh));
  report.faults_en.push_back(std::move(en));
}

// The second store: a folder beside the first that goes when the verification ends.
class Shadow {
 public:
  static Result<std::unique_ptr<Shadow>> make(const std::string& directory,
                                              const store::Identity& identity) {
    auto pattern = directory + "/verify-XXXXXX";
    if (!::mkdtemp(pattern.data())) {
      return Error{"verify.folder", "data", "无法在数据目录中建立临时目录：" + directory,
                   "cannot make a temporary folder in " + directory};
    }
    auto shadow = std::unique_ptr<Shadow>(new Shadow(pattern));
    if (auto status = store::Database::create(pattern, identity); !status.ok()) {
      return status.error();
    }
    auto database = store::Database::open(pattern, store::Access::kWriter);
    if (!database) return database.error();
    shadow->database_ = std::move(*database);
    shadow->ledger_ = std::make_unique<Ledger>(*shadow->database_);
    return shadow;
  }

  ~Shadow() {
    ledger_.reset();
    database_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Shadow(const Shadow&) = delete;
  Shadow& operator=(const Shadow&) = delete;

  Ledger& ledger() { return *ledger_; }
  store::Database& database() { return *database_; }

 private:
  explicit Shadow(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Ledger> ledger_;
};

constexpr std::uint64_t kPagesAtOnce = 1'024;

class Verification {
 public:
  Verification(store::Database& original, Shadow& shadow, VerifyReport& report)
      : original_(original), logs_(original), shadow_(shadow), report_(report) {}

  // Every page, whatever it belongs to.
  void check_pages() {
    for (std::uint64_t page = 1;;) {
      const auto scan = store::scan_pages(original_, page, kPagesAtOnce);
      if (scan.damaged) {
        const auto number = std::to_string(*scan.damaged);
        add_fault(report_, "第 " + number + " 页与其校验和不符（运行 yishi repair）",
                  "page " + number + " does not have its checksum (run yishi repair)");
      }
      page = scan.damaged ? *scan.damaged + 1 : scan.next;
      if (page == 1) return;
    }
  }

  Status replay(const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    const auto last = logs_.last_position();
    for (std::uint64_t at = 0; at < last;) {
      auto rows = logs_.rows_after(at, sync::kWindowBytes, false);
      if (rows.empty()) break;
      if (auto status = shadow_.database().begin(); !status.ok()) return status;
      for (const auto& row : rows) take(row);
      if (shadow_.ledger().fault()) return *shadow_.ledger().fault();
      if (auto status = shadow_.database().commit(); !status.ok()) return status;
      shadow_.database().tend();
      shadow_.ledger().committed();
      at = rows.back().position;
      report_.rows = at;
      if (progress) progress(at, last);
    }
    report_.signatures = shadow_.ledger().signatures_checked();
    return {};
  }

  void compare() {
    compare_logs();
    const auto ours = store::projection_digests(original_);
    const auto derived = store::projection_digests(shadow_.database());
    if (ours.size() != derived.size()) {
      add_fault(report_, "投影表的数目不同", "the number of projection tables differs");
      return;
    }
    for (std::size_t i = 0; i < ours.size(); ++i) {
      if (ours[i] == derived[i]) continue;
      add_fault(report_, "投影与重新推导的不同：" + ours[i] + "；推导得 " + derived[i],
                "a projection differs from what the entries give: " + ours[i] + "; derived " +
                    derived[i]);
    }
    report_.issues = shadow_.ledger().issues().count();
  }

 private:
  void take(const store::StoredRow& row) {
    count(row);
    if (row.run.empty()) {
      const auto what =
          name_damage(shadow_.ledger().directory(), row,
                      {"row.damaged", {}, "受损，尚未修复", "damaged, not mended yet"});
      return add_fault(report_, what.zh, what.en);
    }
    const auto taken = shadow_.ledger().take(row.run, row.source);
    if (taken.outcome == Taken::Outcome::kStored) return;
    const auto where = "position " + std::to_string(row.position) + ", log " +
                       to_hex(row.log.view()).substr(0, 16) + ", sequences " +
                       std::to_string(row.first) + "-" + std::to_string(row.last);
    const auto rule = taken.error                               ? taken.error->rule
                      : taken.outcome == Taken::Outcome::kKnown ? "row.repeated"
                                                                : "row.out_of_order";
    add_fault(report_, where + "：" + (taken.error ? taken.error->zh : rule),
              where + ": " + rule + (taken.error ? " " + taken.error->en : ""));
  }

  void count(const store::StoredRow& row) {
    auto run = sync::Run::open(row.run);
    if (!run) return;  // take() says why
    report_.entries += run->entries().size();
    for (const auto& entry : run->entries()) {
      report_.records += entry.records.size();
      report_.withheld += static_cast<std::uint64_t>(
          std::count(entry.records.begin(), entry.records.end(), std::nullopt));
    }
  }

  void compare_logs() {
    std::map<crypto::Digest, store::LogState> derived;
    for (auto& [log, state] : shadow_.ledger().logs().all_logs()) derived[log] = state;
    for (const auto& [log, state] : logs_.all_logs()) {
      ++report_.logs;
      const auto& other = derived[log].head;
      if (other.sequence == state.head.sequence && other.digest == state.head.digest) continue;
      const auto name = to_hex(log.view()).substr(0, 16);
      add_fault(report_, "日志 " + name + " 的末尾与其条目不符",
                "the head of log " + name + " is not what its entries give");
    }
  }

  store::Database& original_;
  store::Logs logs_;
  Shadow& shadow_;
  VerifyReport& report_;
};

}  // namespace

Result<VerifyReport> verify_store(
    const std::string& directory,
    const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  auto original = store::Database::open(directory, store::Access::kReader);
  if (!original) return original.error();
  // One read transaction over everything: the daemon may go on writing meanwhile.
  if (auto status = (*original)->begin(); !status.ok()) return status.error();
  auto shadow = Shadow::make(directory, (*original)->identity());
  if (!shadow) return shadow.error();
  VerifyReport report;
  Verification verification(**original, **shadow, report);
  verification.check_pages();
  if (auto status = verification.replay(progress); !status.ok()) return status.error();
  verification.compare();
  if (const auto fault = (*original)->take_fault()) add_fault(report, fault->zh, fault->en);
  (*original)->rollback();
  return report;
}

}  // namespace yishi::turn
