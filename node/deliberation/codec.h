// Pieces that the codecs of bodies and issues share. Inside this folder only.
//
// The readers report into the Fields they are given and return an empty value on a fault.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/pack.h"
#include "node/deliberation/act.h"

namespace yishi::deliberation {

bool is_present(const Value& map, std::string_view key);
// Passes a fault found further inside on to the map's reader; true when there was one.
bool fail_with(Fields& in, std::string_view key, const std::optional<Error>& fault);

topology::Code read_code(Fields& in, std::string_view key);  // absent: the empty code
std::vector<topology::Code> read_codes(Fields& in, std::string_view key, std::size_t max);
std::vector<std::string> read_texts(Fields& in, std::string_view key, std::size_t max,
                                    std::size_t max_bytes);
std::vector<Figure> read_figures(Fields& in, std::string_view key);

void write_codes(Packer& out, const std::vector<topology::Code>& codes);
void write_texts(Packer& out, const std::vector<std::string>& texts);
void write_figures(Packer& out, const std::vector<Figure>& figures);

}  // namespace yishi::deliberation
