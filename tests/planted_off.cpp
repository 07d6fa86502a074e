// Compiled without YISHI_PLANTED whatever the build says, and never run: that it compiles
// shows that a program made without the option has no defect planted.
#include "crypto/planted.h"

static_assert(!yishi::planted(yishi::Defect::kSyncOff));
