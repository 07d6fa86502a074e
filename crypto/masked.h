// What a text that people wrote freely may not show to everyone.
#pragma once

#include <string>
#include <string_view>

namespace yishi {

// Telephone and identity card numbers without their middle; all else as it is.
std::string masked(std::string_view text);

}  // namespace yishi
