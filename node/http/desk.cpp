// /desk: 待办, 已办, 督办, 超期 with their counts.
#include "node/http/desk.h"

#include <algorithm>
#include <unordered_set>

#include "node/http/call.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/quantities.h"
#include "node/http/query.h"
#include "node/store/logs.h"
#include "sync/limits.h"

namespace yishi::http {
namespace {

constexpr std::uint64_t kMsPerMinute = 60'000;

// Adds what is in some box, once each.
class Gathering {
 public:
  Gathering(const deliberation::World& world, const topology::Code& here, std::uint64_t now)
      : world_(world), here_(here), now_(now) {}
  void add(const store::IssueRow& row) {
    if (!seen_.insert(row.issue.id).second) return;
    DeskRow one{row.issue.id, row.order, deliberation::standing(row.issue, world_, here_, now_)};
    const auto& standing = one.standing;
    const bool any = !standing.wishes.empty() || standing.handled || standing.supervised;
    if (any || standing.late) view.rows.push_back(std::move(one));
  }
  DeskView view;

 private:
  const deliberation::World& world_;
  const topology::Code& here_;
  std::uint64_t now_;
  std::unordered_set<std::string> seen_;
};

// A page at a time, newest change first; whether the end was reached.
bool add_pages(Gathering& gathering, const store::Issues& issues, store::IssueFilter filter,
               const topology::Directory& directory, std::size_t most) {
  filter.limit = kMaxIssuePage;
  for (std::size_t looked = 0; looked < most;) {
    const auto rows = issues.list(filter, directory);
    for (const auto& row : rows) gathering.add(row);
    looked += rows.size();
    if (rows.size() < filter.limit) return true;
    filter.before = rows.back().order;
  }
  return false;
}

Json wishes_json(const std::vector<deliberation::Wish>& wishes) {
  Json out = Json::array();
  for (const auto wish : wishes) {
    out.push_back({{"id", deliberation::wish_name(wish)},
                   {"zh", deliberation::wish_zh(wish)},
                   {"en", deliberation::wish_en(wish)}});
  }
  return out;
}

}  // namespace

bool DeskRow::in(Box box) const {
  switch (box) {
    case Box::kToDo:
      return !standing.wishes.empty();
    case Box::kDone:
      return standing.handled && standing.wishes.empty();
    case Box::kSupervised:
      return standing.supervised;
    case Box::kLate:
      return standing.late;
  }
  return false;
}

std::uint64_t DeskView::count(Box box) const {
  return static_cast<std::uint64_t>(
      std::count_if(rows.begin(), rows.end(), [&](const DeskRow& row) { return row.in(box); }));
}

bool Desk::fresh(const Key& key) const {
  constexpr int kKeptTimes = 20;
  if (!view_) return false;
  if (key == key_) return true;
  const auto age = std::chrono::steady_clock::now() - made_;
  return key.topology == key_.topology && cost_ > kDeskDear && age < cost_ * kKeptTimes;
}

std::shared_ptr<const DeskView> Desk::view(const store::Issues& issues,
                                           const deliberation::World& world,
                                           const topology::Code& here, std::uint64_t position,
                                           std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const Key key{position, world.directory().latest(), now_ms / kMsPerMinute};
  if (fresh(key)) return view_;
  const auto begun = std::chrono::steady_clock::now();
  Gathering gathering(world, here, now_ms);
  const auto& directory = world.directory();
  gathering.view.complete = add_pages(gathering, issues, {}, directory, kDeskScan);
  if (!gathering.view.complete) {
    store::IssueFilter held;
    held.holder = here;
    held.open_only = true;
    add_pages(gathering, issues, held, directory, kDeskScan);
  }
  auto& rows = gathering.view.rows;
  std::sort(rows.begin(), rows.end(),
            [](const DeskRow& a, const DeskRow& b) { return a.order > b.order; });
  key_ = key;
  made_ = std::chrono::steady_clock::now();
  cost_ = made_ - begun;
  view_ = std::make_shared<const DeskView>(std::move(gathering.view));
  return view_;
}

Json standing_json(const deliberation::Standing& standing) {
  return {{"wishes", wishes_json(standing.wishes)},
          {"supervised", standing.supervised},
          {"late", standing.late}};
}

Result<Reply> get_desk(Call& call) {
  Query query(call.request());
  const std::string name = query.text("box");
  const auto before = query.number("before", 0, sync::kMaxNumber);
  const auto limit = query.number("limit", 50, kMaxIssuePage);
  if (const auto status = query.finish(); !status) return status.error();
  const auto* known = std::find(std::begin(kBoxNames), std::end(kBoxNames), name);
  if (!name.empty() && known == std::end(kBoxNames)) {
    return Error{"http.query", "box", "box 应为 todo、done、supervised、late 之一",
                 "box is one of todo, done, supervised, late"};
  }
  if (const auto opened = call.open(); !opened) return opened.error();
  const store::Issues issues(call.database());
  const auto view = call.shared().desk.view(issues, call.world(), call.snapshot().unit,
                                            store::Logs(call.database()).last_position(), now_ms());
  Json out{{"counts", Json::object()}, {"complete", view->complete}};
  for (std::size_t i = 0; i < std::size(kBoxNames); ++i) {
    out["counts"][std::string(kBoxNames[i])] = view->count(static_cast<Box>(i));
  }
  out["issues"] = Json::array();
  out["next"] = Json();
  if (name.empty()) return Reply{std::move(out)};
  const auto box = static_cast<Box>(known - std::begin(kBoxNames));
  for (const DeskRow& row : view->rows) {
    if (!row.in(box) || (before != 0 && row.order >= before)) continue;
    if (out["issues"].size() == limit) break;
    const auto issue = issues.issue(row.id);
    if (!issue) continue;
    Json one = issue_summary(*issue, call.world());
    one["standing"] = standing_json(row.standing);
    out["issues"].push_back(std::move(one));
    if (out["issues"].size() == limit) out["next"] = row.order;
  }
  return Reply{std::move(out)};
}

}  // namespace yishi::http
