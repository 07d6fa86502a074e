#include "node/turn/outlet.h"

#include <algorithm>
#include <set>

#include "crypto/planted.h"
#include "node/deliberation/deadlines.h"

namespace yishi::turn {

namespace {

constexpr std::uint8_t kCodecRaw = 0;  // sync/run.h

bool small(const store::StoredRow& row) {
  return !row.run.empty() && row.run.front() == kCodecRaw && row.run.size() < sync::kRunBytes / 4;
}

// Small rows of one log that wait together become one run, compressed once, here.
class Packer {
 public:
  void add(store::StoredRow row) {
    const bool joins =
        !group_.empty() && small(row) && small(group_.back()) && row.log == group_.back().log &&
        row.first == group_.back().last + 1 && bytes_ + row.run.size() <= sync::kRunBytes &&
        records_ + row.records <= sync::kRunRecords && group_.size() < sync::kMaxRunEntries;
    if (!joins) close();
    bytes_ += row.run.size();
    records_ += row.records;
    group_.push_back(std::move(row));
  }

  std::vector<sync::Row> take() {
    close();
    return std::move(rows_);
  }

 private:
  void close() {
    if (group_.empty()) return;
    const auto position = group_.back().position;
    rows_.push_back({position, group_.size() == 1 ? std::move(group_.front().run) : join()});
    group_.clear();
    bytes_ = records_ = 0;
  }

  Bytes join() {
    std::vector<sync::Run> runs;
    std::vector<sync::Entry> entries;
    runs.reserve(group_.size());
    for (const auto& row : group_) {
      auto run = sync::Run::open(row.run);
      YISHI_ASSERT(run.ok());  // this node packed it
      runs.push_back(std::move(*run));
      for (const auto& entry : runs.back().entries()) entries.push_back(entry);
    }
    if (planted(Defect::kPackerDropsLast)) entries.pop_back();
    return sync::pack_run(entries, true);
  }

  std::vector<store::StoredRow> group_;
  std::size_t bytes_ = 0, records_ = 0;
  std::vector<sync::Row> rows_;
};

}  // namespace

Offer Outlet::upward(const sync::Pull& pull) {
  Offer offer;
  const auto after = pull.after + (planted(Defect::kUpwardOffByOne) ? 1 : 0);
  auto rows = ledger_.logs().rows_after(after, pull.max_bytes, true);
  offer.upto = rows.empty() ? ledger_.logs().last_position() : rows.back().position;
  // A damaged row is not passed over: what comes after it waits until it is mended.
  const auto damaged =
      std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.run.empty(); });
  if (damaged != rows.end()) {
    offer.upto = damaged->position - 1;
    rows.erase(damaged, rows.end());
  }
  Packer packer;
  for (auto& row : rows) packer.add(std::move(row));
  offer.rows = packer.take();
  return offer;
}

// What a machine wrote that was replaced, nobody below need have any more: it goes down.
bool Outlet::came_from(const store::StoredRow& row, const topology::Code& child) const {
  if (row.source != store::Source::kBelow) return false;
  const auto* node = ledger_.directory().node_of_key(row.log);
  if (!node || node->ended != 0 || !below(row.log, child)) return false;
  // A child that was admitted later did not bring it, and need not ever: its author may be gone.
  const auto* through = ledger_.directory().node_of_unit(child);
  const auto run = sync::Run::open(row.run);
  const auto last = run ? sync::decode_header(run->entries().back().header)
                        : Result<sync::EntryHeader>(run.error());
  return through && last && last->topology >= through->admitted;
}

bool Outlet::concerns(const deliberation::Issue& issue, const topology::Code& child) const {
  const auto through = [&](const topology::Code& unit) {
    return ledger_.directory().next_hop(ledger_.here(), unit) == child;
  };
  if (std::any_of(issue.concerned.begin(), issue.concerned.end(), through)) return true;
  const auto informed = deliberation::informed_units(issue, ledger_.directory());
  return std::any_of(informed.begin(), informed.end(), through);
}

bool Outlet::concerns(const deliberation::RegisterFact& fact, const topology::Code& child) const {
  const auto& directory = ledger_.directory();
  const bool valid = deliberation::judge_register(fact, ledger_.world()).ok();
  const auto reach = deliberation::reach_of(fact, ledger_.world(), valid);
  if (reach.below && directory.inside(child, fact.subject)) return true;
  return std::any_of(reach.units.begin(), reach.units.end(), [&](const auto& unit) {
    return directory.next_hop(ledger_.here(), unit) == child;
  });
}

bool Outlet::reaches(const topology::Code& unit, const topology::Code& child) const {
  if (unit.empty()) return true;
  // What goes to all below goes through the children; a guest further down hears it there.
  const auto& through = unit == ledger_.here() ? child : unit;
  return ledger_.directory().next_hop(ledger_.here(), through) == child;
}

std::function<bool(const Outlet::Placed&)> Outlet::concerned_by(std::map<std::string, bool>& known,
                                                                const topology::Code& child) const {
  return [this, &known, &child](const Placed& placed) {
    const auto& [record, header, index] = placed;
    if (deliberation::is_register_kind(record.kind)) {
      const auto fact = deliberation::read_register(record, header, index);
      return fact.ok() && concerns(*fact, child);
    }
    if (!deliberation::speaks_of_issue(record.kind, record.subject)) return false;
    auto [at, fresh] = known.try_emplace(record.subject, false);
    if (fresh) {
      const auto issue = ledger_.issues().issue(record.subject);
      at->second = issue && concerns(*issue, child);
    }
    return at->second;
  };
}

