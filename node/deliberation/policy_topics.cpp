// The lists that come before and to the table: flags, plans, channels, the checklist, roles, forms.
#include "node/deliberation/policy_sections.h"

namespace yishi::deliberation {

Label read_label(PolicyTable& table, const PolicySections& to) {
  Label label{table.id("id"), table.text("zh", true), table.text("en", true)};
  const std::string path = table.path() + "." + label.id;
  if (!label.id.empty() && to.lines.has(path)) {
    to.faults.add(table.line(), "policy.duplicate", "“" + label.id + "”重复",
                  "\"" + label.id + "\" occurs twice");
  }
  to.lines.set(path, table.line());
  return label;
}

void read_label_list(PolicyTable& root, std::string_view key, std::vector<Label>& labels,
                     const PolicySections& to) {
  root.each(key, [&](PolicyTable& table) { labels.push_back(read_label(table, to)); });
}

void read_forms(PolicyTable& root, const PolicySections& to) {
  root.each("forms", [&](PolicyTable& table) {
    const Label label = read_label(table, to);
    FormProfile profile;
    profile.remote = table.flag("remote");
    for (FormWords* words : {&profile.conditions, &profile.scope, &profile.rights}) {
      const std::string key = words == &profile.conditions ? "conditions"
                              : words == &profile.scope    ? "scope"
                                                           : "rights";
      words->zh = table.text(key + "_zh", false);
      words->en = table.text(key + "_en", !words->zh.empty());
    }
    to.policy.forms.push_back(label);
    to.policy.form_profiles[label.id] = std::move(profile);
  });
}

void read_topics(PolicyTable& root, const PolicySections& to) {
  read_label_list(root, "flags", to.policy.flags, to);
  read_label_list(root, "plans", to.policy.plans, to);
  read_label_list(root, "channels", to.policy.channels, to);
  read_label_list(root, "roles", to.policy.roles, to);
  read_label_list(root, "member_levels", to.policy.member_levels, to);
  read_label_list(root, "types", to.policy.types, to);
  read_label_list(root, "venues", to.policy.venues, to);
  read_label_list(root, "views", to.policy.views, to);
  root.each("checklist", [&](PolicyTable& table) {
    const Label label = read_label(table, to);
    to.policy.checklist.push_back(label);
    CheckItem item;
    item.yes = table.flag("yes");
    item.words = table.flag("words");
    to.policy.check_items[label.id] = item;
  });
  if (find_label(to.policy.flags, kNoFlag) != nullptr) {
    to.faults.add(to.lines.of("flags." + std::string(kNoFlag)), "policy.id",
                  "标识“none”另有用途，请换一个", "the id \"none\" is reserved: choose another");
  }
}

}  // namespace yishi::deliberation
