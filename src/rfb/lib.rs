//! A VNC client engine: handshake, encodings, framebuffer and input, without sockets.
