// What of a node's status is shown in more than one place. For this folder only.
#pragma once

#include "node/http/json.h"
#include "node/store/logs.h"
#include "node/turn/board.h"

namespace yishi::http {

// The last good backup: when, how old (seconds), where; null: there was none.
Json backup_json(const std::string& directory);
// How much the level above has not confirmed yet: 已存本机 n 条待报, or 上级已收.
Json waiting_json(const store::Logs& logs, const turn::Snapshot& snapshot);

}  // namespace yishi::http
