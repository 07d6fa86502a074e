#include "node/cli/ticket_sheet.h"

#include <qrencode.h>

#include <memory>

namespace yishi::cli {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// One path of unit squares, with the four modules of margin that the standard asks for.
std::optional<std::string> qr_svg(const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
  if (code == nullptr) return std::nullopt;
  constexpr int kMargin = 4;
  const std::string side = std::to_string(code->width + 2 * kMargin);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + ' ' + side +
                    "\" shape-rendering=\"crispEdges\"><path d=\"";
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      if ((code->data[y * code->width + x] & 1) == 0) continue;
      svg += 'M' + std::to_string(x + kMargin) + ' ' + std::to_string(y + kMargin) + "h1v1h-1z";
    }
  }
  return svg + "\"/></svg>";
}

// Quoted, and nothing that a spreadsheet would run.
std::string csv_cell(std::string_view text) {
  std::string out = "\"";
  if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos) {
    out += '\'';
  }
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace

Result<std::string> ticket_sheet(const std::vector<topology::TicketText>& tickets,
                                 const std::vector<std::string>& until) {
  YISHI_ASSERT(tickets.size() == until.size());
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"zh\"><meta charset=\"utf-8\"><title>入网票 tickets</title>\n"
      "<style>body{font-family:sans-serif;margin:1cm}section{break-inside:avoid;display:flex;"
      "gap:1cm;border:1px solid #000;padding:.5cm;margin-bottom:.5cm}svg{width:7cm;flex:none}"
      "code{font-size:7pt;word-break:break-all}h2{margin:0}</style>\n";
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    const auto& ticket = tickets[i];
    const std::string text = ticket.to_text();
    const auto svg = qr_svg(text);
    if (!svg) {
      return Error{"ticket.qr", "sheet", "单位 " + ticket.unit.text() + " 的票据太长，画不成二维码",
                   "the ticket of unit " + ticket.unit.text() + " is too long for a QR code"};
    }
    page += "<section>" + *svg + "<div><h2>" + escaped(ticket.unit_name) + "</h2><p>" +
            ticket.unit.text() + "<br>上级 parent " + ticket.parent.text() + "<br>有效期至 until " +
            escaped(until[i]) +
            "</p><p>只能用一次，请勿拍照转发。 Works once; do not pass pictures of it on.<br>"
            "yishi join --ticket-file -</p><code>" +
            escaped(text) + "</code></div></section>\n";
  }
  return page + "</html>\n";
}

std::string ticket_csv(const std::vector<topology::TicketText>& tickets,
                       const std::vector<std::string>& until) {
  YISHI_ASSERT(tickets.size() == until.size());
  std::string csv = "\xEF\xBB\xBFunit,name,parent,until,ticket\r\n";
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    const auto& ticket = tickets[i];
    csv += "=\"" + ticket.unit.text() + "\"," + csv_cell(ticket.unit_name) + ",=\"" +
           ticket.parent.text() + "\"," + csv_cell(until[i]) + ',' + ticket.to_text() + "\r\n";
  }
  return csv;
}

}  // namespace yishi::cli
