// The part of Neighbours that knows who they are: parent, children and guests as the newest
// topology has them, and whom to ask when the parent cannot be reached.
#include <algorithm>

#include "crypto/planted.h"
#include "node/turn/neighbours.h"

namespace yishi::turn {

void Neighbours::topology_changed() {
  const auto& directory = ledger_.directory();
  if (directory.empty()) return;
  const auto parent_unit = directory.parent_node(ledger_.here());
  const auto* node = parent_unit.empty() ? nullptr : directory.node_of_unit(parent_unit);
  const auto known = parent_ ? parent_->unit : topology::Code{};
  // The parent that the ticket named has its signing key from the first topology on.
  if (parent_ && node && parent_->key.is_zero() && node->unit == parent_->unit) {
    parent_->key = node->key.id();
  }
  const bool stays = planted(Defect::kMovedChildStays) && parent_ && node;
  if (!stays && parent_ && (!node || node->key.id() != parent_->key)) {
    // Who was asked the way may turn out to be the parent: its line is up already, and goes on.
    const bool found = guide_ && node && guide_->key == node->key.id();
    parent_ = found ? std::move(guide_) : nullptr;
    guide_.reset();
    way_.reset();
  }
  const auto* guide = guide_ ? directory.node_of_unit(guide_->unit) : nullptr;
  if (guide_ && (!guide || guide->key.id() != guide_->key)) {
    guide_.reset();
    way_.reset();
  }
  if (node && !parent_) {
    parent_ =
        std::make_unique<Neighbour>(node->unit, node->key.id(), sync::peer_key(node->curve),
                                    sync::Role::kChild, random_, ledger_.logs().link(node->unit));
    // Another machine in the same place has receipted nothing yet: written down with the news of
    // it, or a restart would take the old one's word for the new one's.
    if (known == node->unit) {
      parent_->stored.receipted = {};
      parent_->progress_unsaved = true;
    }
  }
  std::erase_if(children_, [&](const auto& item) {
    const auto* child_node = directory.node_of_unit(item.first);
    if (!child_node || child_node->key.id() != item.second->key) return true;
    item.second->guest = !is_child(*child_node);
    return item.second->guest && !hears(*child_node);
  });
}

void Neighbours::expect_parent(const topology::Code& unit, const sync::PeerKey& curve) {
  if (parent_) return;
  parent_ = std::make_unique<Neighbour>(unit, crypto::Digest{}, curve, sync::Role::kChild, random_,
                                        ledger_.logs().link(unit));
}

bool Neighbours::is_child(const topology::Node& node) const {
  return ledger_.directory().parent_node(node.unit) == ledger_.here();
}

bool Neighbours::hears(const topology::Node& node) const {
  const auto& directory = ledger_.directory();
  if (node.unit == ledger_.here()) return false;
  for (auto version = directory.latest(); version > 0; --version) {
    if (directory.inside(node.unit, ledger_.here(), version)) return true;
  }
  return false;
}

const topology::Node* Neighbours::upstream() const {
  const auto& directory = ledger_.directory();
  const auto unit = guide_ ? guide_->unit : directory.parent_node(ledger_.here());
  return unit.empty() ? nullptr : directory.node_of_unit(unit);
}

std::vector<const topology::Node*> Neighbours::above_parent() const {
  const auto& directory = ledger_.directory();
  std::vector<const topology::Node*> above;
  if (!parent_ || directory.empty()) return above;
  for (auto unit = directory.parent_node(parent_->unit); !unit.empty();
       unit = directory.parent_node(unit)) {
    if (const auto* node = directory.node_of_unit(unit)) above.push_back(node);
  }
  return above;
}

void Neighbours::find_way(const Now& now) {
  const auto above = above_parent();
  const bool told = guide_ && guide_->link.state() == sync::LinkState::kOpen &&
                    guide_->link.peer()->topology <= ledger_.directory().latest();
  if (!way_.tick(now.steady_ms, parent_open(), told, above.size())) return;
  rerouted_ = true;
  guide_.reset();
  if (!way_.asks()) return;
  const auto& node = *above[*way_.asks()];
  parent_->link.line_down(now.steady_ms);
  guide_ = std::make_unique<Neighbour>(node.unit, node.key.id(), sync::peer_key(node.curve),
                                       sync::Role::kChild, random_, ledger_.logs().link(node.unit));
}

Neighbours::Neighbour& Neighbours::child(const topology::Node& node) {
  auto& slot = children_[node.unit];
  if (!slot) {
    slot =
        std::make_unique<Neighbour>(node.unit, node.key.id(), sync::peer_key(node.curve),
                                    sync::Role::kParent, random_, ledger_.logs().link(node.unit));
    slot->guest = !is_child(node);
  }
  return *slot;
}

}  // namespace yishi::turn
