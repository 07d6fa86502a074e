// The API's description (OpenAPI 3.1): openapi.json of this folder, carried by the build.
#pragma once

namespace yishi::http {

extern const char* const kOpenApi;

}  // namespace yishi::http
