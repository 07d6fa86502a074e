#include "tests/fuzz/directory_image.h"

#include <algorithm>

namespace yishi::fuzz {
namespace {

using topology::Code;
using topology::Directory;
using topology::Version;

void add(std::string& out, std::string_view word) {
  out += word;
  out += ' ';
}

void add_node(std::string& out, const topology::Node* node) {
  if (node == nullptr) return add(out, "none");
  add(out, to_hex(node->key.raw()));
  add(out, to_hex(node->curve));
  add(out, node->endpoint + " of " + node->unit.text() + " since " +
               std::to_string(node->admitted) + " incarnation " +
               std::to_string(node->incarnation));
}

// Parents from `code` up, found singly.
std::vector<Code> walk_up(const Directory& directory, const Code& code) {
  std::vector<Code> path;
  for (Code at = code; !at.empty(); at = directory.parent_of(at)) {
    path.push_back(at);
    YISHI_ASSERT(path.size() <= topology::kMaxDepth);
  }
  return path;
}

bool has(const std::vector<Code>& codes, const Code& code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

void hold_unit(const Directory& directory, const Code& code, const std::vector<Code>& all) {
  const auto path = walk_up(directory, code);
  YISHI_ASSERT(path.back() == directory.root());
  YISHI_ASSERT(directory.path_to_root(code) == path);
  std::vector<Code> children;
  for (const Code& other : all) {
    if (directory.parent_of(other) == code) children.push_back(other);
    YISHI_ASSERT(directory.inside(code, other) == has(path, other));
  }
  YISHI_ASSERT(directory.children_of(code) == children);
  const auto keeper = std::find_if(path.begin(), path.end(), [&](const Code& each) {
    return directory.node_of_unit(each) != nullptr;
  });
  YISHI_ASSERT(directory.keeper_of(code) == (keeper == path.end() ? Code() : *keeper));
  if (keeper == path.end()) return;
  const topology::Node* node = directory.node_of_unit(*keeper);
  YISHI_ASSERT(directory.node_of_key(node->key.id()) == node);
  YISHI_ASSERT(directory.node_of_curve(node->curve) == node);
  YISHI_ASSERT(directory.may_write(node->key.id(), code, directory.latest()) !=
               directory.suspended(code));
}

void hold_pair(const Directory& directory, const Code& a, const Code& b) {
  const auto above_a = walk_up(directory, a);
  const auto above_b = walk_up(directory, b);
  const auto common = std::find_if(above_a.begin(), above_a.end(),
                                   [&](const Code& each) { return has(above_b, each); });
  YISHI_ASSERT(directory.common_ancestor({a, b}) == *common);
}

}  // namespace

std::string past_of(const Directory& directory, Version at) {
  std::string out;
  for (const Code& code : directory.all_units()) {
    const auto unit = directory.unit(code, at);
    if (!unit) continue;
    add(out, code.text() + " " + unit->name + " " + unit->level + " under " + unit->parent.text());
    add(out, directory.suspended(code, at) ? "suspended" : "active");
    add(out, directory.retired(code, at) ? "retired" : "living");
    add_node(out, directory.node_of_unit(code, at));
    add(out, directory.keeper_of(code, at).text());
    add(out, directory.parent_node(code, at).text());
    for (const Code& above : directory.path_to_root(code, at)) add(out, above.text());
    out += '\n';
  }
  const auto policy = directory.policy_at(at);
  add(out, policy ? policy->id + policy->text : "no policy");
  return out;
}

std::string image_of(const Directory& directory, Version at) {
  std::string out = past_of(directory, at);
  add(out, directory.network_name() + to_hex(directory.network().view()));
  add(out, std::to_string(directory.latest()) + " " + std::to_string(directory.unit_count()));
  for (const Code& code : directory.all_units()) {
    add(out, std::to_string(directory.incarnations_of(code)));
    for (const Code& child : directory.children_of(code)) add(out, child.text());
  }
  std::vector<std::string> nodes;
  for (const topology::Node* node : directory.nodes()) {
    nodes.emplace_back();
    add_node(nodes.back(), node);
  }
  for (const auto& node : nodes) out += node;
  return out;
}

void hold_tree(const Directory& directory) {
  const auto all = directory.all_units();
  YISHI_ASSERT(all.size() == directory.unit_count());
  for (const Code& code : all) hold_unit(directory, code, all);
  for (std::size_t i = 1; i < all.size(); ++i) hold_pair(directory, all[i - 1], all[i]);
}

}  // namespace yishi::fuzz
