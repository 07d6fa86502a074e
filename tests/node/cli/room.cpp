// The API tests' room, for this program too.
#include "../http/room.cpp"
