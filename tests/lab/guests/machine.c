// The bare machine: how the guest is entered, a timer to sleep by, the serial line, and a screen to look at.
// Entered as a Multiboot kernel: 32 bits, no paging, interrupts off, the firmware's text screen.

#include "guest.h"

enum { COM1 = 0x3f8, PICTURE = 0xb8000, COLUMNS = 80, ROWS = 25, LINE_MAX = 4096 };

__asm__(".section .multiboot, \"a\"\n"
        ".align 4\n"
        ".long 0x1badb002, 0, -0x1badb002\n" // Multiboot 1, nothing asked for
        ".text\n"
        ".globl start\n"
        "start:\n"
        "    mov $stack_end, %esp\n"
        "    lgdt gdt_place\n"
        "    ljmp $8, $1f\n"
        "1:  mov $16, %ax\n"
        "    mov %ax, %ds\n"
        "    mov %ax, %es\n"
        "    mov %ax, %ss\n"
        "    call machine_run\n"
        "tick:\n"
        "    push %eax\n"
        "    mov $0x20, %al\n" // end of interrupt
        "    out %al, $0x20\n"
        "    pop %eax\n"
        "    iret\n"
        ".section .rodata\n"
        ".align 8\n"
        "gdt: .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff\n" // code and data, 4 GiB each
        "gdt_place: .word . - gdt - 1\n"
        "    .long gdt\n"
        ".bss\n"
        ".align 16\n"
        ".skip 16384\n"
        "stack_end:\n"
        ".text\n");

void start(void);
void tick(void);
void machine_run(void);

struct __attribute__((packed)) gate {
    uint16_t low, selector, kind, high;
};

struct __attribute__((packed)) place {
    uint16_t limit;
    uint32_t base;
};

static struct gate gates[33];
static char line[LINE_MAX + 1];
static size_t line_length;
static unsigned row;
static unsigned column;

void *memcpy(void *to, const void *from, size_t length) {
    void *end = to;
    __asm__ volatile("rep movsb" : "+D"(end), "+S"(from), "+c"(length)::"memory");
    return to;
}

void *memset(void *to, int byte, size_t length) {
    void *end = to;
    __asm__ volatile("rep stosb" : "+D"(end), "+c"(length) : "a"(byte) : "memory");
    return to;
}

int memcmp(const void *one, const void *other, size_t length) {
    const uint8_t *a = one, *b = other;
    for (; length > 0; length--, a++, b++) {
        if (*a != *b) {
            return *a - *b;
        }
    }
    return 0;
}

size_t strlen(const char *text) {
    size_t length = 0;
    while (text[length] != 0) {
        length++;
    }
    return length;
}

// Lets the timer, and nothing else, interrupt: 200 times a second.
static void start_timer(void) {
    uint32_t entry = (uint32_t)tick;
    gates[32] = (struct gate){entry & 0xffff, 8, 0x8e00, entry >> 16};
    struct place place = {sizeof gates - 1, (uint32_t)gates};
    __asm__ volatile("lidt %0" ::"m"(place));
    static const uint8_t pic[][2] = {
        {0x20, 0x11}, {0x21, 32},   {0x21, 4},   {0x21, 1},   {0xa0, 0x11},
        {0xa1, 40},   {0xa1, 2},    {0xa1, 1},   {0x21, 0xfe}, {0xa1, 0xff},
    };
    for (size_t i = 0; i < sizeof pic / sizeof pic[0]; i++) {
        out8(pic[i][0], pic[i][1]);
    }
    const uint16_t divisor = 1193182 / 200;
    out8(0x43, 0x34);
    out8(0x40, divisor & 0xff);
    out8(0x40, divisor >> 8);
    __asm__ volatile("sti");
}

static void start_line(void) {
    static const uint8_t uart[][2] = {{1, 0}, {3, 0x80}, {0, 1}, {1, 0}, {3, 3}, {2, 7}};
    for (size_t i = 0; i < sizeof uart / sizeof uart[0]; i++) {
        out8(COM1 + uart[i][0], uart[i][1]);
    }
}

uint32_t machine_pci(unsigned device, unsigned offset) {
    out32(0xcf8, 0x80000000u | device << 11 | offset);
    return in32(0xcfc);
}

void machine_rest(void) { __asm__ volatile("hlt"); }

static volatile uint16_t *cell(unsigned at_row, unsigned at_column) {
    return (volatile uint16_t *)PICTURE + at_row * COLUMNS + at_column;
}

static void scroll(void) {
    for (unsigned i = 0; i < (ROWS - 1) * COLUMNS; i++) {
        *cell(0, i) = *cell(1, i);
    }
    for (unsigned i = 0; i < COLUMNS; i++) {
        *cell(ROWS - 1, i) = 0x0720;
    }
}

// Shows a byte; what the firmware's font cannot show is a dot.
static void show(uint8_t byte) {
    if (byte == '\n' || column == COLUMNS) {
        column = 0;
        if (row == ROWS - 1) {
            scroll();
        } else {
            row++;
        }
    }
    if (byte != '\n') {
        *cell(row, column++) = 0x0700 | (byte >= 32 && byte < 127 ? byte : 0xfa);
    }
}

void machine_say_bytes(const void *bytes, size_t length) {
    const uint8_t *next = bytes;
    for (; length > 0; length--, next++) {
        while ((in8(COM1 + 5) & 0x20) == 0) {
        }
        out8(COM1, *next);
        show(*next);
    }
}

void machine_say(const char *text) { machine_say_bytes(text, strlen(text)); }

void machine_say_number(uint32_t number) {
    char digits[10];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    machine_say_bytes(digits + at, sizeof digits - at);
}

const char *machine_line(void) {
    while ((in8(COM1 + 5) & 1) != 0) {
        char byte = (char)in8(COM1);
        if (byte == '\n') {
            line[line_length] = 0;
            line_length = 0;
            return line;
        }
        if (line_length < LINE_MAX) {
            line[line_length++] = byte;
        }
    }
    return NULL;
}

void machine_run(void) {
    for (unsigned i = 0; i < ROWS * COLUMNS; i++) {
        *cell(0, i) = 0x0720;
    }
    start_line();
    start_timer();
    guest_run();
}
