// Money and time as they stand in JSON.
//
// Money: exact, in fen inside, in yuan outside. "2,200,000.50", "￥2200000.5", "22万" is not
// taken. Time: milliseconds since 1970 UTC inside; RFC 3339 with +08:00 outside.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yishi::http {

std::optional<std::int64_t> parse_yuan(std::string_view text);  // at most kMaxBudgetFen, ≥ 0
std::optional<std::int64_t> yuan_to_fen(double yuan);           // nullopt: more than two decimals
std::string yuan_text(std::int64_t fen);                        // "2200000.50"

// "2026-11-21T14:30:00+08:00"; 0 gives an empty text.
std::string rfc3339(std::uint64_t ms);
// RFC 3339; "2026-11-21 14:30" in China Standard Time; "2026-11-21": the last second of
// that day there.
std::optional<std::uint64_t> parse_moment(std::string_view text);

std::uint64_t now_ms();  // wall clock

}  // namespace yishi::http
