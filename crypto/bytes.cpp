#include "crypto/bytes.h"

#include <algorithm>
#include <array>

namespace yishi {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64urlDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNoDigit = 0xff;

std::uint8_t hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return kNoDigit;
}

constexpr std::array<std::uint8_t, 256> make_base64url_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kBase64urlDigits.size(); ++i) {
    values[static_cast<unsigned char>(kBase64urlDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr auto kBase64urlValues = make_base64url_values();

// The lowest and highest second byte allowed after a lead byte, and how many
// bytes follow it (RFC 3629, section 4). The bounds shut out overlong forms,
// surrogates and everything above U+10FFFF.
struct Utf8Lead {
  int following = 0;  // 0: not a lead byte
  std::uint8_t lowest = 0x80;
  std::uint8_t highest = 0xbf;
};

Utf8Lead utf8_lead(std::uint8_t byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return {.following = 1};
  if (byte == 0xe0) return {.following = 2, .lowest = 0xa0};
  if (byte == 0xed) return {.following = 2, .highest = 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {.following = 2};
  if (byte == 0xf0) return {.following = 3, .lowest = 0x90};
  if (byte >= 0xf1 && byte <= 0xf3) return {.following = 3};
  if (byte == 0xf4) return {.following = 3, .highest = 0x8f};
  return {};
}

}  // namespace

View view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view text_of(View bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes copy(View bytes) { return {bytes.begin(), bytes.end()}; }

bool equal(View a, View b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

std::string to_hex(View bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += kHexDigits[byte >> 4];
    text += kHexDigits[byte & 0x0f];
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::uint8_t high = hex_value(text[i]);
    const std::uint8_t low = hex_value(text[i + 1]);
    if (high == kNoDigit || low == kNoDigit) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::string to_base64url(View bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;
  int bits = 0;
  for (const std::uint8_t byte : bytes) {
    pending = pending << 8 | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += kBase64urlDigits[pending >> bits & 0x3f];
    }
  }
  if (bits > 0) text += kBase64urlDigits[pending << (6 - bits) & 0x3f];
  return text;
}

std::optional<Bytes> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char c : text) {
    const std::uint8_t value = kBase64urlValues[static_cast<unsigned char>(c)];
    if (value == kNoDigit) return std::nullopt;
    pending = (pending << 6 | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(pending >> bits));
    }
  }
  // Left-over bits must be zero, or two texts would mean the same bytes.
  if ((pending & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

bool is_utf8(std::string_view text) {
  const View bytes = view_of(text);
  std::size_t i = 0;
  while (i < bytes.size()) {
    const std::uint8_t byte = bytes[i++];
    if (byte == 0) return false;
    if (byte < 0x80) continue;
    const Utf8Lead lead = utf8_lead(byte);
    if (lead.following == 0) return false;
    if (bytes.size() - i < static_cast<std::size_t>(lead.following)) return false;
    if (bytes[i] < lead.lowest || bytes[i] > lead.highest) return false;
    for (int k = 1; k < lead.following; ++k) {
      if ((bytes[i + static_cast<std::size_t>(k)] & 0xc0) != 0x80) return false;
    }
    i += static_cast<std::size_t>(lead.following);
  }
  return true;
}

}  // namespace yishi
