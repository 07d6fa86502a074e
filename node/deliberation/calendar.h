// Days in China Standard Time (UTC+8, no summer time). Inside this folder only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace yishi::deliberation {

// The day a moment lies in; moments after kMaxTimeMs count as kMaxTimeMs.
std::chrono::sys_days china_day(std::uint64_t time_ms);
std::uint64_t end_of_day_ms(std::chrono::sys_days day);  // its last millisecond
std::string day_text(std::chrono::sys_days day);         // "2026-10-01"

}  // namespace yishi::deliberation
