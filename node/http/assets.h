// The pages, carried inside the binary. The build makes the table from the folder
// node/web/dist when it is there (embed.cmake): every file of it, and beside a file f the
// already compressed f.br and f.gz, which are variants of f and no files of their own.
//
// Bytes live as long as the program; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "node/http/message.h"

namespace yishi::http {

struct Asset {
  std::string_view path;  // from dist: "assets/index-3f2a.js"
  std::string_view type;  // of its content
  std::string_view etag;  // quoted: the first half of its SHA-256, hexadecimal
  std::string_view bytes;
  std::string_view brotli;  // empty: there is none
  std::string_view gzip;
};

// Sorted by path; empty when the program was built without pages.
std::span<const Asset> embedded_assets();

// GET and HEAD of a path outside /api: the file, or index.html for a path of the pages' own
// routes (whose last part has no dot). What lies under assets/ has its digest in its name and
// may be kept for ever; the rest is asked for again with its ETag (304). Rules "http.path",
// "http.method".
Response answer_asset(std::span<const Asset> assets, const Request& request);

}  // namespace yishi::http
