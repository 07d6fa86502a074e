// How texts are cut for the search index, and what a user's words look for in it. Private
// to node/store.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yishi::store {

struct SearchTerms {
  std::string match;               // for FTS5; empty when nothing of it is in the index
  std::vector<std::string> scans;  // each must occur in a text as it stands: single characters
  bool any() const { return match.empty() && scans.empty(); }  // nothing was asked for
};

// Nothing of the user's text is syntax: only letters, digits and characters are left of it.
SearchTerms search_terms(std::string_view text);

}  // namespace yishi::store
