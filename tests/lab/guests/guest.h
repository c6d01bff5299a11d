// What the files of a guest know of each other: the machine (machine.c), what the guest is there for (agent.c, monitor.c),
// and of the agent the channel to the host (channel.c). ../kernel.rs builds them, as one Multiboot kernel.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// --- machine.c ---

static inline uint8_t in8(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint16_t in16(uint16_t port) {
    uint16_t value;
    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint32_t in32(uint16_t port) {
    uint32_t value;
    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void out8(uint16_t port, uint8_t value) {
    __asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port));
}

static inline void out16(uint16_t port, uint16_t value) {
    __asm__ volatile("outw %0, %1" ::"a"(value), "Nd"(port));
}

static inline void out32(uint16_t port, uint32_t value) {
    __asm__ volatile("outl %0, %1" ::"a"(value), "Nd"(port));
}

void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int byte, size_t length);
int memcmp(const void *one, const void *other, size_t length);
size_t strlen(const char *text);

// Sleeps until the next tick of the timer, 5 ms apart.
void machine_rest(void);

// Writes to the serial line and to the screen.
void machine_say(const char *text);
void machine_say_bytes(const void *bytes, size_t length);
void machine_say_number(uint32_t number);

// The next line that came over the serial line, without its end; NULL while it is not whole.
const char *machine_line(void);

// Reads 32 bits of what a device of the first bus says of itself.
uint32_t machine_pci(unsigned device, unsigned offset);

// --- channel.c ---

// Looks for the port and gets it ready; false where the machine has none.
bool channel_find(void);

// Answers the host, and hands over what came; true when something did.
bool channel_poll(void (*take)(const uint8_t *bytes, size_t length));

// Sends bytes, and waits until the host has them.
void channel_send(const void *bytes, size_t length);

// --- agent.c, monitor.c ---

// Does what the guest is there for, for ever.
void guest_run(void);
