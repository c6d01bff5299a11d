/* libvncclient as a client of benches/decode: SOCKET COUNT. */
#include <stdlib.h>
#include <string.h>
#include <rfb/rfbclient.h>
#include "report.h"

static int rung;

static void bell(rfbClient *client) { rung = 1; }

static void silent(const char *format, ...) {}

static rfbClient *connect_to(const char *socket) {
    rfbClient *client = rfbGetClient(8, 3, 4);
    client->format.redShift = 16;
    client->format.greenShift = 8;
    client->format.blueShift = 0;
    client->canHandleNewFBSize = TRUE;
    client->appData.encodingsString = "tight zrle hextile zlib raw copyrect";
    client->Bell = bell;
    client->serverHost = strdup(socket);
    client->serverPort = 0;
    if (!rfbInitClient(client, NULL, NULL)) exit(1);
    return client;
}

int main(int count, char **words) {
    if (count < 3) return 2;
    rfbClientLog = rfbClientErr = silent;
    for (int left = atoi(words[2]); left > 0; left--) {
        int64_t before = processor_time();
        rfbClient *client = connect_to(words[1]);
        for (rung = 0; !rung;)
            if (!HandleRFBServerMessage(client)) return 1;
        int64_t time = processor_time() - before;
        report(time, colours(client->frameBuffer, client->width, client->height, client->width * 4));
        free(client->frameBuffer);
        rfbClientCleanup(client);
    }
    return 0;
}
