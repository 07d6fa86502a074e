// The figures of some issues counted from their states as plainly as it can be said, apart from
// the code that the nodes run: no differences, no sums kept. What a store's table must hold.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "node/deliberation/issue.h"
#include "node/store/figures.h"

namespace yishi::recount {

// (unit, month, figure) -> amount; an empty unit: the whole store, an empty month: all months.
using Sums = std::map<std::tuple<std::string, std::string, std::string>, std::int64_t>;

inline void put(Sums& sums, const std::string& unit, const std::string& month,
                const std::string& figure, std::int64_t amount) {
  for (const auto& place : {unit, std::string()}) {
    for (const auto& when : {month, std::string()}) sums[{place, when, figure}] += amount;
  }
}

inline Sums count(const std::vector<deliberation::Issue>& issues) {
  using deliberation::china_month;
  Sums sums;
  std::map<std::vector<std::string>, std::uint64_t> sessions;  // which -> most people
  for (const auto& issue : issues) {
    if (issue.n == 0) continue;
    const auto home = issue.home.text();
    const auto month = china_month(issue.logged_ms);
    const auto add = [&](const std::string& figure, std::uint64_t amount) {
      put(sums, home, month, figure, static_cast<std::int64_t>(amount));
    };
    add("issues", 1);
    add("category:" + issue.category, 1);
    add("stage:" + issue.stage, 1);
    add("source:" + issue.source, 1);
    add("budget_fen", static_cast<std::uint64_t>(issue.budget_fen));
    if (issue.approved_n != 0) add("approved", 1);
    if (!issue.table.sessions.empty()) add("deliberated", 1);
    if (!issue.result.empty()) add("result:" + issue.result, 1);
    if (!issue.became.empty()) add("became:" + issue.became, 1);
    if (!issue.escalations.empty()) add("climbed", 1);
    for (const auto& reason : issue.escalations) add("climb:" + reason, 1);
    add("returned", issue.returns);
    for (const auto& passed : issue.table.passed) {
      for (const auto& guard : passed.guards) add("override:" + guard, 1);
    }
    add("evaluated", issue.evaluations);
    add("score", issue.score_sum);
    add("asked", issue.follow.asked);
    add("satisfied", issue.follow.satisfied);
    if (issue.approved_ms != 0) {
      put(sums, home, china_month(issue.approved_ms), "approval", 1);
    }
    if (issue.closed_ms != 0 && !issue.result.empty()) {
      put(sums, home, china_month(issue.closed_ms), "closing:" + issue.result, 1);
    }
    for (const auto& work : issue.assignments) {
      if (!work.done) continue;
      const std::string how = work.due_ms == 0                  ? "unlimited"
                              : work.progress_ms <= work.due_ms ? "in_time"
                                                                : "late";
      put(sums, home, china_month(work.progress_ms), how, 1);
    }
    for (std::size_t i = 0; i < issue.table.sessions.size(); ++i) {
      const auto& one = issue.table.sessions[i];
      const bool stated = one.held_ms > 0;
      const auto held = stated ? one.held_ms : one.recorded_ms;
      const auto alone = stated ? std::string() : issue.id + "/" + std::to_string(i);
      std::uint64_t come = 0;
      for (const auto& party : one.parties) come += party.count;
      auto& people = sessions[{one.unit.text(), std::to_string(held), one.place, one.form, alone}];
      people = std::max(people, come);
      for (const auto& result : one.results) {
        put(sums, home, china_month(held), "problem:" + result, 1);
      }
    }
  }
  for (const auto& [which, people] : sessions) {
    const auto month = china_month(std::stoull(which[1]));
    put(sums, which[0], month, "session:" + which[3], 1);
    put(sums, which[0], month, "people", static_cast<std::int64_t>(people));
  }
  std::erase_if(sums, [](const auto& one) { return one.second == 0; });
  return sums;
}

// What the tables of a store say.
inline Sums kept(store::Database& database) {
  Sums sums;
  const store::Figures figures(database);
  const auto take = [&](const store::FigureSum& sum) {
    for (const auto& figure : store::spread(*sum.figure)) {
      sums[{*sum.unit, deliberation::month_text(sum.month), figure}] += sum.amount;
    }
  };
  for (const auto& span : {store::Span{}, store::kEachMonth}) {
    figures.each(span, {}, take);
    figures.each_whole(span, take);
  }
  return sums;
}

// The first difference, in words; empty: none.
inline std::string difference(const Sums& kept, const Sums& counted) {
  const auto say = [](const Sums::value_type& one, const std::string& other) {
    const auto& [unit, month, figure] = one.first;
    return figure + " of " + (unit.empty() ? "all" : unit) + " in " +
           (month.empty() ? "all months" : month) + ": " + std::to_string(one.second) + other;
  };
  for (const auto& one : counted) {
    const auto found = kept.find(one.first);
    const std::int64_t has = found == kept.end() ? 0 : found->second;
    if (has != one.second) return say(one, " counted, " + std::to_string(has) + " kept");
  }
  for (const auto& one : kept) {
    if (!counted.contains(one.first)) return say(one, " kept, none counted");
  }
  return {};
}

}  // namespace yishi::recount
