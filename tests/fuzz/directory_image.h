// Everything that a directory answers, as text; and the same answers found by walking up the
// tree one parent at a time.
#pragma once

#include <string>

#include "topology/directory.h"

namespace yishi::fuzz {

// All answers for one version, and those that have no version.
std::string image_of(const topology::Directory& directory, topology::Version at);
// Only what must stay as it was when later versions come.
std::string past_of(const topology::Directory& directory, topology::Version at);

// Asserts that paths, children, keepers, common ancestors and next hops fit together.
void hold_tree(const topology::Directory& directory);

}  // namespace yishi::fuzz
