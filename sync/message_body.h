// The body of each message as bytes: the part of message.cpp that knows the types.
// Their layout stands in message.h.
#pragma once

#include "sync/message.h"

namespace yishi::sync {

std::uint64_t type_number(const Message& message);  // 1 hello … 9 status
Bytes encode_body(const Message& message);          // asserts the limits
// Unknown type: rule "message.type"; all others "message.*" too.
Result<Message> decode_body(std::uint64_t type, View body);

}  // namespace yishi::sync
