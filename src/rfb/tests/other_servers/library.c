// A VNC server by libvncserver: a picture in memory, in a file that somebody else draws into. It is told what has been done
// there, line by line, and says what its viewers do. What it serves is on 127.0.0.1 only.
//
// library PORT FILE WIDTH HEIGHT

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rfb/rfb.h>

enum { LINE_MAX_BYTES = 4096, TURN = 5000 /* microseconds */ };

static int file;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// The file's bytes as a picture: red, green, blue and one that means nothing.
static char *map(int width, int height) {
    size_t length = (size_t)width * height * 4;
    if (ftruncate(file, length) < 0) {
        fail("ftruncate");
    }
    char *bytes = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (bytes == MAP_FAILED) {
        fail("mmap");
    }
    return bytes;
}

static void key(rfbBool down, rfbKeySym symbol, rfbClientPtr client) {
    (void)client;
    printf("key %u %d\n", (unsigned)symbol, down ? 1 : 0);
}

static void pointer(int buttons, int x, int y, rfbClientPtr client) {
    printf("pointer %d %d %d\n", buttons, x, y);
    rfbDefaultPtrAddEvent(buttons, x, y, client);
}

static void text(char *bytes, int length, rfbClientPtr client) {
    (void)client;
    printf("latin1 %.*s\n", length, bytes);
}

static void text_in_utf8(char *bytes, int length, rfbClientPtr client) {
    (void)client;
    printf("text %.*s\n", (int)strnlen(bytes, length), bytes);
}

static int resize(int width, int height, int count, struct rfbExtDesktopScreen *screens, rfbClientPtr client) {
    (void)count, (void)screens;
    rfbNewFramebuffer(client->screen, map(width, height), width, height, 8, 3, 4);
    printf("size %d %d\n", width, height);
    return rfbExtDesktopSize_Success;
}

// Does what a line says.
static void obey(rfbScreenInfoPtr screen, char *line) {
    int rows;
    if (strcmp(line, "drawn") == 0) {
        rfbMarkRectAsModified(screen, 0, 0, screen->width, screen->height);
    } else if (sscanf(line, "up %d", &rows) == 1) {
        rfbDoCopyRect(screen, 0, 0, screen->width, screen->height - rows, 0, -rows);
    } else if (strncmp(line, "copy ", 5) == 0) {
        char unknown[] = "?";
        rfbSendServerCutTextUTF8(screen, line + 5, strlen(line + 5), unknown, 1);
    } else {
        fprintf(stderr, "%s?\n", line);
        exit(1);
    }
}

// Does what has been said until now; the end of it is the end.
static void listen_to_orders(rfbScreenInfoPtr screen) {
    static char line[LINE_MAX_BYTES];
    static size_t length;
    struct pollfd input = {.fd = 0, .events = POLLIN};
    while (poll(&input, 1, 0) > 0) {
        if (read(0, line + length, 1) != 1 || length + 1 == sizeof line) {
            exit(0);
        }
        if (line[length] == '\n') {
            line[length] = 0;
            length = 0;
            obey(screen, line);
        } else {
            length++;
        }
    }
}

int main(int count, char **words) {
    if (count != 5) {
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    int width = atoi(words[3]), height = atoi(words[4]);
    file = open(words[2], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        fail(words[2]);
    }
    int none = 0;
    rfbScreenInfoPtr screen = rfbGetScreen(&none, NULL, width, height, 8, 3, 4);
    if (screen == NULL) {
        return 1;
    }
    screen->frameBuffer = map(width, height);
    screen->listenInterface = htonl(INADDR_LOOPBACK);
    screen->port = atoi(words[1]);
    screen->ipv6port = -1;
    screen->alwaysShared = TRUE;
    screen->cursor = NULL;
    screen->kbdAddEvent = key;
    screen->ptrAddEvent = pointer;
    screen->setXCutText = text;
    screen->setXCutTextUTF8 = text_in_utf8;
    screen->setDesktopSizeHook = resize;
    rfbInitServer(screen);
    for (;;) {
        rfbProcessEvents(screen, TURN);
        listen_to_orders(screen);
    }
}
