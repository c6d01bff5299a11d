/* TigerVNC's client library, what its viewer decodes with, as a client of benches/decode: SOCKET COUNT. */
#include <stdlib.h>
#include <sys/select.h>
#include <unistd.h>
#include <rdr/Exception.h>
#include <rdr/FdInStream.h>
#include <rdr/FdOutStream.h>
#include <rfb/CConnection.h>
#include <rfb/CSecurity.h>
#include <rfb/PixelBuffer.h>
#include <rfb/PixelFormat.h>
#include <rfb/SecurityClient.h>
#include <rfb/UserPasswdGetter.h>
#include "report.h"
#include "socket.h"

/* It makes a decoding thread for each processor. One is all that is compared. */
extern "C" long sysconf(int name) noexcept {
    if (name == _SC_NPROCESSORS_ONLN) return 1;
    if (name == _SC_PAGESIZE) return getpagesize();
    return -1;
}

/* Blue, green, red and one byte more, as all clients here ask for. */
static const rfb::PixelFormat format(32, 24, false, true, 255, 255, 255, 16, 8, 0);

/* Nobody asks, but it wants to know whom. */
class Nobody : public rfb::UserPasswdGetter {
    void getUserPasswd(bool, char **, char **) override {}
};

class Viewer : public rfb::CConnection {
public:
    bool rung = false;

    explicit Viewer(int descriptor) : in(descriptor), out(descriptor), descriptor(descriptor) {
        setShared(true);
        setStreams(&in, &out);
        initialiseProtocol();
    }

    /* As the viewer does it: everything that is there, then wait for more. */
    void run() {
        while (!rung) {
            out.flush();
            fd_set readable;
            FD_ZERO(&readable);
            FD_SET(descriptor, &readable);
            select(descriptor + 1, &readable, nullptr, nullptr, nullptr);
            while (!rung && processMsg()) {}
        }
    }

    uint64_t sum() {
        int stride;
        rfb::ModifiablePixelBuffer *picture = getFramebuffer();
        const uint8_t *pixels = picture->getBuffer(picture->getRect(), &stride);
        return colours(pixels, picture->width(), picture->height(), stride * 4);
    }

private:
    rdr::FdInStream in;
    rdr::FdOutStream out;
    int descriptor;

    void initDone() override {
        setPF(format);
        resizeFramebuffer();
    }
    void resizeFramebuffer() override {
        setFramebuffer(new rfb::ManagedPixelBuffer(format, server.width(), server.height()));
    }
    void bell() override { rung = true; }
    void setCursor(int, int, const rfb::Point &, const rdr::U8 *) override {}
    void setCursorPos(const rfb::Point &) override {}
    void setColourMapEntries(int, int, rdr::U16 *) override {}
};

int main(int count, char **words) {
    if (count < 3) return 2;
    Nobody nobody;
    rfb::CSecurity::upg = &nobody;
    rfb::SecurityClient::secTypes.setParam("None");
    for (int left = atoi(words[2]); left > 0; left--) {
        int64_t before = processor_time();
        int descriptor = open_socket(words[1]);
        Viewer viewer(descriptor);
        try {
            viewer.run();
        } catch (rdr::Exception &error) {
            fprintf(stderr, "%s\n", error.str());
            return 1;
        }
        int64_t time = processor_time() - before;
        report(time, viewer.sum());
        close(descriptor);
    }
    return 0;
}
