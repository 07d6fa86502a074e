// Taking in one fact: fold it, and bring every projection of its issue up to date.
#include <algorithm>
#include <tuple>

#include "crypto/planted.h"
#include "node/deliberation/deadlines.h"
#include "node/store/issue_rows.h"
#include "node/store/issues.h"

namespace yishi::store {
namespace {

using deliberation::Effect;
using deliberation::Fact;
using deliberation::Folded;
using deliberation::World;

// An order that does not depend on which fact came first.
bool in_order(const StoredFact& a, const StoredFact& b) {
  return std::tie(a.fact.body.n, a.fact.time_ms, a.fact.digest, a.fact.author) <
         std::tie(b.fact.body.n, b.fact.time_ms, b.fact.digest, b.fact.author);
}

bool ended(const deliberation::Issue& issue, const World& world) {
  const auto policy = world.policy_at(issue.policy_version);
  const auto* stage = policy ? policy->stage(issue.stage) : nullptr;
  return stage != nullptr ? stage->end : issue.closed_ms > 0;
}

class Application {
 public:
  Application(Database::Impl& impl, const World& world, const topology::Code& here)
      : impl_(impl), world_(world), here_(here) {}

  Applied run(const Fact& fact, const FactPlace& place) {
    held_ = hold_issue(impl_, fact.issue);
    const auto author = log_number(impl_, fact.author);
    const auto known =
        held_ == nullptr ? std::nullopt : find_fact(impl_, held_->number, fact.digest, author);
    const bool again = known && planted(Defect::kDuplicatesCounted);
    if (known && !again && !earlier_entry(place, *known))
      return {false, held_->waiting > 0, std::nullopt};
    if (held_ == nullptr) held_ = new_issue(impl_, fact.issue);
    remember(deliberation::find_kind(fact.kind));
    const Folded folded = known && !again ? refold(fact, place) : fold_or_refold(fact, place);
    note_place(place.position);
    return note_change(folded);
  }

  // What the facts are judged by has changed: all of them anew.
  Applied run_again(const std::string& id) {
    held_ = hold_issue(impl_, id);
    if (held_ == nullptr) return {};
    remember(nullptr);
    auto all = load_facts(impl_, held_->number);
    std::sort(all.begin(), all.end(), in_order);
    (void)judge_all(id, all, nullptr);
    return note_change({});
  }

 private:
  // What is asked of the state before. All of it only where somebody needs it: the figures, once a
  // transaction, and where it cannot be told otherwise whether anything has changed. A transition
  // that is applied always changes something.
  void remember(const deliberation::ActInfo* kind) {
    const auto& issue = held_->issue;
    waited_ = held_->waiting;
    began_ = issue.n > 0;
    concerned_before_.assign(issue.concerned.begin(), issue.concerned.end());
    informed_before_ = informed_units(issue, world_.directory());
    const bool transition = kind != nullptr && kind->transition;
    if (!transition || !held_->counted) before_ = issue;
  }

  Folded fold_or_refold(const Fact& fact, const FactPlace& place) {
    Folded folded = deliberation::fold(held_->issue, fact, world_);
    applied_ = folded.effect == Effect::kApplied;
    if (folded.effect == Effect::kRefold || settles_others(fact, folded)) {
      return refold(fact, place);
    }
    if (folded.effect == Effect::kWaits) ++held_->waiting;
    keep(fact, place, folded);
    return folded;
  }

  // Whether this fact decides what becomes of others, or others what becomes of it. Only
  // transitions are waited for, and the few remarks that open something: other remarks release
  // nothing, so that any number of them costs no refold.
  bool settles_others(const Fact& fact, const Folded& folded) {
    const auto* kind = deliberation::find_kind(fact.kind);
    if (kind == nullptr || !(kind->transition || opens(kind->act))) return false;
    if (planted(Defect::kWaitersForgotten)) return false;
    if (folded.effect != Effect::kWaits) return waited_ > 0;
    if (!kind->transition) return false;
    return is_void(impl_, held_->number, fact.body.prev);
  }

  // All facts of the issue anew, with this one, which may be there under a later entry.
  Folded refold(const Fact& fact, const FactPlace& place) {
    std::vector<StoredFact> all = load_facts(impl_, held_->number);
    std::erase_if(all, [&](const StoredFact& other) {
      return other.fact.digest == fact.digest && other.fact.author == fact.author;
    });
    all.push_back(stored(fact, place));
    std::sort(all.begin(), all.end(), in_order);
    return judge_all(fact.issue, all, &fact);
  }

