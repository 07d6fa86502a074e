#include "node/http/assets.h"

#include <algorithm>

#include "node/http/problem.h"

namespace yishi::http {
namespace {

constexpr std::string_view kIndex = "index.html";

const Asset* find_asset(std::span<const Asset> assets, std::string_view path) {
  const auto found =
      std::lower_bound(assets.begin(), assets.end(), path,
                       [](const Asset& a, std::string_view p) { return a.path < p; });
  return found == assets.end() || found->path != path ? nullptr : &*found;
}

std::string path_of(const Request& request) {
  std::string path;
  for (const auto& segment : request.segments) path += (path.empty() ? "" : "/") + segment;
  return path.empty() ? std::string(kIndex) : path;
}

// "br;q=0" says no.
bool accepts(const std::string& field, std::string_view coding) {
  for (std::size_t at = 0; at < field.size();) {
    const auto end = std::min(field.find(',', at), field.size());
    std::string_view element(field.data() + at, end - at);
    at = end + 1;
    while (element.starts_with(' ')) element.remove_prefix(1);
    const auto name = element.substr(0, element.find_first_of("; "));
    if (name == coding)
      return element.find("q=0") == std::string_view::npos ||
             element.find("q=0.") != std::string_view::npos;
  }
  return false;
}

}  // namespace

Response answer_asset(std::span<const Asset> assets, const Request& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    auto response = problem(
        {"http.method", "method", "这个路径不支持该方法", "this path does not have that method"},
        request.chinese);
    response.allow = "GET, HEAD";
    return response;
  }
  const std::string path = path_of(request);
  const Asset* asset = find_asset(assets, path);
  const bool route = path.substr(path.rfind('/') + 1).find('.') == std::string::npos;
  if (asset == nullptr && route) asset = find_asset(assets, kIndex);
  if (asset == nullptr) {
    return problem({"http.path", "path", "没有这个路径", "there is no such path"}, request.chinese);
  }
  Response response{200, std::string(asset->type), {}, {}};
  const bool named = asset->path.starts_with("assets/");
  response.fields = {{"ETag", std::string(asset->etag)},
                     {"Vary", "Accept-Encoding"},
                     {"Cache-Control", named ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (request.field("if-none-match") == asset->etag) {
    response.status = 304;
    return response;
  }
  const std::string codings = request.field("accept-encoding");
  if (!asset->brotli.empty() && accepts(codings, "br")) {
    response.fields.emplace_back("Content-Encoding", "br");
    response.body = asset->brotli;
  } else if (!asset->gzip.empty() && accepts(codings, "gzip")) {
    response.fields.emplace_back("Content-Encoding", "gzip");
    response.body = asset->gzip;
  } else {
    response.body = asset->bytes;
  }
  return response;
}

}  // namespace yishi::http
