// A guest that takes whatever size its host asks for, by virtio's display device, and fills it with single pixels, black and
// white in turn. Virtio 1.1, "4.1 Virtio Over PCI Bus" and "5.7 GPU Device"; without interrupts, it is looked at.

#include "guest.h"

enum {
    // A PCI device's own words for where its parts lie.
    DISPLAY_DEVICE = 0x10501af4, CAPABILITIES = 0x34, VENDOR_SPECIFIC = 9,
    COMMON = 1, NOTIFY = 2, DEVICE = 4,
    // The common part.
    DRIVER_WORD_SELECT = 8, DRIVER_WORD = 12, STATUS = 20, QUEUE_SELECT = 22, QUEUE_SIZE = 24, QUEUE_ENABLE = 28,
    QUEUE_NOTIFY = 30, QUEUE_DESCRIPTORS = 32, QUEUE_AVAILABLE = 40, QUEUE_USED = 48,
    ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8,
    // The display device's part, and its one kind of news.
    EVENTS = 0, EVENTS_CLEAR = 4, DISPLAY_CHANGED = 1,
    // Commands, and an answer.
    GET_DISPLAY_INFO = 0x100, CREATE_2D = 0x101, UNREF = 0x102, SET_SCANOUT = 0x103, FLUSH = 0x104, TRANSFER = 0x105,
    ATTACH_BACKING = 0x106, DISPLAY_INFO = 0x1101,
    BLUE_GREEN_RED = 2, // four bytes, the last one means nothing
    HOST_WRITES = 2, GOES_ON = 1, ENTRIES = 2, SCANOUTS = 16,
    // Where the picture lies, behind all else, and how much room it has there.
    PICTURE = 16 << 20, PICTURE_MAX = 40 << 20,
};

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

struct header {
    uint32_t kind, flags;
    uint64_t fence;
    uint32_t context, padding;
};

struct rect {
    uint32_t x, y, width, height;
};

struct screen {
    struct rect rect;
    uint32_t enabled, flags;
};

static volatile uint8_t *common, *doorbell, *device;
static volatile struct descriptor descriptors[ENTRIES] __attribute__((aligned(16)));
static volatile uint16_t available[2 + ENTRIES + 1] __attribute__((aligned(2)));
static volatile struct {
    uint16_t flags, index;
    struct {
        uint32_t id, length;
    } entries[ENTRIES];
} used __attribute__((aligned(4)));
static struct {
    struct header header;
    struct screen screens[SCANOUTS];
} answer;
static uint32_t resource, shown_width, shown_height;

static volatile uint16_t *half(volatile uint8_t *part, unsigned offset) { return (volatile uint16_t *)(part + offset); }

static volatile uint32_t *word(volatile uint8_t *part, unsigned offset) { return (volatile uint32_t *)(part + offset); }

// The memory of a base address register; the firmware puts all of it below 4 GiB.
static volatile uint8_t *base(unsigned slot, unsigned number) {
    return (volatile uint8_t *)(machine_pci(slot, 0x10 + 4 * number) & ~15u);
}

// Finds the parts of the display device in the machine's memory.
static bool find(void) {
    unsigned slot = 0;
    while (machine_pci(slot, 0) != DISPLAY_DEVICE) {
        if (++slot == 32) {
            return false;
        }
    }
    uint32_t command = machine_pci(slot, 4) | 6; // memory, bus master
    out32(0xcfc, command);
    uint32_t multiplier = 0;
    for (unsigned at = machine_pci(slot, CAPABILITIES) & 0xfc; at != 0;) {
        uint32_t head = machine_pci(slot, at);
        volatile uint8_t *part = base(slot, machine_pci(slot, at + 4) & 0xff) + machine_pci(slot, at + 8);
        switch ((head & 0xff) == VENDOR_SPECIFIC ? head >> 24 : 0) {
        case COMMON:
            common = part;
            break;
        case NOTIFY:
            doorbell = part;
            multiplier = machine_pci(slot, at + 16);
            break;
        case DEVICE:
            device = part;
            break;
        }
        at = head >> 8 & 0xfc;
    }
    if (common == NULL || doorbell == NULL || device == NULL) {
        return false;
    }
    *half(common, QUEUE_SELECT) = 0;
    doorbell += *half(common, QUEUE_NOTIFY) * multiplier;
    return true;
}

