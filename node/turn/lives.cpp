#include "node/turn/lives.h"

#include <algorithm>
#include <sstream>

namespace yishi::turn {

namespace {

constexpr std::string_view kName = "lives";

sync::Nonce nonce_of(const std::string& hex) {
  sync::Nonce nonce{};
  const auto bytes = from_hex(hex);
  if (bytes && bytes->size() == nonce.size())
    std::copy(bytes->begin(), bytes->end(), nonce.begin());
  return nonce;
}

}  // namespace

void Lives::load() {
  upward_.clear();
  downward_.clear();
  upward_.reserve(kLivesKept + 1);  // links look at them
  downward_.reserve(kLivesKept + 1);
  known_ = false;
  present_ = ledger_.database().identity().incarnation;
  std::istringstream lines(ledger_.logs().value(kName).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hex;
    std::uint64_t position = 0;
    std::uint64_t news = 0;
    words >> hex;
    present_ = nonce_of(hex);
    known_ = true;
    if (!(words >> position >> news)) continue;
    upward_.push_back({present_, position});
    downward_.push_back({present_, news});
  }
}

void Lives::begin() {
  if (begun_) return;
  sync::LifeChance chance{};
  if (known_) {
    upward_.push_back({present_, ledger_.logs().last_position()});
    downward_.push_back({present_, ledger_.issues().last_news()});
    random_.fill(chance);
    present_ = sync::life_name(present_, sync::life_number(present_) + 1, chance);
  } else {
    random_.fill(present_);
  }
  if (upward_.size() > kLivesKept) {
    upward_.erase(upward_.begin());
    downward_.erase(downward_.begin());
  }
  std::ostringstream lines;
  for (std::size_t i = 0; i < upward_.size(); ++i) {
    lines << to_hex(upward_[i].name) << ' ' << upward_[i].end << ' ' << downward_[i].end << '\n';
  }
  lines << to_hex(present_) << '\n';
  if (auto status = ledger_.logs().set_value(kName, lines.str()); !status.ok()) {
    return ledger_.fail(status.error());
  }
  begun_ = known_ = true;
}

void Lives::rolled_back() {
  if (kept_) return;
  begun_ = false;
  load();
}

}  // namespace yishi::turn
