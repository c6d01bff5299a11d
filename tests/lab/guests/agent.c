// The agent: it says that it shares the clipboard, hears what the host has copied, pastes that, and copies texts of its
// own, when it is told so over the serial line. SPICE's spice/vd_agent.h; QEMU's side is ui/vdagent.c.
//
//   state N      answers "ready N" once the host knows the agent, else "waiting N"
//   copy TEXT    copies a text
//   fill N       copies N bytes of text
//   paste        asks for the host's text: "pasted N HASH", and "text …" where it is short
//
// By itself it says "grabbed" when the host has copied a text, "emptied" when it has copied no text, "released" when it
// has nothing any more, and "given" when it has fetched the guest's text.

#include "guest.h"

enum {
    PROTOCOL = 1, CLIENT_PORT = 1, CHUNK = 2048,
    CLIPBOARD = 4, ANNOUNCE = 6, GRAB = 7, REQUEST = 8, RELEASE = 9,
    BY_DEMAND = 1 << 5, SELECTION = 1 << 6,
    UTF8_TEXT = 1,
    TEXT_MAX = 2 << 20, SHORT = 200,
};

struct __attribute__((packed)) chunk {
    uint32_t port, size;
};

struct __attribute__((packed)) message {
    uint32_t protocol, type;
    uint64_t opaque;
    uint32_t size;
};

// What stands before each thing that is said about a clipboard: which one.
enum { WHICH = 4 };

static const char PATTERN[] = "Gr\303\274\303\237e, \346\227\245\346\234\254\350\252\236 ";

static bool is_ready;
static struct chunk incoming_chunk;
static size_t incoming_head; // of the chunk
static size_t incoming_left; // of the chunk
static uint8_t incoming[TEXT_MAX + 64];
static size_t incoming_length;
static uint8_t outgoing[TEXT_MAX + 64];
static uint8_t own[TEXT_MAX];
static size_t own_length;

static void send(uint32_t type, const void *body, size_t body_length, const void *text, size_t text_length) {
    struct message message = {PROTOCOL, type, 0, body_length + text_length};
    memcpy(outgoing, &message, sizeof message);
    memcpy(outgoing + sizeof message, body, body_length);
    memcpy(outgoing + sizeof message + body_length, text, text_length);
    size_t length = sizeof message + message.size;
    for (size_t at = 0; at < length; at += CHUNK) {
        static uint8_t piece[sizeof(struct chunk) + CHUNK];
        size_t size = length - at < CHUNK ? length - at : CHUNK;
        struct chunk chunk = {CLIENT_PORT, size};
        memcpy(piece, &chunk, sizeof chunk);
        memcpy(piece + sizeof chunk, outgoing + at, size);
        channel_send(piece, sizeof chunk + size);
    }
}

static void announce(void) {
    const uint32_t body[] = {0, BY_DEMAND | SELECTION};
    send(ANNOUNCE, body, sizeof body, NULL, 0);
    is_ready = true;
}

// Says something about the clipboard: of which kind the text is, or which one is wanted.
static void send_kind(uint32_t type, const void *text, size_t length) {
    const uint32_t body[] = {0, UTF8_TEXT};
    send(type, body, sizeof body, text, length);
}

// FNV-1a.
static uint32_t hash(const uint8_t *bytes, size_t length) {
    uint32_t value = 2166136261u;
    for (; length > 0; length--, bytes++) {
        value = (value ^ *bytes) * 16777619u;
    }
    return value;
}

static void pasted(const uint8_t *text, size_t length) {
    machine_say("pasted ");
    machine_say_number(length);
    machine_say(" ");
    machine_say_number(hash(text, length));
    machine_say("\n");
    if (length <= SHORT) {
        machine_say("text ");
        machine_say_bytes(text, length);
        machine_say("\n");
    }
}

static void hear(uint32_t type, const uint8_t *body, size_t length) {
    switch (type) {
    case ANNOUNCE:
        announce();
        break;
    case GRAB:
        machine_say(length > WHICH ? "grabbed\n" : "emptied\n");
        break;
    case RELEASE:
        machine_say("released\n");
        break;
    case REQUEST:
        send_kind(CLIPBOARD, own, own_length);
        machine_say("given\n");
        break;
    case CLIPBOARD:
        if (length >= WHICH + 4) {
            pasted(body + WHICH + 4, length - WHICH - 4);
        }
        break;
    default:
        break;
    }
}

// Takes a chunk's bytes; a message is whole when as many have come as its head says.
static void gather(const uint8_t *bytes, size_t length) {
    if (incoming_length + length > sizeof incoming) {
        machine_say("too long\n");
        incoming_length = 0;
        return;
    }
    memcpy(incoming + incoming_length, bytes, length);
    incoming_length += length;
    struct message message;
    memcpy(&message, incoming, sizeof message);
    if (incoming_length >= sizeof message && incoming_length >= sizeof message + message.size) {
        incoming_length = 0;
        hear(message.type, incoming + sizeof message, message.size);
    }
}

static void take(const uint8_t *bytes, size_t length) {
    while (length > 0) {
        if (incoming_head < sizeof incoming_chunk) {
            ((uint8_t *)&incoming_chunk)[incoming_head++] = *bytes++;
            length--;
            incoming_left = incoming_chunk.size;
            continue;
        }
        size_t part = length < incoming_left ? length : incoming_left;
        gather(bytes, part);
        bytes += part;
        length -= part;
        incoming_left -= part;
        if (incoming_left == 0) {
            incoming_head = 0;
        }
    }
}

static void copy(const void *text, size_t length) {
    memcpy(own, text, length);
    own_length = length;
    send_kind(GRAB, NULL, 0);
}

// Whole patterns, and dots behind them.
static void fill(const char *digits) {
    size_t length = 0;
    for (; *digits >= '0' && *digits <= '9'; digits++) {
        length = length * 10 + (size_t)(*digits - '0');
    }
    length = length < TEXT_MAX ? length : TEXT_MAX;
    const size_t step = sizeof PATTERN - 1;
    memset(own, '.', length);
    for (size_t at = 0; at + step <= length; at += step) {
        memcpy(own + at, PATTERN, step);
    }
    own_length = length;
    send_kind(GRAB, NULL, 0);
}

static bool begins(const char *line, const char *word) { return memcmp(line, word, strlen(word)) == 0; }

static void obey(const char *line) {
    if (begins(line, "state")) {
        machine_say(is_ready ? "ready" : "waiting");
        machine_say(line + 5);
        machine_say("\n");
    } else if (begins(line, "copy ")) {
        copy(line + 5, strlen(line + 5));
    } else if (begins(line, "fill ")) {
        fill(line + 5);
    } else if (begins(line, "paste")) {
        send_kind(REQUEST, NULL, 0);
    } else {
        machine_say("what?\n");
    }
}

void guest_run(void) {
    machine_say("A guest with an agent.\n");
    if (!channel_find()) {
        machine_say("no channel\n");
    }
    for (;;) {
        const char *line = machine_line();
        if (line != NULL) {
            obey(line);
        }
        if (!channel_poll(take) && line == NULL) {
            machine_rest();
        }
    }
}
