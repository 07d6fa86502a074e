#include "topology/effects.h"

#include <algorithm>

namespace yishi::topology {

namespace {

// Collects what differs; asks `before` and `after` the same questions.
class Comparison {
 public:
  Comparison(const Directory& before, const Directory& after) : before_(before), after_(after) {}

  Effects take() {
    network();
    for (const Code& code : after_.all_units()) unit(code);
    return std::move(found_);
  }

 private:
  void say(const Code& code, std::string zh, std::string en) {
    if (found_.list.size() >= kMaxEffects) {
      ++found_.left_out;
      return;
    }
    found_.list.push_back({code, std::move(zh), std::move(en)});
  }

  static std::string named(const Directory& directory, const Code& code) {
    const auto unit = directory.unit(code);
    return (unit ? excerpt(unit->name) : std::string()) + " (" + code.text() + ")";
  }

  void network() {
    const Root& now = after_.root_keys();
    if (before_.root_keys().since != now.since) {
      const std::string of = std::to_string(now.threshold) + "/" + std::to_string(now.keys.size());
      say({}, "根密钥更换，今后须 " + of + " 签名", "new root keys: " + of + " sign from now on");
    }
    for (const Operator& one : after_.operators()) operator_key(one);
    const auto policy = after_.policy_at();
    const auto old = before_.policy_at();
    if (policy && (!old || old->version != policy->version)) {
      say({}, "各单位改用议事规则“" + excerpt(policy->id) + "”",
          "every unit follows the policy \"" + excerpt(policy->id) + "\"");
    }
  }

  void operator_key(const Operator& one) {
    const Operator* old = before_.operator_of_key(one.key.id());
    const std::string label = excerpt(one.label);
    if (old == nullptr) {
      say(one.subtree, "管理员“" + label + "”可以变更 " + named(after_, one.subtree) + " 及其下属",
          "operator \"" + label + "\" may change " + named(after_, one.subtree) + " and below");
    } else if (old->ended == 0 && one.ended != 0) {
      say(one.subtree, "管理员“" + label + "”不能再作变更",
          "operator \"" + label + "\" may change nothing any more");
    }
  }

  void unit(const Code& code) {
    const auto now = after_.unit(code);
    const auto old = before_.unit(code);
    const std::string name = named(after_, code);
    if (!old) {
      say(code, "新增 " + name + "，隶属 " + named(after_, now->parent),
          "new: " + name + ", under " + named(after_, now->parent));
    } else {
      if (old->name != now->name) {
        say(code, code.text() + " 由“" + excerpt(old->name) + "”更名为“" + excerpt(now->name) + "”",
            code.text() + " is called \"" + excerpt(now->name) + "\" instead of \"" +
                excerpt(old->name) + "\"");
      }
      place(code, *old, *now);
      standing(code);
    }
    keeping(code, old.has_value());
  }

  void place(const Code& code, const Unit& old, const Unit& now) {
    const std::string name = named(after_, code);
    if (after_.retired(code) && !before_.retired(code)) {
      return say(code, name + " 撤销，由 " + named(after_, now.parent) + " 承接，历史仍可查",
                 name + " is retired; " + named(after_, now.parent) +
                     " succeeds it; its history stays readable");
    }
    if (old.parent == now.parent) return;
    const std::string count = std::to_string(after_.children_of(code).size());
    say(code,
        name + " 连同下级 " + count + " 个单位由 " + named(before_, old.parent) + " 划归 " +
            named(after_, now.parent),
        name + " goes from " + named(before_, old.parent) + " to " + named(after_, now.parent) +
            " with the " + count + " units below it");
  }

  void standing(const Code& code) {
    const bool was = before_.suspended(code);
    const bool is = after_.suspended(code);
    if (was == is) return;
    const std::string name = named(after_, code);
    if (is) {
      say(code, name + " 停用，此后写入的记录无效",
          name + " is suspended; what it writes from now on has no effect");
    } else {
      say(code, name + " 恢复", name + " is resumed");
    }
  }

  // Who acts in its name, whom its node calls on, and how many issues change hands follows
  // from that.
  void keeping(const Code& code, bool was_there) {
    const std::string name = named(after_, code);
    const Node* now = after_.node_of_unit(code);
    const Node* old = before_.node_of_unit(code);
    if (old != nullptr && (now == nullptr || now->key.id() != old->key.id())) {
      say(code, name + " 现有的节点停用", "the present node of " + name + " ends");
    }
    if (now != nullptr && (old == nullptr || now->key.id() != old->key.id())) {
      say(code, name + " 的新节点入网", "a new node of " + name + " is admitted");
    }
    const Code keeper = after_.keeper_of(code);
    const Code kept = was_there ? before_.keeper_of(code) : Code();
    if (keeper != kept && keeper != code) {
      say(code, name + " 的事项由 " + named(after_, keeper) + " 的节点经办",
          "issues of " + name + " are handled at the node of " + named(after_, keeper));
    }
    if (now == nullptr || old == nullptr) return;
    const Code parent = after_.parent_node(code);
    if (parent.empty() || parent == before_.parent_node(code)) return;
    say(code, name + " 的节点改为连接 " + named(after_, parent) + "，历史随之送达",
        "the node of " + name + " connects to " + named(after_, parent) +
            " and brings its history there");
  }

  const Directory& before_;
  const Directory& after_;
  Effects found_;
};

}  // namespace

Effects effects(const Directory& before, const Directory& after) {
  YISHI_ASSERT(!before.empty() && !after.empty());
  return Comparison(before, after).take();
}

}  // namespace yishi::topology
