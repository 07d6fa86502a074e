// What this program calls itself, on the wire and to people.
#pragma once

namespace yishi::node {

inline constexpr char kVersion[] = YISHI_VERSION;
inline constexpr char kSoftware[] = "yishi " YISHI_VERSION;

}  // namespace yishi::node
