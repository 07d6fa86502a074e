// How texts are cut for the search index, and what a user's words look for in it. Private
// to node/store.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yishi::store {

struct SearchTerms {
  std::string match;  // for FTS5; empty when nothing of the text is in the index
  // What must stand together in bigrams() of the text, a blank before and after it: FTS5
  // finds words, not their order (detail = none).
  std::vector<std::string> phrases;
};

// Nothing of the user's text is syntax: only letters, digits and characters are left of it.
SearchTerms search_terms(std::string_view text);

}  // namespace yishi::store
