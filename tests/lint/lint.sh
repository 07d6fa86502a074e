#!/bin/sh
# Holds node/http/openapi.json against OpenAPI 3.1 with a public checker from npm, which is
# installed here when it is not. Without a registry in reach and without the checker it fails.
set -eu
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci --silent
exec node node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js ../../node/http/openapi.json
