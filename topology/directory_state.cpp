#include "topology/directory_state.h"

#include <algorithm>
#include <cstring>

namespace yishi::topology {

std::size_t NonceHash::operator()(const std::array<std::uint8_t, kNonceBytes>& nonce) const {
  // A nonce is random, and only signers we admitted choose it: its own bytes will do.
  std::size_t hash = 0;
  std::memcpy(&hash, nonce.data(), sizeof hash);
  return hash;
}

std::optional<crypto::Digest> curve_id(View curve) {
  if (curve.size() != kCurveKeyBytes) return std::nullopt;
  static_assert(kCurveKeyBytes == crypto::kDigestBytes);
  return crypto::Digest::from(curve);
}

Index DirectoryState::find(const Code& code) const {
  const auto found = unit_index.find(code);
  return found == unit_index.end() ? kNone : found->second;
}

const Chapter* DirectoryState::chapter(Index unit, Version at) const {
  if (unit == kNone) return nullptr;
  const std::vector<Chapter>& chapters = units[unit].chapters;
  if (chapters.back().since <= at) return &chapters.back();
  const auto after =
      std::upper_bound(chapters.begin(), chapters.end(), at,
                       [](Version version, const Chapter& c) { return version < c.since; });
  return after == chapters.begin() ? nullptr : &*(after - 1);
}

Index DirectoryState::parent(Index unit, Version at) const {
  const Chapter* found = chapter(unit, at);
  return found == nullptr ? kNone : found->parent;
}

bool DirectoryState::inside(Index unit, Index ancestor, Version at) const {
  if (chapter(unit, at) == nullptr) return false;
  for (; unit != kNone; unit = parent(unit, at)) {
    if (unit == ancestor) return true;
  }
  return false;
}

bool DirectoryState::suspended(Index unit, Version at) const {
  for (const Chapter* c = chapter(unit, at); c != nullptr; c = chapter(c->parent, at)) {
    if (c->suspended) return true;
  }
  return false;
}

std::size_t DirectoryState::depth(Index unit) const {
  std::size_t depth = 0;
  for (; unit != kNone; unit = units[unit].chapters.back().parent) ++depth;
  return depth;
}

std::size_t DirectoryState::height(Index unit) const {
  std::size_t below = 0;  // kMaxDepth bounds the recursion
  for (const Index child : units[unit].children) below = std::max(below, height(child));
  return below + 1;
}

Index DirectoryState::speaking(Index unit, Version at) const {
  // From the newest: at most one node of a unit speaks at any version.
  const std::vector<Index>& own = units[unit].nodes;
  for (auto it = own.rbegin(); it != own.rend(); ++it) {
    const Node& node = nodes[*it];
    if (node.admitted <= at && (node.ended == 0 || node.ended > at)) return *it;
  }
  return kNone;
}

Index DirectoryState::keeper(Index unit, Version at) const {
  if (chapter(unit, at) == nullptr) return kNone;
  while (unit != root && speaking(unit, at) == kNone) unit = parent(unit, at);
  return unit;
}

bool DirectoryState::key_known(const crypto::Digest& id) const {
  return ever_root.contains(id) || (log_key && log_key->id() == id) || node_by_key.contains(id) ||
         operator_by_key.contains(id) || ticket_by_key.contains(id);
}

}  // namespace yishi::topology