// Agrees on version 1 of the device's language and nothing more, and gives it the queue for commands.
static bool start(void) {
    common[STATUS] = 0;
    common[STATUS] = ACKNOWLEDGE | DRIVER;
    *word(common, DRIVER_WORD_SELECT) = 0;
    *word(common, DRIVER_WORD) = 0;
    *word(common, DRIVER_WORD_SELECT) = 1;
    *word(common, DRIVER_WORD) = 1;
    common[STATUS] = ACKNOWLEDGE | DRIVER | FEATURES_OK;
    if ((common[STATUS] & FEATURES_OK) == 0) {
        return false;
    }
    *half(common, QUEUE_SELECT) = 0;
    *half(common, QUEUE_SIZE) = ENTRIES;
    volatile void *places[] = {descriptors, available, &used};
    const unsigned registers[] = {QUEUE_DESCRIPTORS, QUEUE_AVAILABLE, QUEUE_USED};
    for (unsigned i = 0; i < 3; i++) {
        *word(common, registers[i]) = (uint32_t)places[i];
        *word(common, registers[i] + 4) = 0;
    }
    available[0] = 1; // no interrupts
    *half(common, QUEUE_ENABLE) = 1;
    common[STATUS] = ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK;
    return true;
}

// Gives a command, whose header comes first, and waits for the answer.
static void command(uint32_t kind, void *bytes, size_t length) {
    *(struct header *)bytes = (struct header){.kind = kind};
    descriptors[0] = (struct descriptor){(uint32_t)bytes, length, GOES_ON, 1};
    descriptors[1] = (struct descriptor){(uint32_t)&answer, sizeof answer, HOST_WRITES, 0};
    available[2 + available[1] % ENTRIES] = 0;
    __sync_synchronize();
    available[1]++;
    __sync_synchronize();
    *(volatile uint16_t *)doorbell = 0;
    while (used.index != available[1]) {
        __sync_synchronize();
    }
}

static void draw(uint32_t width, uint32_t height) {
    uint32_t *pixel = (uint32_t *)PICTURE;
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            *pixel++ = (x ^ y) & 1 ? 0 : 0xffffff;
        }
    }
}

// Shows a picture of another size, and forgets the one before.
static void fit(uint32_t width, uint32_t height) {
    const struct rect all = {0, 0, width, height};
    const uint32_t before = resource;
    resource = before == 1 ? 2 : 1;
    draw(width, height);
    struct {
        struct header header;
        uint32_t resource, format, width, height;
    } create = {.resource = resource, .format = BLUE_GREEN_RED, .width = width, .height = height};
    command(CREATE_2D, &create, sizeof create);
    struct {
        struct header header;
        uint32_t resource, count;
        uint64_t address;
        uint32_t length, padding;
    } attach = {.resource = resource, .count = 1, .address = PICTURE, .length = width * height * 4};
    command(ATTACH_BACKING, &attach, sizeof attach);
    struct {
        struct header header;
        struct rect rect;
        uint64_t offset;
        uint32_t resource, padding;
    } transfer = {.rect = all, .resource = resource};
    command(TRANSFER, &transfer, sizeof transfer);
    struct {
        struct header header;
        struct rect rect;
        uint32_t scanout, resource;
    } scanout = {.rect = all, .resource = resource};
    command(SET_SCANOUT, &scanout, sizeof scanout);
    struct {
        struct header header;
        struct rect rect;
        uint32_t resource, padding;
    } flush = {.rect = all, .resource = resource};
    command(FLUSH, &flush, sizeof flush);
    if (before != 0) {
        struct {
            struct header header;
            uint32_t resource, padding;
        } unref = {.resource = before};
        command(UNREF, &unref, sizeof unref);
    }
}

// Asks the host which size it wants, and takes it.
static void follow(void) {
    struct header ask;
    command(GET_DISPLAY_INFO, &ask, sizeof ask);
    const struct rect wanted = answer.screens[0].rect;
    bool is_other = wanted.width != shown_width || wanted.height != shown_height;
    bool fits = wanted.width > 0 && wanted.height > 0 && wanted.height < PICTURE_MAX / 4 / wanted.width;
    if (answer.header.kind == DISPLAY_INFO && answer.screens[0].enabled && is_other && fits) {
        fit(wanted.width, wanted.height);
        shown_width = wanted.width;
        shown_height = wanted.height;
    }
}

void guest_run(void) {
    machine_say("A guest with a display that takes any size.\n");
    if (!find() || !start()) {
        machine_say("no display\n");
        for (;;) {
            machine_rest();
        }
    }
    follow();
    for (;;) {
        machine_rest();
        if (*word(device, EVENTS) & DISPLAY_CHANGED) {
            *word(device, EVENTS_CLEAR) = DISPLAY_CHANGED;
            follow();
        }
    }
}
