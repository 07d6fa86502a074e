#include "sync/endpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace yishi::sync {
namespace {

constexpr std::string_view kScheme = "tcp://";

Error fault(std::string_view text, EndpointUse use, std::string_view field) {
  const bool listen = use == EndpointUse::kListen;
  // What is too long to be an address is too long to be shown.
  const std::string shown = text.size() > kMaxEndpointBytes ? "…" : std::string(text);
  return Error{"transport.endpoint", std::string(field),
               "“" + shown + "”不是 tcp://主机:端口 的形式" +
                   (listen ? "（端口为 1 至 65535，或 * 表示任意）。" : "（端口为 1 至 65535）。"),
               "\"" + shown + "\" is not of the form tcp://host:port (the port is 1 to 65535" +
                   (listen ? ", or * for any)." : ").")};
}

bool is_host_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_';
}

bool is_ipv6_letter(char c) {
  return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' ||
         c == '.';
}

bool is_bracketed(std::string_view host) {
  return host.size() > 2 && host.front() == '[' && host.back() == ']' &&
         std::ranges::all_of(host.substr(1, host.size() - 2), is_ipv6_letter);
}

std::optional<std::uint16_t> parse_port(std::string_view text, EndpointUse use) {
  if (text == "*" && use == EndpointUse::kListen) return std::uint16_t{0};
  std::uint16_t port = 0;
  const auto [end, fault_code] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (fault_code != std::errc() || end != text.data() + text.size() || port == 0) {
    return std::nullopt;
  }
  return port;
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view text, EndpointUse use, std::string_view field) {
  const auto colon = text.rfind(':');
  if (text.size() > kMaxEndpointBytes || !text.starts_with(kScheme) || colon < kScheme.size()) {
    return fault(text, use, field);
  }
  const std::string_view host = text.substr(kScheme.size(), colon - kScheme.size());
  const auto port = parse_port(text.substr(colon + 1), use);
  const bool ipv6 = is_bracketed(host);
  const bool any = host == "*" && use == EndpointUse::kListen;
  const bool named = !host.empty() && std::ranges::all_of(host, is_host_letter);
  if (!port || !(ipv6 || any || named)) return fault(text, use, field);
  return Endpoint{std::string(host), *port, ipv6};
}

}  // namespace yishi::sync