  // What becomes of the fresh one, if there is one.
  Folded judge_all(const std::string& id, const std::vector<StoredFact>& all, const Fact* fresh) {
    std::vector<Fact> facts;
    facts.reserve(all.size());
    for (const auto& one : all) facts.push_back(one.fact);
    auto refolded = deliberation::refold(id, facts, world_);
    YISHI_ASSERT(refolded.effects.size() == all.size());
    // What was applied before this, and what is not the same now, has changed it.
    if (!before_) applied_ = applied_ || !(refolded.issue == held_->issue);
    held_->issue = std::move(refolded.issue);
    held_->waiting = 0;

    Folded own;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Folded& now = refolded.effects[i];
      if (now.effect == Effect::kWaits) ++held_->waiting;
      const bool is_new = fresh != nullptr && all[i].fact.digest == fresh->digest &&
                          all[i].fact.author == fresh->author;
      if (is_new) own = now;
      const std::string rule = now.error ? now.error->rule : "";
      if (is_new || now.effect != all[i].effect || rule != all[i].rule) {
        keep(all[i].fact, all[i].place, now);
      }
      // What waited has had nobody told of it.
      if (!is_new && all[i].effect == Effect::kWaits && now.effect != Effect::kWaits &&
          !planted(Defect::kReleasedNotTold)) {
        released_.push_back(all[i].place.position);
      }
    }
    return own;
  }

  static StoredFact stored(const Fact& fact, const FactPlace& place) {
    StoredFact one;
    one.fact = fact;
    one.place = place;
    return one;
  }

  void keep(const Fact& fact, const FactPlace& place, const Folded& folded) {
    put_fact(impl_, held_->number, fact, place, folded);
  }

  // A unit that is concerned only now has heard nothing of the issue: all of it is news there.
  std::vector<std::uint64_t> news_for(const topology::Code& unit) {
    const auto& before = concerned_before_;
    if (!began_ || std::binary_search(before.begin(), before.end(), unit)) return released_;
    return all_places();
  }

  std::vector<std::uint64_t> all_places() {
    std::vector<std::uint64_t> positions;
    for (const auto& fact : load_facts(impl_, held_->number)) {
      positions.push_back(fact.place.position);
    }
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    return positions;
  }

  void note_place(std::uint64_t position) {
    released_.push_back(position);
    for (const auto& unit : held_->issue.concerned) {
      if (unit == here_ || !world_.directory().inside(unit, here_)) continue;
      for (const std::uint64_t at : news_for(unit)) touch(impl_, at, unit.text());
    }
    const auto& heard = informed_before_;
    for (const auto& unit : informed_units(held_->issue, world_.directory())) {
      if (unit == here_ || !world_.directory().inside(unit, here_)) continue;
      if (held_->issue.concerned.contains(unit)) continue;
      const bool newly = std::find(heard.begin(), heard.end(), unit) == heard.end();
      for (const std::uint64_t at : newly ? all_places() : released_) {
        touch(impl_, at, unit.text());
      }
    }
  }

  Applied note_change(const Folded& folded) {
    Applied applied;
    applied.changed = before_ ? !(held_->issue == *before_) : applied_;
    applied.misses = held_->waiting > 0;
    if (folded.effect == Effect::kVoid) applied.error = folded.error;
    if (applied.changed) {
      held_->order = next_order();
      held_->ended = held_->issue.n > 0 && ended(held_->issue, world_);
      held_->due = deliberation::next_due_ms(held_->issue, world_.directory(), here_);
      if (!held_->counted) {
        YISHI_ASSERT(before_.has_value());
        held_->counted = std::move(before_);
      }
    }
    if (applied.changed || held_->waiting != waited_) held_->unsaved = true;
    return applied;
  }

  // One more than the greatest of all: the same rows give the same orders again.
  std::uint64_t next_order() {
    if (!impl_.last_order) {
      Query query(impl_.connection, "SELECT max(changed) FROM issue");
      impl_.last_order = query.step() ? query.number_at(0) : 0;
    }
    return ++*impl_.last_order;
  }

  Database::Impl& impl_;
  const World& world_;
  const topology::Code& here_;
  LoadedIssue* held_ = nullptr;
  std::optional<deliberation::Issue> before_;
  bool began_ = false;                            // it was logged before
  bool applied_ = false;                          // without before_: whether anything has changed
  std::vector<topology::Code> concerned_before_;  // in order
  std::vector<topology::Code> informed_before_;
  std::uint64_t waited_ = 0;
  std::vector<std::uint64_t> released_;  // positions whose facts have an effect only now
};

}  // namespace

Result<Applied> Issues::apply(const Fact& fact, const FactPlace& place, const World& world,
                              const topology::Code& here) {
  Database::Impl& impl = database_.impl();
  YISHI_ASSERT(impl.in_transaction);
  Applied applied = Application(impl, world, here).run(fact, place);
  const Status status = impl.outcome();
  if (!status) return status.error();
  return applied;
}

Result<std::vector<std::string>> Issues::judge_unknown(const World& world,
                                                       const topology::Code& here) {
  Database::Impl& impl = database_.impl();
  YISHI_ASSERT(impl.in_transaction);
  save_unsaved(impl);
  std::vector<std::string> ids;
  {
    Query query(impl.connection,
                "SELECT DISTINCT issue.id FROM fact JOIN issue ON issue.number = fact.issue "
                "WHERE fact.rule = ? ORDER BY issue.id");
    query.text(deliberation::kUnknownKind);
    while (query.step()) ids.emplace_back(query.text_at(0));
  }
  std::erase_if(ids, [&](const std::string& id) {
    return !Application(impl, world, here).run_again(id).changed;
  });
  const Status status = impl.outcome();
  if (!status) return status.error();
  return ids;
}

