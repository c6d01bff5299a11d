// The port "com.redhat.spice.0" of a virtio-serial device, as the host's libvirt makes it for QEMU's vdagent.
// Virtio 1.1, "5.3 Console Device" and "4.1.4.8 Legacy Interfaces" (PCI); without interrupts, it is looked at.

#include "guest.h"

enum {
    // The legacy registers behind the first base address.
    HOST_FEATURES = 0, GUEST_FEATURES = 4, QUEUE_PAGE = 8, QUEUE_SIZE = 12, QUEUE_SELECT = 14, QUEUE_NOTIFY = 16,
    STATUS = 18,
    ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4,
    MULTIPORT = 1 << 1,
    // What is said about ports.
    DEVICE_READY = 0, PORT_ADD = 1, PORT_READY = 3, PORT_OPEN = 6, PORT_NAME = 7,
    // libvirt counts ports from 1: the queues of this one, behind those of port 0 and those about ports.
    PORT = 1, CONTROL_IN = 2, CONTROL_OUT = 3, PORT_IN = 4, PORT_OUT = 5,
    // A legacy queue is as long as the device says; this is QEMU's longest, and the pages that it takes.
    QUEUE_MAX = 1024, QUEUE_PAGES = 8,
    BUFFERS = 8, BUFFER = 4096,
};

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

enum { HOST_WRITES = 2 };

struct used {
    uint32_t id, length;
};

struct queue {
    uint16_t number, size, seen;
    volatile struct descriptor *descriptors;
    volatile uint16_t *available; // flags, index, entries
    volatile uint16_t *used;      // flags, index, struct used…
    uint8_t (*buffers)[BUFFER];
};

struct control {
    uint32_t port;
    uint16_t event, value;
};

static const char NAME[] = "com.redhat.spice.0";

static uint16_t registers;
static bool is_open;
static uint8_t memory[4][QUEUE_PAGES * 4096] __attribute__((aligned(4096)));
static uint8_t control_buffers[BUFFERS][BUFFER], port_buffers[BUFFERS][BUFFER];
static struct queue control_in = {.number = CONTROL_IN, .buffers = control_buffers};
static struct queue port_in = {.number = PORT_IN, .buffers = port_buffers};
static struct queue control_out = {.number = CONTROL_OUT}, port_out = {.number = PORT_OUT};

// The device's registers, once it may reach the memory; 0 where there is none.
static uint16_t find_registers(void) {
    for (unsigned device = 0; device < 32; device++) {
        if (machine_pci(device, 0) == 0x10031af4) {
            uint32_t command = machine_pci(device, 4) | 5; // ports, bus master
            out32(0xcfc, command);
            return machine_pci(device, 0x10) & 0xfffc;
        }
    }
    return 0;
}

static bool start_queue(struct queue *queue, uint8_t *place) {
    out16(registers + QUEUE_SELECT, queue->number);
    queue->size = in16(registers + QUEUE_SIZE);
    if (queue->size == 0 || queue->size > QUEUE_MAX) {
        return false;
    }
    queue->descriptors = (void *)place;
    queue->available = (void *)(place + sizeof(struct descriptor) * queue->size);
    uint32_t behind = (uint32_t)queue->available + sizeof(uint16_t) * (3 + queue->size);
    queue->used = (void *)((behind + 4095) & ~4095u);
    queue->available[0] = 1; // no interrupts
    out32(registers + QUEUE_PAGE, (uint32_t)place / 4096);
    return true;
}

// Gives the host a buffer, to read or to fill.
static void give(struct queue *queue, uint16_t index, const void *bytes, size_t length, uint16_t flags) {
    volatile struct descriptor *descriptor = &queue->descriptors[index];
    descriptor->address = (uint32_t)bytes;
    descriptor->length = length;
    descriptor->flags = flags;
    queue->available[2 + queue->available[1] % queue->size] = index;
    __sync_synchronize();
    queue->available[1]++;
    __sync_synchronize();
    out16(registers + QUEUE_NOTIFY, queue->number);
}

// The next buffer that the host is done with.
static bool next_used(struct queue *queue, struct used *used) {
    __sync_synchronize();
    if (queue->used[1] == queue->seen) {
        return false;
    }
    *used = ((struct used *)(queue->used + 2))[queue->seen % queue->size];
    queue->seen++;
    return true;
}

static void send_over(struct queue *queue, const void *bytes, size_t length) {
    struct used used;
    give(queue, 0, bytes, length, 0);
    while (!next_used(queue, &used)) {
    }
}

static void tell(uint32_t port, uint16_t event, uint16_t value) {
    struct control control = {port, event, value};
    send_over(&control_out, &control, sizeof control);
}

bool channel_find(void) {
    registers = find_registers();
    if (registers == 0) {
        return false;
    }
    out8(registers + STATUS, 0);
    out8(registers + STATUS, ACKNOWLEDGE | DRIVER);
    out32(registers + GUEST_FEATURES, in32(registers + HOST_FEATURES) & MULTIPORT);
    struct queue *queues[] = {&control_in, &control_out, &port_in, &port_out};
    for (unsigned i = 0; i < 4; i++) {
        if (!start_queue(queues[i], memory[i])) {
            return false;
        }
    }
    out8(registers + STATUS, ACKNOWLEDGE | DRIVER | DRIVER_OK);
    for (uint16_t i = 0; i < BUFFERS; i++) {
        give(&control_in, i, control_buffers[i], BUFFER, HOST_WRITES);
        give(&port_in, i, port_buffers[i], BUFFER, HOST_WRITES);
    }
    tell(0, DEVICE_READY, 1);
    return true;
}

// Hears what the host says about a port: that it is there, and what it is called.
static void hear(const uint8_t *bytes, size_t length) {
    struct control control;
    memcpy(&control, bytes, sizeof control);
    if (control.port != PORT) {
        return;
    }
    const size_t name = sizeof control;
    if (control.event == PORT_ADD) {
        tell(PORT, PORT_READY, 1);
    } else if (control.event == PORT_NAME && length >= name + strlen(NAME) &&
               memcmp(bytes + name, NAME, strlen(NAME)) == 0) {
        is_open = true;
        tell(PORT, PORT_OPEN, 1);
    }
}

bool channel_poll(void (*take)(const uint8_t *bytes, size_t length)) {
    struct used used;
    bool came = false;
    while (registers != 0 && next_used(&control_in, &used)) {
        came = true;
        hear(control_buffers[used.id], used.length);
        give(&control_in, used.id, control_buffers[used.id], BUFFER, HOST_WRITES);
    }
    while (is_open && next_used(&port_in, &used)) {
        came = true;
        take(port_buffers[used.id], used.length);
        give(&port_in, used.id, port_buffers[used.id], BUFFER, HOST_WRITES);
    }
    return came;
}

void channel_send(const void *bytes, size_t length) {
    if (is_open) {
        send_over(&port_out, bytes, length);
    }
}
