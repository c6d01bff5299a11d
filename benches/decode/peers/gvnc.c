/* libgvnc, the part of gtk-vnc below the widget, as a client of benches/decode: SOCKET COUNT. */
#include <stdlib.h>
#include <gvnc.h>
#include "report.h"
#include "socket.h"

static GMainLoop *loop;
static guint8 *pixels;
static int width, height;

static void choose_type(VncConnection *connection, GValueArray *types, gpointer data) {
    vnc_connection_set_auth_type(connection, VNC_CONNECTION_AUTH_NONE);
}

static void request(VncConnection *connection, gboolean incremental) {
    vnc_connection_framebuffer_update_request(connection, incremental, 0, 0, width, height);
}

/* As VncDisplay does it: encodings, a picture in the server's own format, the first request. */
static void initialized(VncConnection *connection, gpointer data) {
    gint32 encodings[] = {VNC_CONNECTION_ENCODING_TIGHT, VNC_CONNECTION_ENCODING_ZRLE, VNC_CONNECTION_ENCODING_HEXTILE,
                          VNC_CONNECTION_ENCODING_RAW};
    const VncPixelFormat *format = vnc_connection_get_pixel_format(connection);
    vnc_connection_set_encodings(connection, G_N_ELEMENTS(encodings), encodings);
    width = vnc_connection_get_width(connection);
    height = vnc_connection_get_height(connection);
    pixels = g_malloc0((gsize)width * height * 4);
    VncBaseFramebuffer *framebuffer = vnc_base_framebuffer_new(pixels, width, height, width * 4, format, format);
    vnc_connection_set_framebuffer(connection, VNC_FRAMEBUFFER(framebuffer));
    g_object_unref(framebuffer);
    request(connection, FALSE);
}

static void updated(VncConnection *connection, int x, int y, int w, int h, gpointer data) { request(connection, TRUE); }

static void bell(VncConnection *connection, gpointer data) { g_main_loop_quit(loop); }

static void failed(VncConnection *connection, const char *message, gpointer data) {
    fprintf(stderr, "%s\n", message);
    exit(1);
}

int main(int count, char **words) {
    if (count < 3) return 2;
    loop = g_main_loop_new(NULL, FALSE);
    for (int left = atoi(words[2]); left > 0; left--) {
        int64_t before = processor_time();
        VncConnection *connection = vnc_connection_new();
        g_signal_connect(connection, "vnc-auth-choose-type", G_CALLBACK(choose_type), NULL);
        g_signal_connect(connection, "vnc-initialized", G_CALLBACK(initialized), NULL);
        g_signal_connect(connection, "vnc-framebuffer-update", G_CALLBACK(updated), NULL);
        g_signal_connect(connection, "vnc-bell", G_CALLBACK(bell), NULL);
        g_signal_connect(connection, "vnc-error", G_CALLBACK(failed), NULL);
        vnc_connection_set_shared(connection, TRUE);
        vnc_connection_open_fd(connection, open_socket(words[1]));
        g_main_loop_run(loop);
        int64_t time = processor_time() - before;
        report(time, colours(pixels, width, height, width * 4));
        g_signal_handlers_disconnect_by_func(connection, failed, NULL);
        vnc_connection_shutdown(connection);
        g_object_unref(connection);
        g_free(pixels);
    }
    return 0;
}