bool Issues::has_unknown() const {
  Query query(database_.impl().connection, "SELECT 1 FROM fact WHERE rule = ? LIMIT 1");
  return query.text(deliberation::kUnknownKind).step();
}

Status Issues::review_deadlines(const World& world, const topology::Code& here) {
  Database::Impl& impl = database_.impl();
  YISHI_ASSERT(impl.in_transaction);
  save_unsaved(impl);
  std::vector<std::string> ids;
  {
    Query query(impl.connection, "SELECT id FROM issue WHERE due > 0 ORDER BY id");
    while (query.step()) ids.emplace_back(query.text_at(0));
  }
  for (const std::string& id : ids) {
    LoadedIssue* held = hold_issue(impl, id);
    if (held == nullptr) continue;
    const auto due = deliberation::next_due_ms(held->issue, world.directory(), here);
    if (due == held->due) continue;
    held->due = due;
    held->unsaved = true;
  }
  return impl.outcome();
}

Result<std::vector<std::string>> Issues::judge_again(const crypto::Digest& author,
                                                     std::uint64_t after, const World& world,
                                                     const topology::Code& here) {
  Database::Impl& impl = database_.impl();
  YISHI_ASSERT(impl.in_transaction);
  save_unsaved(impl);
  std::vector<std::string> ids;
  {
    Query query(impl.connection,
                "SELECT DISTINCT issue.id FROM fact JOIN issue ON issue.number = fact.issue "
                "WHERE fact.author = ? AND fact.sequence > ? ORDER BY issue.id");
    query.integer(log_number(impl, author)).number(after);
    while (query.step()) ids.emplace_back(query.text_at(0));
  }
  std::erase_if(ids, [&](const std::string& id) {
    return !Application(impl, world, here).run_again(id).changed;
  });
  const Status status = impl.outcome();
  if (!status) return status.error();
  return ids;
}

Status Issues::tell_again(const std::vector<topology::Code>& units) {
  Database::Impl& impl = database_.impl();
  std::string list;
  for (const auto& unit : units) list += (list.empty() ? "[\"" : ",\"") + unit.text() + "\"";
  list += list.empty() ? "[]" : "]";
  const auto last = store::last_news(impl);
  Query(impl.connection,
        "INSERT INTO touch SELECT ? + row_number() OVER (ORDER BY min(news)), position, unit "
        "FROM touch WHERE unit IN (SELECT value FROM json_each(?)) GROUP BY position, unit")
      .number(last)
      .text(list)
      .run();
  Query(impl.connection,
        "DELETE FROM touch WHERE news <= ? AND unit IN (SELECT value FROM json_each(?))")
      .number(last)
      .text(list)
      .run();
  impl.last_news.reset();
  return impl.outcome();
}

Status Issues::touch_everyone(std::uint64_t position) {
  Database::Impl& impl = database_.impl();
  touch(impl, position, {});
  return impl.outcome();
}

Result<std::uint64_t> Issues::next_number(const topology::Code& unit, int year,
                                          std::uint32_t incarnation, std::uint64_t count) {
  Database::Impl& impl = database_.impl();
  save_unsaved(impl);
  const std::uint64_t before = incarnation * deliberation::kNumbersPerIncarnation;
  const std::uint64_t last = before + deliberation::kNumbersPerIncarnation;
  std::uint64_t highest = before;
  {
    Query given(impl.connection,
                "SELECT last FROM numbering WHERE unit = ? AND year = ? AND incarnation = ?");
    if (given.text(unit.text()).integer(year).number(incarnation).step()) {
      highest = std::max(highest, given.number_at(0));
    }
    // Only issues that were logged: anyone can name a number in a record without effect.
    Query seen(impl.connection,
               "SELECT max(id_number) FROM issue WHERE id_unit = ? AND id_year = ? "
               "AND id_number BETWEEN ? AND ? AND transitions > 0");
    if (seen.text(unit.text()).integer(year).number(before + 1).number(last).step()) {
      highest = std::max(highest, seen.number_at(0));
    }
  }
  if (highest + count > last) {
    return Error{
        "store.numbers", unit.text(),
        unit.text() + " 在 " + std::to_string(year) + " 年的事项编号已用完",
        "the issue numbers of " + unit.text() + " for " + std::to_string(year) + " are used up"};
  }
  Query(impl.connection, "INSERT OR REPLACE INTO numbering VALUES (?, ?, ?, ?)")
      .text(unit.text())
      .integer(year)
      .number(incarnation)
      .number(highest + count)
      .run();
  const Status status = impl.outcome();
  if (!status) return status.error();
  return highest + 1;
}

}  // namespace yishi::store
