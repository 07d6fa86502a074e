#include "node/turn/scrubber.h"

#include <sstream>

namespace yishi::turn {

namespace {

constexpr std::string_view kName = "scrub";
constexpr std::uint64_t kAll = UINT64_MAX;

Error damaged(const Error& what) {
  return {"store.damaged", what.field, what.zh + "（" + what.rule + "）",
          what.en + " (" + what.rule + ")"};
}

Error damaged_page(std::uint64_t page) {
  const auto number = std::to_string(page);
  return {"store.damaged", "page " + number, "存储的第 " + number + " 页与其校验和不符",
          "page " + number + " of the store does not have its checksum"};
}

Error damaged_head(const crypto::Digest& log) {
  const auto name = to_hex(log.view()).substr(0, 16);
  return {"store.damaged", "log " + name, "日志 " + name + " 的末尾与其条目不符",
          "the head of log " + name + " is not what its entries give"};
}

}  // namespace

Scrubber::Scrubber(Ledger& ledger, std::uint64_t every_ms)
    : ledger_(ledger),
      every_ms_(every_ms),
      check_(ledger.directory(), ledger.database().identity().network,
             ledger.database().identity().suite, RowCheck::Signatures::kSingles),
      directory_(ledger.shared_directory()) {}

Status Scrubber::start(const Now& now) {
  std::istringstream saved(ledger_.logs().value(kName).value_or(""));
  if (!(saved >> page_ >> position_ >> began_ms_ >> finished_ms_) || !active()) begin(now);
  return rows(kRehashAtStartBytes);
}

void Scrubber::begin(const Now& now) {
  page_ = 1;
  position_ = 0;
  began_ms_ = now.wall_ms;
}

bool Scrubber::due(std::uint64_t wall_ms) const {
  // A clock that was set back does not put the next pass off for longer.
  return active() || wall_ms >= began_ms_ + every_ms_ || wall_ms < began_ms_;
}

Status Scrubber::step(const Now& now) {
  if (!due(now.wall_ms)) return {};
  if (!active()) begin(now);
  if (page_ > 0) {
    const auto scan = store::scan_pages(ledger_.database(), page_, kScrubPages);
    if (scan.damaged) return damaged_page(*scan.damaged);
    page_ = scan.next == 1 ? 0 : scan.next;
  } else if (auto status = rows(kScrubBytes); !status.ok()) {
    return status;
  }
  if (!active()) finished_ms_ = now.wall_ms;
  return {};
}

Status Scrubber::rows(std::size_t max_bytes) {
  if (position_ == kAll) return {};
  if (directory_ != ledger_.shared_directory()) {
    directory_ = ledger_.shared_directory();
    check_.use(*directory_);
  }
  std::size_t bytes = 0;
  while (bytes < max_bytes) {
    const auto found = ledger_.logs().rows_after(position_, max_bytes - bytes, false);
    if (found.empty()) {
      position_ = kAll;
      return heads();
    }
    for (const auto& one : found) {
      if (auto status = row(one); !status.ok()) return status;
      bytes += one.run.size() + 1;
      position_ = one.position;
    }
  }
  return {};
}

Status Scrubber::row(const store::StoredRow& row) {
  if (row.run.empty()) return {};  // known to be damaged, and being mended
  if (row.first > 1 && check_.contiguous(row) && !check_.head_of(row.log)) {
    const auto before = ledger_.logs().entry_digest(row.log, row.first - 1);
    if (before) check_.expect(row.log, {row.first - 1, *before, 0});
  }
  const auto verdict = check_.judge(row);
  return verdict.fault ? Status(damaged(*verdict.fault)) : Status();
}

Status Scrubber::heads() {
  if (ledger_.logs().open_damages() > 0) return {};
  for (const auto& [log, state] : ledger_.logs().all_logs()) {
    const auto judged = check_.head_of(log);
    if (!judged || judged->sequence == 0) continue;  // of single entries, or not of this pass
    const bool same =
        judged->sequence == state.head.sequence && judged->digest == state.head.digest;
    if (!same) return damaged_head(log);
  }
  return {};
}

void Scrubber::save() {
  std::ostringstream saved;
  saved << page_ << ' ' << position_ << ' ' << began_ms_ << ' ' << finished_ms_;
  if (saved.str() == saved_) return;
  const auto status = ledger_.logs().set_value(kName, saved.str());
  if (!status.ok()) return ledger_.fail(status.error());
  saved_ = saved.str();
}

}  // namespace yishi::turn
