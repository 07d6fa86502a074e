#include "node/deliberation/policy.h"

#include <algorithm>

namespace yishi::deliberation {

const Label* find_label(const std::vector<Label>& labels, std::string_view id_or_label) {
  const auto find = [&](auto matches) {
    const auto found = std::find_if(labels.begin(), labels.end(), matches);
    return found == labels.end() ? nullptr : &*found;
  };
  // An id counts before a label that happens to read the same.
  if (const Label* by_id = find([&](const Label& one) { return one.id == id_or_label; })) {
    return by_id;
  }
  return find([&](const Label& one) { return one.zh == id_or_label || one.en == id_or_label; });
}

const std::vector<std::string_view>& circumstances() {
  static const std::vector<std::string_view> kAll{"not_accepted", "deadline", "failed_twice"};
  return kAll;
}

const Stage* Policy::stage(std::string_view id) const {
  const auto found = std::find_if(stages.begin(), stages.end(),
                                  [&](const Stage& one) { return one.label.id == id; });
  return found == stages.end() ? nullptr : &*found;
}

const Label* Policy::category(std::string_view id_or_label) const {
  return find_label(categories, id_or_label);
}

const ActRule* Policy::rule(Act act) const {
  const auto found = acts.find(act);
  return found == acts.end() ? nullptr : &found->second;
}

namespace {

template <class Labelled>
const Labelled* labelled(const std::vector<Labelled>& list, std::string_view id) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const Labelled& one) { return one.label.id == id; });
  return found == list.end() ? nullptr : &*found;
}

// An id counts before a label that happens to read the same.
template <class Labelled>
const Labelled* called(const std::vector<Labelled>& list, std::string_view name) {
  if (const Labelled* by_id = labelled(list, name)) return by_id;
  const auto found = std::find_if(list.begin(), list.end(), [&](const Labelled& one) {
    return one.label.zh == name || one.label.en == name;
  });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

const Register* Policy::find_register(std::string_view id_or_label) const {
  return called(registers, id_or_label);
}

const RegisterField* Register::field(std::string_view id_or_label) const {
  return called(fields, id_or_label);
}

const Measure* Policy::measure(std::string_view id) const { return labelled(measures, id); }

const Rate* Policy::rate(std::string_view id) const { return labelled(rates, id); }

const std::vector<std::string>& Policy::closing_stages(std::string_view wanted) const {
  static const std::vector<std::string> kNone;
  const auto closing = closings.find(std::string(wanted));
  if (closing != closings.end() && !closing->second.from.empty()) return closing->second.from;
  const ActRule* close = rule(Act::kClose);
  return close == nullptr ? kNone : close->from;
}

}  // namespace yishi::deliberation
