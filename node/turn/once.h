// A command that its asker named by a key, so that asking again does nothing anew.
#pragma once

#include "crypto/digest.h"
#include "crypto/result.h"
#include "node/turn/command.h"

namespace yishi::turn {

// What a command led to, for the store (answered.h); version byte first.
Bytes encode_done(const Done& done);
Result<Done> decode_done(View bytes);

}  // namespace yishi::turn
