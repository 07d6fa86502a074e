// What the handlers of accounts and sessions share. For this folder only.
#pragma once

#include "node/http/call.h"

namespace yishi::http {

// Their file does not open: then nobody can sign in. Rule "store.io".
Status need_accounts(Call& call);
// Letters, digits and . _ - of any script, without blanks. Rules "json.missing", "account.name".
Status check_account_name(const std::string& name);
// [{id, zh, en}]
Json roles_json(Roles roles);
// "roles": a list of ids, at least one. Rule "account.roles".
Result<Roles> read_roles(Form& form, const char* key);

}  // namespace yishi::http