// A log that came through that child: it had all of it.
bool Outlet::below(const crypto::Digest& log, const topology::Code& child) const {
  const auto* node = ledger_.directory().node_of_key(log);
  return node && ledger_.directory().next_hop(ledger_.here(), node->unit) == child;
}

template <class Wanted>
Bytes Outlet::filtered(const store::StoredRow& row, const Wanted& wanted) const {
  auto run = sync::Run::open(row.run);
  if (!run) return {};
  std::vector<sync::Entry> kept;
  for (const auto& entry : run->entries()) {
    sync::Entry part{entry.header, entry.signature, {}};
    const auto header = sync::decode_header(entry.header);
    YISHI_ASSERT(header.ok());  // it was verified when it came
    bool any = false;
    for (std::size_t i = 0; i < entry.records.size(); ++i) {
      const auto& bytes = entry.records[i];
      const auto record = bytes ? sync::decode_record(*bytes)
                                : Result<sync::Record>(Error{"record.absent", {}, {}, {}});
      const bool keep = record.ok() && wanted({*record, *header, i});
      part.records.push_back(keep ? bytes : std::nullopt);
      any = any || keep;
    }
    if (any) kept.push_back(std::move(part));
  }
  return kept.empty() ? Bytes{} : sync::pack_run(kept, sync::raw_run_size(kept) > 1024);
}

const Outlet::News& Outlet::news_after(std::uint64_t number) {
  const auto& directory = ledger_.directory();
  const auto last = ledger_.issues().last_news();
  if (news_last_ != last || news_topology_ != directory.latest() || news_.size() >= kNewsKept) {
    news_.clear();
    news_last_ = last;
    news_topology_ = directory.latest();
  }
  auto [at, fresh] = news_.try_emplace(number);
  auto& news = at->second;
  if (!fresh) return news;
  news.touches = ledger_.issues().touches(number, kTouchesPerPull);
  const bool whole = news.touches.size() < kTouchesPerPull;
  news.upto = whole ? last : news.touches.back().news;
  for (const auto& touch : news.touches) {
    if (touch.unit.empty() || touch.unit == ledger_.here()) {
      news.everyone = true;
    } else {
      news.children.insert(directory.next_hop(ledger_.here(), touch.unit));
    }
  }
  return news;
}

Offer Outlet::downward(const sync::Pull& pull, const topology::Code& child) {
  Offer offer;
  const auto& [touches, upto, children, everyone] = news_after(pull.after);
  offer.upto = upto;
  if (!everyone && !children.contains(child)) return offer;

  std::map<std::string, bool> concerned;
  const auto wanted = concerned_by(concerned, child);
  std::size_t bytes = 0;
  std::set<std::uint64_t> said;  // a row may be news for several units of one child
  for (const auto& touch : touches) {
    if (!reaches(touch.unit, child)) continue;
    if (!said.insert(touch.position).second) continue;
    auto row = ledger_.logs().row(touch.position);
    if (!row || came_from(*row, child)) continue;
    if (row->run.empty()) {  // damaged: what comes after it waits
      offer.upto = touch.news - 1;
      break;
    }
    Bytes run = touch.unit.empty() ? std::move(row->run) : filtered(*row, wanted);
    if (run.empty()) continue;
    bytes += run.size();
    offer.rows.push_back({touch.news, std::move(run)});
    if (bytes >= pull.max_bytes) {
      offer.upto = touch.news;
      break;
    }
  }
  return offer;
}

std::vector<sync::Row> Outlet::log_rows(const sync::Want& want, const topology::Code& child) {
  const bool whole = child.empty() || ledger_.is_topology_log(want.log) || below(want.log, child);
  std::map<std::string, bool> concerned;
  Packer packer;
  for (auto& row : ledger_.logs().rows_of_log(want.log, want.from, sync::kBatchBytes)) {
    if (!whole) row.run = filtered(row, concerned_by(concerned, child));
    if (!row.run.empty()) packer.add(std::move(row));
  }
  auto rows = packer.take();
  for (auto& row : rows) row.position = 0;
  return rows;
}

std::vector<sync::Row> Outlet::issue_rows(const sync::Want& want, const topology::Code& child) {
  std::vector<sync::Row> rows;
  if (!child.empty()) {
    const auto issue = ledger_.issues().issue(want.issue);
    if (!issue || !concerns(*issue, child)) return rows;
  }
  const auto wanted = [&](const Placed& placed) {
    return deliberation::find_kind(placed.record.kind) != nullptr &&
           placed.record.subject == want.issue;
  };
  std::size_t bytes = 0;
  for (const auto position : ledger_.issues().positions(want.issue)) {
    const auto row = ledger_.logs().row(position);
    if (!row) continue;
    Bytes run = filtered(*row, wanted);
    if (run.empty()) continue;
    bytes += run.size();
    rows.push_back({0, std::move(run)});
    if (bytes >= sync::kBatchBytes || rows.size() >= sync::kMaxRowsPerMessage) break;
  }
  return rows;
}

}  // namespace yishi::turn
