# Writes the table of assets.h from a folder of built pages:
#   cmake -DDIST=node/web/dist -DOUT=assets_table.cpp -P embed.cmake
# The bytes come in by .incbin; the digests in the table make the compiler look again when a
# file has changed. Without the folder, or without index.html in it, the table is empty.
cmake_minimum_required(VERSION 3.25)

set(type_html "text/html; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_mjs "text/javascript; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_json "application/json")
set(type_webmanifest "application/manifest+json")
set(type_svg "image/svg+xml")
set(type_png "image/png")
set(type_ico "image/x-icon")
set(type_jpg "image/jpeg")
set(type_webp "image/webp")
set(type_woff2 "font/woff2")
set(type_txt "text/plain; charset=utf-8")

set(bytes "")
set(rows "")
set(number 0)
set(count 0)

# One run of bytes; its name goes into ${name}, or nothing when there is no such file.
function(carry path name)
  if(NOT EXISTS "${path}")
    set(${name} "{}" PARENT_SCOPE)
    return()
  endif()
  file(SHA256 "${path}" digest)
  math(EXPR next "${number} + 1")
  string(APPEND bytes "// ${digest}\nasm(R\"(.section .rodata\nyishi_asset_${number}:\n.incbin \"${path}\"\n"
    "yishi_asset_${number}_end:\n.byte 0\n.text)\");\n"
    "extern \"C\" const char yishi_asset_${number}[];\nextern \"C\" const char yishi_asset_${number}_end[];\n")
  set(bytes "${bytes}" PARENT_SCOPE)
  set(number ${next} PARENT_SCOPE)
  set(${name} "run(yishi_asset_${number}, yishi_asset_${number}_end)" PARENT_SCOPE)
endfunction()

if(EXISTS "${DIST}/index.html")
  file(GLOB_RECURSE files RELATIVE "${DIST}" "${DIST}/*")
  list(FILTER files EXCLUDE REGEX "\\.(br|gz|map)$")
  list(SORT files)
  foreach(file ${files})
    string(REGEX MATCH "[^.]*$" extension "${file}")
    set(type "${type_${extension}}")
    if(NOT type)
      message(FATAL_ERROR "no content type is known for ${DIST}/${file}")
    endif()
    file(SHA256 "${DIST}/${file}" digest)
    string(SUBSTRING "${digest}" 0 32 tag)
    carry("${DIST}/${file}" plain)
    carry("${DIST}/${file}.br" brotli)
    carry("${DIST}/${file}.gz" gzip)
    string(APPEND rows
      "      {\"${file}\", \"${type}\", \"\\\"${tag}\\\"\", ${plain}, ${brotli}, ${gzip}},\n")
    math(EXPR count "${count} + 1")
  endforeach()
endif()

set(body "  return {};\n")
if(count GREATER 0)
  set(body "  static const std::array<Asset, ${count}> all{{\n${rows}  }};\n  return all;\n")
endif()
set(text "// Made by embed.cmake.
#include <array>

#include \"node/http/assets.h\"

${bytes}
namespace yishi::http {

[[maybe_unused]] static std::string_view run(const char* first, const char* end) {
  return {first, static_cast<std::size_t>(end - first)};
}

std::span<const Asset> embedded_assets() {
${body}}

}  // namespace yishi::http
")
file(CONFIGURE OUTPUT "${OUT}" CONTENT "${text}" @ONLY)
