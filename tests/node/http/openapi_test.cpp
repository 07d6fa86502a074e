// The API's description and the router name the same paths. What the answers look like is
// checked on a running node: tests/e2e/openapi.py.
#include "node/http/openapi.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>

#include "node/http/router.h"

namespace yishi::http {
namespace {

// "/issues/{id}/{act}" is "/api/v1/issues/*/*" of the router; the base is that of the path's own
// servers, or of the document's.
std::set<std::string> described() {
  std::set<std::string> out;
  const auto document = Input::parse(kOpenApi);
  for (const auto& [path, item] : document.at("paths").items()) {
    std::string plain;
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (path[i] != '{') plain += path[i];
      if (path[i] != '{') continue;
      plain += '*';
      i = path.find('}', i);
    }
    for (const auto& [method, operation] : item.items()) {
      if (method == "servers" || method == "parameters") continue;
      std::string name = method;
      for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      for (const auto& server : item.value("servers", document.at("servers"))) {
        const std::string base = server.at("url");
        out.insert(name + ' ' + (base == "/" ? "" : base) + plain);
      }
    }
  }
  return out;
}

TEST(OpenApi, describes_every_route_and_no_other) {
  std::set<std::string> routes;
  for (auto& name : route_names()) routes.insert(std::move(name));
  const auto known = described();
  for (const auto& name : routes) EXPECT_TRUE(known.contains(name)) << name << " is not described";
  for (const auto& name : known) EXPECT_TRUE(routes.contains(name)) << name << " is no route";
}

}  // namespace
}  // namespace yishi::http
