// Bytes and views on them, with the two texts we write them in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yishi {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;  // does not own: lives no longer than its bytes

View view_of(std::string_view text);
std::string_view text_of(View bytes);
Bytes copy(View bytes);
bool equal(View a, View b);

// Lower-case hexadecimal. from_hex: nothing on an odd length or a foreign character.
std::string to_hex(View bytes);
std::optional<Bytes> from_hex(std::string_view text);

// base64url without padding (RFC 4648, section 5): tickets are typed and pasted.
std::string to_base64url(View bytes);
std::optional<Bytes> from_base64url(std::string_view text);

// True when the text is well-formed UTF-8 (RFC 3629) without NUL.
bool is_utf8(std::string_view text);

}  // namespace yishi
