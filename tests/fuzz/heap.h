// How much of the heap is in use: the sanitizer's count where it has its own allocator.
#pragma once

#include <malloc.h>

#include <cstddef>
#if defined(__SANITIZE_ADDRESS__)
// Of <sanitizer/allocator_interface.h>, which clang has and GCC has not.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace yishi::fuzz {

inline std::size_t live_heap_bytes() {
#if defined(__SANITIZE_ADDRESS__)
  return __sanitizer_get_current_allocated_bytes();
#else
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

}  // namespace yishi::fuzz
