// Issues of the API's JSON as text for people.
#pragma once

#include <string>

#include "node/cli/invocation.h"

namespace yishi::cli {

std::string issue_text(const Invocation& invocation, const Json& issue);
std::string issue_list_text(const Invocation& invocation, const Json& page);
// After an act: what was written, by the person and by the node itself, and where it stands.
std::string written_text(const Invocation& invocation, const Json& answer);

// "label：value" or "label: value" and a line end; nothing for an empty value.
std::string line_of(const Invocation& invocation, const std::string& zh, const std::string& en,
                    const std::string& value);
std::string text_of_key(const Json& object, const char* key);  // empty when it is no text

}  // namespace yishi::cli
