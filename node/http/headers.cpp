#include "node/http/headers.h"

#include <algorithm>
#include <cctype>

namespace yishi::http {
namespace {

using FieldList = std::vector<std::pair<std::string, std::string>>;

FieldList fields_for(bool tls) {
  FieldList out{
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
       "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
       "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(self), geolocation=(), microphone=()"}};
  // No HSTS without TLS; with a certificate of its own, a browser would not heed it anyway.
  if (tls) out.emplace_back("Strict-Transport-Security", "max-age=31536000");
  return out;
}

std::string small(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// "Name:7380", "[::1]:7380", "name": the name in small letters, without brackets and port.
// Empty: not a host.
std::string host_name(const std::string& field) {
  if (field.starts_with('[')) {
    const auto end = field.find(']');
    return end == std::string::npos ? std::string() : small(field.substr(1, end - 1));
  }
  return small(field.substr(0, field.find(':')));
}

}  // namespace

const FieldList& security_fields(const Door& door) {
  static const FieldList none;
  static const FieldList plain = fields_for(false);
  static const FieldList sealed = fields_for(true);
  if (!door.people) return none;
  return door.tls ? sealed : plain;
}

Status check_host(const Request& request, const std::vector<std::string>& names) {
  if (!request.door.people) return {};
  const std::string name = host_name(request.field("host"));
  const bool here = name == "localhost" || name == "127.0.0.1" || name == "::1";
  const bool known = here || (!name.empty() && name == small(request.door.local)) ||
                     std::find(names.begin(), names.end(), name) != names.end();
  if (known) return {};
  return Error{"http.host", "host", "本节点不以这个名称提供服务；请用 --http-name 允许它",
               "this node is not served under that name; allow it with --http-name"};
}

Status check_origin(const Request& request) {
  const std::string origin = request.field("origin");
  const std::string own =
      std::string(request.door.tls ? "https://" : "http://") + small(request.field("host"));
  if (origin.empty() || small(origin) == own) return {};
  return Error{"http.origin", "origin", "请求来自别的网站的页面，未予处理",
               "the request came from another site's page and was not carried out"};
}

}  // namespace yishi::http
