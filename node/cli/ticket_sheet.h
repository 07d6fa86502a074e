// Tickets on paper: a page of HTML that a browser prints, with a QR code for each unit (Debian's
// libqrencode draws it: a code that a telephone fails to read is found in the village, not here).
// The page holds secrets: it is written with mode 0600 and refers to nothing outside itself.
#pragma once

#include <string>
#include <vector>

#include "crypto/result.h"
#include "topology/ticket.h"

namespace yishi::cli {

// Both languages stand on the sheet: who prints it need not be who reads it. until: the last
// day, as text. Rule "ticket.qr" when a ticket is too long for a code.
Result<std::string> ticket_sheet(const std::vector<topology::TicketText>& tickets,
                                 const std::vector<std::string>& until);
// unit,name,parent,until,ticket: with a BOM, as spreadsheets like it; codes as ="…".
std::string ticket_csv(const std::vector<topology::TicketText>& tickets,
                       const std::vector<std::string>& until);

}  // namespace yishi::cli
