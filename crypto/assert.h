// YISHI_ASSERT: what must be true unless we have a bug. Stays on in release
// builds: a node that is wrong about itself must stop before it writes.
#pragma once

#include <cstdio>
#include <cstdlib>

#define YISHI_ASSERT(condition)                                                              \
  do {                                                                                       \
    if (!(condition)) {                                                                      \
      std::fprintf(stderr, "%s:%d: assertion failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)
