// Guards on who sits at the table, in which part.
#include <algorithm>

#include "node/deliberation/guards.h"

namespace yishi::deliberation {

namespace {

std::uint64_t people_of(const std::vector<Party>& parties, const std::vector<std::string>& ids) {
  std::uint64_t count = 0;
  for (const Party& one : parties) {
    if (in(ids, one.category)) count += one.count;
  }
  return count;
}

std::vector<std::string> or_else(const std::vector<std::string>& ids, const char* implied) {
  return ids.empty() ? std::vector<std::string>{implied} : ids;
}

// At least numerator/denominator of those present, less the parties left out, in exact whole
// numbers. Counts are at most kMaxPeople · kMaxParties and shares at most 1000: nothing overflows.
Shortfall mass_share(const Scene& scene) {
  const Guard& guard = scene.guard;
  const auto wanted = or_else(guard.needed, "mass");
  const auto parties = sitting(scene.act, scene.issue, scene.body).parties;
  const std::uint64_t mass = people_of(parties, wanted);
  const std::uint64_t all = people(parties) - people_of(parties, guard.without);
  const std::uint64_t needed = (all * guard.numerator + guard.denominator - 1) / guard.denominator;
  if (all > 0 && mass >= needed) return std::nullopt;
  const Words who = names_of(scene.law.policy.parties, wanted);
  const Words without = names_of(scene.law.policy.parties, guard.without);
  const Words whole = guard.without.empty()
                          ? Words{}
                          : Words{"（不计" + without.zh + "）", " (without " + without.en + ")"};
  const std::string share =
      std::to_string(guard.numerator) + "/" + std::to_string(guard.denominator);
  if (all == 0) {
    return Missing{"who", "未登记参加人员，需要" + who.zh + " ≥ " + share + whole.zh,
                   "no participants are recorded; " + who.en + " must be ≥ " + share + whole.en};
  }
  const std::string have = std::to_string(mass) + "/" + std::to_string(all);
  const std::string short_by = std::to_string(needed - mass);
  return Missing{
      "who", who.zh + " " + have + whole.zh + "，需要 ≥ " + share + "：还差 " + short_by + " 人",
      who.en + " " + have + whole.en + ", needed ≥ " + share + ": " + short_by + " short"};
}

// Each party that is needed has at least `count` people.
Shortfall category_present(const Scene& scene) {
  const auto parties = sitting(scene.act, scene.issue, scene.body).parties;
  std::vector<Words> absent;
  for (const std::string& needed : scene.guard.needed) {
    const auto ids = either(needed);
    const std::uint64_t there = people_of(parties, ids);
    if (there >= scene.guard.count) continue;
    Words who = names_of(scene.law.policy.parties, ids);
    const std::string have = " " + std::to_string(there) + "/" + std::to_string(scene.guard.count);
    absent.push_back({who.zh + have, who.en + have});
  }
  const Words all = join(absent);
  return need(absent.empty(), "who", "应到而未到：" + all.zh, "missing from the table: " + all.en);
}

Shortfall stakeholder_present(const Scene& scene) {
  const auto parties = sitting(scene.act, scene.issue, scene.body).parties;
  const std::uint64_t there = people_of(parties, or_else(scene.guard.needed, "stakeholder"));
  const std::uint64_t wanted = scene.guard.count;
  const std::string have = std::to_string(there) + "/" + std::to_string(wanted);
  if (there >= wanted) return std::nullopt;
  if (wanted == 1) {
    return Missing{"who", "没有利益相关方参加", "no stakeholder took part"};
  }
  return Missing{"who", "利益相关方 " + have, "stakeholders " + have};
}

// Members of each level that is needed have signed in.
Shortfall member_level_present(const Scene& scene) {
  std::vector<Words> absent;
  for (const std::string& needed : scene.guard.needed) {
    const auto levels = either(needed);
    const auto& signed_in = scene.body.session.attendance;
    const auto there = static_cast<std::uint64_t>(
        std::count_if(signed_in.begin(), signed_in.end(),
                      [&](const Person& one) { return in(levels, one.level); }));
    if (there < scene.guard.count)
      absent.push_back(names_of(scene.law.policy.member_levels, levels));
  }
  const Words all = join(absent);
  return need(absent.empty(), "signed_in", "没有签到：" + all.zh, "nobody signed in: " + all.en);
}

// The first convener has the first role, the second the second.
Shortfall conveners_in_order(const Scene& scene) {
  const auto& conveners = scene.body.session.conveners;
  std::vector<Words> wrong;
  for (std::size_t i = 0; i < scene.guard.needed.size(); ++i) {
    const auto roles = either(scene.guard.needed[i]);
    if (i < conveners.size() && in(roles, conveners[i].role)) continue;
    const Words role = names_of(scene.law.policy.roles, roles);
    const std::string place = std::to_string(i + 1);
    wrong.push_back(
        {"第" + place + "召集人应为" + role.zh, "convener " + place + " is " + role.en});
  }
  const bool enough = conveners.size() >= std::max<std::size_t>(scene.guard.needed.size(), 1);
  if (enough && wrong.empty()) return std::nullopt;
  if (wrong.empty()) return Missing{"conveners", "没有召集人", "no convener is named"};
  const Words all = join(wrong);
  return Missing{"conveners", all.zh, all.en};
}

// The host belongs to none of the parties whose matter it is, nor signed in for one.
Shortfall host_neutral(const Scene& scene) {
  const SessionRecord& session = scene.body.session;
  const auto parties = or_else(scene.guard.needed, "stakeholder");
  if (session.host.name.empty()) return Missing{"host", "没有主持人", "no host is named"};
  const bool party =
      in(parties, session.host.party) ||
      std::any_of(session.attendance.begin(), session.attendance.end(), [&](const Person& one) {
        return one.name == session.host.name && in(parties, one.party);
      });
  const Words who = names_of(scene.law.policy.parties, parties);
  return need(!party, "host", "主持人“" + session.host.name + "”是" + who.zh,
              "the host is one of: " + who.en);
}

// The host has one of the roles, or someone who has left the hosting to the host.
Shortfall host_entitled(const Scene& scene) {
  const SessionRecord& session = scene.body.session;
  for (const std::string& needed : scene.guard.needed) {
    const auto roles = either(needed);
    if (!session.host.name.empty() && in(roles, session.host.role)) return std::nullopt;
    const bool named = !session.host.name.empty() && !session.delegated_by.name.empty();
    if (named && in(roles, session.delegated_by.role)) return std::nullopt;
  }
  std::vector<Words> roles;
  for (const std::string& needed : scene.guard.needed) {
    roles.push_back(names_of(scene.law.policy.roles, either(needed)));
  }
  const Words all = join(roles);
  return Missing{"host", "应由" + all.zh + "主持，或由其委托他人主持",
                 "hosted by " + all.en + ", or by whom they delegate it to"};
}

Shortfall roles_filled(const Scene& scene) {
  const SessionRecord& session = scene.body.session;
  std::vector<Person> all = session.conveners;
  all.push_back(session.host);
  all.insert(all.end(), session.staff.begin(), session.staff.end());
  std::vector<Words> absent;
  for (const std::string& needed : scene.guard.needed) {
    const auto roles = either(needed);
    const bool filled = std::any_of(all.begin(), all.end(), [&](const Person& one) {
      return !one.name.empty() && in(roles, one.role);
    });
    if (!filled) absent.push_back(names_of(scene.law.policy.roles, roles));
  }
  const Words missing = join(absent);
  return need(absent.empty(), "staff", "无人担任：" + missing.zh, "nobody is: " + missing.en);
}

}  // namespace

std::uint64_t people(const std::vector<Party>& parties, std::string_view category) {
  std::uint64_t count = 0;
  for (const Party& party : parties) {
    if (category.empty() || party.category == category) count += party.count;
  }
  return count;
}

std::vector<KnownGuard> people_guards() {
  return {{"mass_share", mass_share, "parties"},
          {"category_present", category_present, "parties"},
          {"stakeholder_present", stakeholder_present, "parties"},
          {"member_level_present", member_level_present, "member_levels"},
          {"conveners", conveners_in_order, "roles"},
          {"host_neutral", host_neutral, "parties"},
          {"host_entitled", host_entitled, "roles"},
          {"roles_filled", roles_filled, "roles"}};
}

}  // namespace yishi::deliberation
