// What a policy names for people: an id for records, words for pages.
#pragma once

#include <string>

namespace yishi::deliberation {

struct Label {
  std::string id, zh, en;
};

}  // namespace yishi::deliberation
