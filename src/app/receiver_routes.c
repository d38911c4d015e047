/* Who answers what. */
#include "app/daemon_look.h"
#include "app/node.h"
#include "core/parcel.h"

#include "receiver_api.h"

static const struct listen_route routes[] = {
    {"POST", "/hooks/", PAYLOAD_MAX, false, receiver_hook, NULL},
    {"POST", "/v1/look", LOOK_BODY_MAX, true, receiver_look_again, NULL},
    {"POST", "/v1/gate", PARCEL_MAX, false, receiver_gate, NULL},
    {"POST", "/v1/gate/", PARCEL_MAX, false, receiver_gate, NULL},
    {"POST", NODE_APPEND, NODE_WISH_MAX, true, receiver_shared, NULL},
    {"POST", NODE_CATCH_UP, 0, true, receiver_shared, NULL},
    {"POST", NODE_STANDING, 0, true, receiver_shared, NULL},
    {"POST", NODE_CHECKPOINT, DATABASE_NOTE_MAX, true, receiver_shared, NULL},
    {"GET", "/healthz", 0, false, receiver_health, NULL},
    {"GET", "/metrics", 0, false, receiver_metrics, NULL},
    {"GET", "/", 0, false, receiver_page, NULL},
    {"GET", "/api/v1/", 0, false, receiver_read, NULL},
    {"GET", "/change/", 0, false, receiver_change, NULL},
};

size_t
receiver_routes(struct receiving *r, struct listen_route *out, size_t room)
{
	size_t count = sizeof(routes) / sizeof(routes[0]);

	for (size_t i = 0; i < count && i < room; i++) {
		out[i] = routes[i];
		out[i].ctx = r;
	}
	return count < room ? count : room;
}
